import { valueAt } from "@slipway/base";
import { appendFile, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import {
  RESOURCES,
  configMapDocuments,
  inform,
  waitFor,
  type ConfigMapPlace,
  type KubeClient,
  type KubeObject,
} from "@slipway/kube";
import { clientOf } from "@slipway/kube/testing";
import { KWOK_RESOURCES, gpuNodes, jobStage, podLogs, podPort } from "@slipway/sim";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  eventually,
  sharedControlPlane,
  started,
  testCluster,
  testPrograms,
  type TestCluster,
} from "./control-plane.ts";

// What the small API server of the kube room imitates, on a real one: its kubelet is kwok's.
const programs = await testPrograms();

describe.skipIf(programs === undefined)("streams, informers and documents on a real API server", () => {
  let cluster: TestCluster;
  let client: KubeClient & { close(): void };
  let namespace: string;

  beforeAll(async () => {
    cluster = await started(sharedControlPlane());
    client = await clientOf(cluster.controlPlane);
    for (const node of gpuNodes({ count: 1, model: "h100", prefix: "kube-streams-test" }))
      await client.create(RESOURCES.nodes, node);
    namespace = await cluster.namespace();
    await cluster.kubectl(["run", "web", `--namespace=${namespace}`, "--image=nginx:1.29", "--port=80"]);
    const isReady = (pod: KubeObject | undefined): boolean => valueAt(pod, "status", "phase") === "Running";
    await waitFor(client, RESOURCES.pods, "web", isReady, { namespace, until: "to run", timeoutMs: 30_000 });
  });

  afterAll(() => client.close());

  async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return Buffer.concat(parts).toString();
  }

  test("a log is read, and followed", async () => {
    const file = join(cluster.controlPlane.directory, "kube-streams.log");
    // The format in which container runtimes write.
    const line = (said: string): string => `2026-01-02T03:04:05.000000000Z stdout F ${said}\n`;
    await writeFile(file, line("one") + line("two"));
    await client.create(KWOK_RESOURCES.logs, podLogs({ namespace, pod: "web", file }));
    const all = await eventually(async () => {
      const found = await text(client.logs("web", { namespace }));
      if (found === "") throw new Error("kwok does not know the log yet");
      return found;
    });
    expect(all).toContain("two\n");
    let seen = "";
    for await (const chunk of client.logs("web", { namespace, follow: true })) {
      seen += Buffer.from(chunk).toString();
      if (seen.endsWith("two\n")) await appendFile(file, line("three"));
      if (seen.includes("three")) break;
    }
    expect(seen).toContain("two\nthree\n");
  });

  test("a command runs with its input, its outputs and its exit status", async () => {
    async function* input(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("one, ");
      yield Buffer.from("two");
    }
    const run = async (command: readonly string[], stdin?: AsyncIterable<Uint8Array>): Promise<unknown> => {
      const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
      const exit = await client.exec("web", {
        namespace,
        command,
        stdin,
        timeoutMs: 60_000,
        onStdout: (chunk) => void out.push(chunk),
        onStderr: (chunk) => void err.push(chunk),
      });
      return [exit, Buffer.concat(out).toString(), Buffer.concat(err).toString()];
    };
    expect(await run(["sh", "-c", "echo out; echo err >&2"])).toEqual([0, "out\n", "err\n"]);
    expect(await run(["sh", "-c", "exit 3"])).toEqual([3, "", ""]);
    expect(await run(["cat"], input())).toEqual([0, "one, two", ""]);
    await expect(client.exec("none", { namespace, command: ["true"] })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("a port leads to the pod", async () => {
    const echo = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
    const port = portOf(echo.address());
    await client.create(KWOK_RESOURCES.portForwards, podPort({ namespace, pod: "web", port }));
    const forwarded = await client.portForward("web", { namespace, port: 80 });
    // kwok keeps a connection open whose pod is done: the end of the answer is known by its length.
    const talk = async (said: string): Promise<number> => {
      const socket = connect(forwarded.localPort, "127.0.0.1");
      socket.write(said);
      let length = 0;
      for await (const chunk of socket) {
        length += Buffer.from(chunk).length;
        if (length >= said.length) break;
      }
      if (length !== said.length) throw new Error(`${length} bytes came back`);
      return length;
    };
    await eventually(() => talk("first\n"));
    const large = `${"x".repeat(1_000_000)}\n`;
    expect(await Promise.all([talk("one\n"), talk(large), talk("two\n")])).toEqual([4, 1_000_001, 4]);
    await forwarded.close();
    echo.close();
    await expect(client.portForward("none", { namespace, port: 80 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("a Job is waited for, to its end and until it is gone", async () => {
    await client.create(KWOK_RESOURCES.stages, jobStage({ namespace, runsMs: 300, exitCode: 1 }));
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox:1.37.0" }] } };
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "waited", namespace } };
    await client.create(RESOURCES.jobs, { ...job, spec: { backoffLimit: 0, template } }, { fieldValidation: "Strict" });
    const wait = (
      until: string,
      predicate: (job: KubeObject | undefined) => boolean,
    ): Promise<KubeObject | undefined> =>
      waitFor(client, RESOURCES.jobs, "waited", predicate, { namespace, until, timeoutMs: 30_000 });
    const failed = await wait("to fail", (found) => valueAt(found, "status", "failed") === 1);
    expect(failed?.metadata.name).toBe("waited");
    await client.delete(RESOURCES.jobs, "waited", { namespace, propagation: "Foreground" });
    expect(await wait("to be gone", (found) => found === undefined)).toBeUndefined();
  });

  test("documents go into ConfigMaps and come back, as far as rights go", async () => {
    const clock = { now: () => new Date("2026-01-02T03:04:05Z") };
    const { signal } = new AbortController();
    const documents = configMapDocuments(() => Promise.resolve(client), clock);
    const place: ConfigMapPlace = { namespace, name: "aicr-snapshot" };
    await documents.write(place, "kind: Snapshot\n", { kind: "Snapshot", format: "yaml", version: "1.2.3" }, signal);
    await documents.write(place, '{"kind":"Snapshot"}', { kind: "Snapshot", format: "json" }, signal);
    expect(await documents.read(place, signal)).toEqual({ text: '{"kind":"Snapshot"}', format: "json" });
    const { data } = await client.get(RESOURCES.configMaps, place.name, { namespace });
    expect(data).toEqual({ "snapshot.json": '{"kind":"Snapshot"}', format: "json", timestamp: "2026-01-02T03:04:05Z" });
    const missing = documents.read({ namespace, name: "aicr-snapshots" }, signal);
    await expect(missing).rejects.toMatchObject({ code: "NOT_FOUND", hint: 'Did you mean "aicr-snapshot"?' });
    const nowhere = documents.write(
      { namespace: "nowhere-at-all", name: "x" },
      "a",
      { kind: "Recipe", format: "yaml" },
      signal,
    );
    await expect(nowhere).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "the namespace nowhere-at-all does not exist",
    });
    const kubeconfig = await cluster.controlPlane.kubeconfigFor({ user: "jane" });
    const jane = configMapDocuments(() => clientOf({ kubeconfig }), clock);
    await expect(jane.read(place, signal)).rejects.toMatchObject({
      code: "NOT_ALLOWED",
      message: `you may not get configmaps in the namespace ${namespace}`,
    });
    await expect(jane.write(place, "a", { kind: "Recipe", format: "yaml" }, signal)).rejects.toMatchObject({
      code: "NOT_ALLOWED",
      hint: `Check with: kubectl auth can-i patch configmap/aicr-snapshot -n ${namespace}`,
    });
  });

  test("as much as a ConfigMap holds is taken", async () => {
    const { signal } = new AbortController();
    const documents = configMapDocuments(() => Promise.resolve(client), { now: () => new Date(0) });
    const most = "x".repeat(1024 * 1024 - "yaml1970-01-01T00:00:00Z".length);
    await documents.write({ namespace, name: "large" }, most, { kind: "Snapshot", format: "yaml" }, signal);
    expect((await documents.read({ namespace, name: "large" }, signal)).text.length).toBe(most.length);
    const more = documents.write(
      { namespace, name: "large" },
      `${most}x`,
      { kind: "Snapshot", format: "yaml" },
      signal,
    );
    await expect(more).rejects.toMatchObject({ code: "TOO_LARGE" });
  });
});

describe.skipIf(programs === undefined)("an informer", () => {
  test("keeps up with an API server that is killed and started anew, and misses no delete", async () => {
    const { controlPlane } = await started(testCluster({ kwok: false }));
    const client = await clientOf(controlPlane);
    const stop = new AbortController();
    try {
      const put = (name: string, value: string): Promise<KubeObject> =>
        client.patch(
          RESOURCES.configMaps,
          name,
          {
            type: "apply",
            object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { value } },
            force: true,
          },
          { namespace: "default", fieldManager: "test" },
        );
      for (let index = 0; index < 30; index++) await put(`map-${index}`, "1");
      const options = { namespace: "default", signal: stop.signal, pageSize: 7 };
      const informer = inform(client, RESOURCES.configMaps, options);
      await informer.synced;
      for (let round = 0; round < 2; round++) {
        await controlPlane.restartApiServer({ abrupt: round > 0 });
        await client.delete(RESOURCES.configMaps, `map-${round}`, { namespace: "default" });
        await put(`map-${10 + round}`, "2");
        await put(`new-${round}`, "1");
        const { items } = await client.list(RESOURCES.configMaps, { namespace: "default" });
        await eventually(async () => expect(told(informer.list())).toEqual(told(items)));
      }
    } finally {
      stop.abort();
      client.close();
      await controlPlane.stop();
    }
  }, 180_000);
});

function told(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`).toSorted();
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
