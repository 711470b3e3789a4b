import type { TreeMap } from "@slipway/base";
import { kubeObject, type KubeClient } from "@slipway/kube";
import { clientOf, startCluster, type Cluster } from "@slipway/kube/testing";
import { NIM_RESOURCES } from "@slipway/serving";
import { printable, type CommandContext } from "@slipway/terminal";
import { fakeIo } from "@slipway/terminal/testing";
import { expect, test, vi } from "vitest";
import { waitUntilReady } from "./wait-until-ready.ts";

interface Waiting {
  readonly cluster: Cluster;
  /** What was told so far. */
  readonly lines: readonly string[];
  readonly done: Promise<unknown>;
  readonly stop: AbortController;
  readonly set: (status: TreeMap) => void;
  readonly told: (line: string) => Promise<void>;
}

const SERVICE = {
  apiVersion: "apps.nvidia.com/v1alpha1",
  kind: "NIMService",
  metadata: { name: "llm", namespace: "nim" },
  spec: {},
};

async function waiting(
  action: (waiting: Waiting) => Promise<void>,
  { tty = false, timeoutMs = 0 }: { readonly tty?: boolean; readonly timeoutMs?: number } = {},
): Promise<void> {
  const cluster = await startCluster({ resources: Object.values(NIM_RESOURCES), unsettled: ["Pod"] });
  const client: KubeClient & { close(): void } = await clientOf(cluster);
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const stop = new AbortController();
  const quiet = (): void => undefined;
  const context: Pick<CommandContext, "log" | "progress"> = {
    log: { mode: "plain", debug: quiet, info: say, warn: quiet, fail: quiet },
    progress: { show: (line) => say(`~ ${line}`), done: quiet },
  };
  try {
    const object = kubeObject(cluster.put(SERVICE), "the service");
    const io = fakeIo({ tty, signal: stop.signal });
    const done = waitUntilReady({ io, timer: undefined }, context, client, { object, timeoutMs });
    done.catch(quiet);
    await action({
      cluster,
      lines,
      done,
      stop,
      set: (status) => void cluster.put({ ...SERVICE, status }),
      told: async (line) => await vi.waitFor(() => expect(lines.at(-1)).toBe(line), 10_000),
    });
  } finally {
    stop.abort();
    client.close();
    await cluster.close();
  }
}

function notReady(message: string): TreeMap {
  return {
    state: "NotReady",
    conditions: [
      { type: "Ready", status: "False", reason: "NotReady", message },
      { type: "Failed", status: "False", reason: "Ready", message },
    ],
  };
}

const PULLING = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "llm-1", namespace: "nim", labels: { "app.kubernetes.io/instance": "llm" } },
  status: { containerStatuses: [{ name: "llm-ctr", state: { waiting: { reason: "ImagePullBackOff" } } }] },
};

test("each change is a line: the state, its message, what pods wait for; then it is ready", async () => {
  await waiting(async ({ cluster, lines, done, set, told }) => {
    await told("NIMService llm: waiting for the operator");
    set(notReady('deployment "llm" is not\n there'));
    await told('NIMService llm: NotReady; deployment "llm" is not there');
    cluster.put(PULLING);
    await told('NIMService llm: NotReady; deployment "llm" is not there; pod llm-1: ImagePullBackOff');
    cluster.put({
      ...PULLING,
      status: { containerStatuses: [{ state: { waiting: { reason: "ContainerCreating" } } }] },
    });
    await told('NIMService llm: NotReady; deployment "llm" is not there');
    set({ state: "Ready", conditions: [{ type: "Ready", status: "True", reason: "Ready", message: "" }] });
    expect(await done).toBe("DONE");
    expect(lines.slice(-2)).toEqual(["NIMService llm: Ready", 'NIMService "llm" is ready']);
  });
});

test("on a terminal it is one line that moves", async () => {
  await waiting(
    async ({ cluster, told, set, done }) => {
      await told("~ NIMService llm: waiting for the operator");
      const message = "0/3 nodes are available: 3 Insufficient \u001b[2Jnvidia.com/gpu.";
      const unschedulable = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
      cluster.put({ ...PULLING, status: { conditions: [unschedulable] } });
      await told(`~ NIMService llm: waiting for the operator; pod llm-1: Unschedulable: ${printable(message)}`);
      set({ state: "Ready" });
      expect(await done).toBe("DONE");
    },
    { tty: true },
  );
});

test("what failed says so, with the next step", async () => {
  await waiting(async ({ set, done, told }) => {
    await told("NIMService llm: waiting for the operator");
    const failed = { type: "Failed", status: "True", reason: "NIMCacheNotFound", message: "NIMCache x not found" };
    set({ state: "Failed", conditions: [failed] });
    await expect(done).rejects.toMatchObject({
      code: "ANSWER_IS_NO",
      message: 'NIMService "llm" failed: NIMCache x not found',
      hint: "Find out why: kubectl nim explain nimservice/llm -n nim",
    });
  });
});

test("time runs out with the same next step", async () => {
  await waiting(
    async ({ done }) => {
      await expect(done).rejects.toMatchObject({
        code: "TIMED_OUT",
        message: "NIMService nim/llm: waited 0.05 s for it to be ready",
        hint: "Find out why: kubectl nim explain nimservice/llm -n nim",
      });
    },
    { timeoutMs: 50 },
  );
});

test("who may not see pods waits without them; Ctrl-C ends it, and nothing is left open", async () => {
  await waiting(async ({ cluster, told, done, stop }) => {
    cluster.allow(({ resource }) => resource !== "pods");
    await told("NIMService llm: waiting for the operator");
    const reason = new Error("Ctrl-C");
    stop.abort(reason);
    await expect(done).rejects.toBe(reason);
    await vi.waitFor(() => expect(cluster.openWatches).toBe(0));
  });
});

test("what is deleted meanwhile is not waited for", async () => {
  await waiting(async ({ cluster, told, done }) => {
    await told("NIMService llm: waiting for the operator");
    cluster.remove("NIMService", "nim", "llm");
    await expect(done).rejects.toMatchObject({ code: "NOT_FOUND", message: 'NIMService "llm" was deleted meanwhile' });
  });
});
