import type { KubeObject } from "@slipway/kube";
import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { inNimCluster, type NimWorkplace } from "../testing/nim.ts";

type Cluster = NimWorkplace["cluster"];

function service(name: string): KubeObject {
  return { apiVersion: "apps.nvidia.com/v1alpha1", kind: "NIMService", metadata: { name, namespace: "nim" }, spec: {} };
}

interface Container {
  readonly name: string;
  readonly restarts?: number;
  readonly state?: "running" | "terminated" | { readonly waiting: string };
}

function statusOf({ name, restarts = 0, state = "running" }: Container) {
  if (typeof state === "object")
    return { name, restartCount: restarts, state: { waiting: { reason: state.waiting, message: "back-off" } } };
  return { name, restartCount: restarts, state: { [state]: state === "terminated" ? { exitCode: 0 } : {} } };
}

interface PodOptions {
  readonly init?: readonly Container[];
  readonly containers?: readonly Container[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly phase?: string;
}

function pod(name: string, options: PodOptions = {}): KubeObject {
  const { init = [], containers = [{ name: "ctr" }], phase = "Running" } = options;
  const labels = options.labels ?? {
    "app.kubernetes.io/instance": "llama",
    "app.kubernetes.io/managed-by": "k8s-nim-operator",
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "nim", uid: `uid-${name}`, labels },
    spec: { initContainers: init.map(({ name }) => ({ name })), containers: containers.map(({ name }) => ({ name })) },
    status: { phase, initContainerStatuses: init.map(statusOf), containerStatuses: containers.map(statusOf) },
  };
}

/** A service with two pods, one of which was prepared by another container. */
function fill(cluster: Cluster): void {
  cluster.put(service("llama"));
  cluster.put(pod("llama-a", { init: [{ name: "copy", state: "terminated" }], containers: [{ name: "ctr" }] }));
  cluster.put(pod("llama-b", { containers: [{ name: "ctr" }, { name: "side", restarts: 1 }] }));
  cluster.log("nim", "llama-a", "copy").write("copied\n", "2026-01-01T00:00:00.000000001Z");
  cluster.log("nim", "llama-a", "ctr").write("starts\nserves\n", "2026-01-01T00:00:01.500000000Z");
  cluster.log("nim", "llama-b", "ctr").write("\u001b[31mred\u001b[0m\u0007\n", "2026-01-01T00:00:02.000000000Z");
  cluster.log("nim", "llama-b", "side").write("first\n");
  cluster.log("nim", "llama-b", "side").restart().write("second\nthird", "2026-01-01T00:00:03.000000000Z");
}

test("what there is, container by container; a pipe gets the bytes as they are", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    expect(await run("log stream nimservice llama --no-follow")).toEqual({
      exit: 0,
      out:
        "[llama-a/copy] copied\n[llama-a/ctr] starts\n[llama-a/ctr] serves\n" +
        "[llama-b/ctr] \u001b[31mred\u001b[0m\u0007\n[llama-b/side] second\n[llama-b/side] third\n",
      err: "",
    });
    expect(
      (await run("logs stream nimservices/llama --no-follow -c ctr --tail 1 --timestamps --prefix=false")).out,
    ).toBe("2026-01-01T00:00:01.500000000Z serves\n2026-01-01T00:00:02.000000000Z \u001b[31mred\u001b[0m\u0007\n");
    expect((await run("log stream nimservice llama --no-follow --since-time 2026-01-01T00:00:03Z")).out).toBe(
      "[llama-b/side] second\n[llama-b/side] third\n",
    );
    expect((await run("log stream nimservice llama --previous")).out).toBe("[llama-b/side] first\n");
  });
});

test("on a terminal prefixes have colours, and only colours get through", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    const { out } = await run("log stream nimservice llama --no-follow -c ctr --tail 1", { tty: true });
    expect(out).toBe(
      "\u001b[36m[llama-a/ctr]\u001b[39m serves\n\u001b[33m[llama-b/ctr]\u001b[39m \u001b[31mred\u001b[0m\\x07\u001b[0m\n",
    );
    const plain = await run("log stream nimservice llama --no-follow -c ctr --tail 1", {
      tty: true,
      env: { NO_COLOR: "1" },
    });
    expect(plain.out).toBe("[llama-a/ctr] serves\n[llama-b/ctr] red\\x07\n");
  });
});

test("objects by their labels, and two at once", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    cluster.put({ ...service("other"), metadata: { name: "other", namespace: "nim", labels: { team: "b" } } });
    cluster.put(pod("other-a", { labels: { "app.kubernetes.io/instance": "other" } }));
    cluster.log("nim", "other-a", "ctr").write("other\n");
    expect((await run("log stream nimservice -l team=b --no-follow")).out).toBe("[other-a/ctr] other\n");
    expect((await run("log stream nimservice llama other --no-follow --tail 1 -c ctr --prefix=false")).out).toBe(
      "serves\n\u001b[31mred\u001b[0m\u0007\nother\n",
    );
  });
});

const REFUSED: readonly (readonly [line: string, exit: number, err: string])[] = [
  [
    "nimservice",
    2,
    "error: which nimservice is meant? NAME is missing\n  Usage: kubectl nim log stream nimservice NAME. With -l SELECTOR, those with some labels.\n",
  ],
  ["nimservice lama", 3, 'error: NIMService lama not found in namespace nim\n  Did you mean "llama"?\n'],
  [
    "nimcache other",
    3,
    "error: NIMCache other not found in namespace nim\n  There is no NIMCache in namespace nim at all.\n",
  ],
  [
    "nimservice empty --no-follow",
    3,
    "error: no pods found for nim/empty\n  Its pods are made by the NIM Operator: kubectl nim explain empty says what keeps them.\n",
  ],
  ["nimservice llama -c sid", 3, 'error: no pod has a container named "sid"\n  Did you mean "side"?\n'],
  [
    "nimservice llama -c nothing-like-it",
    3,
    'error: no pod has a container named "nothing-like-it"\n  The containers are copy, ctr, side.\n',
  ],
  [
    "nimservice llama -c ctr -p",
    3,
    "error: no container was started anew, so there is no log from before\n  Leave --previous out to see the log of the present run.\n",
  ],
  ["nimservice -l team=x", 3, "error: no NIMService in namespace nim has the labels team=x\n"],
  ["nimservice/llama -l team=x", 2, "error: --selector stands with a kind alone; what is nimservice/llama?\n"],
  [
    "nimservice llama --since 5m --since-time 2026-01-01T00:00:00Z",
    2,
    "error: --since and --since-time exclude each other\n",
  ],
  ["nimservice llama --since 0s", 2, "error: --since takes a duration above 0\n"],
  [
    "nimservice llama --since-time yesterday",
    2,
    'error: --since-time takes a time such as 2026-01-31T13:00:00Z, not "yesterday"\n',
  ],
  ["nimservice llama --tail=-2", 2, "error: --tail takes a number of lines, or -1 for all, not -2\n"],
  ["nimservice llama -f -p", 2, "error: --follow and --previous exclude each other: a log from before has an end\n"],
];

test.each(REFUSED)("log stream %s", async (line, exit, err) => {
  await inNimCluster(async ({ cluster, both }) => {
    fill(cluster);
    cluster.put(service("empty"));
    expect(await both(`log stream ${line}`)).toEqual({ exit, out: "", err });
  });
});

const NO_KIND =
  "the cluster has no NIMService kind: is the NIM Operator installed?\n  kubectl nim doctor says what is missing.";
const UNLISTED =
  "NIMService lama not found in namespace nim\n  kubectl nim get nimservice -n nim lists those that there are.";

test.each([
  ["log stream nimservice lama", "NotFound", NO_KIND],
  ["status nimservice lama", "NotFound", NO_KIND],
  ["log stream nimservice -l team=x", "NotFound", NO_KIND],
  ["log stream nimservice lama", "Forbidden", UNLISTED],
  ["status nimservice lama", "Forbidden", UNLISTED],
] as const)("%s tells what is not there where lists say %s", async (line, reason, told) => {
  await inNimCluster(async ({ cluster, both }) => {
    cluster.fault({ when: ({ path }) => path.endsWith("/nimservices"), reason });
    expect(await both(line)).toEqual({ exit: 3, out: "", err: `error: ${told}\n` });
  });
});

test("a cache that is filled, whose job is gone, says so", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    cluster.put({ ...service("cache"), kind: "NIMCache", status: { state: "Ready" } });
    const seen = {
      exit: 3,
      out: "",
      err:
        "error: no pods found for nim/cache: the job of this NIMCache is over and its pods are gone\n" +
        "  Kubernetes removes the job 10 minutes after its end, and its logs with it. Events and objects are still there: kubectl nim log collect.\n",
    };
    expect(await both("log stream nimcache cache")).toEqual(seen);
    expect(await both("log stream nimcache cache --no-follow")).toEqual(seen);
  });
});

test("a log that cannot be read is told and does not stop the others", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    fill(cluster);
    cluster.fault({ when: ({ path }) => path.includes("/llama-b/log"), reason: "Forbidden" });
    expect(await both("log stream nimservice llama --no-follow -c ctr")).toEqual({
      exit: 1,
      out: "[llama-a/ctr] starts\n[llama-a/ctr] serves\n",
      err: "warning: error streaming nim/llama-b[ctr]: a test has ordered this failure\n",
    });
  });
});

/** Runs a line until something is seen, then presses Ctrl-C. */
async function follow(
  { cluster, run }: NimWorkplace,
  line: string,
  steps: readonly (readonly [seen: string, act: () => void])[],
): Promise<{ readonly exit: number; readonly out: string; readonly err: string }> {
  const stop = new AbortController();
  let seen = "";
  let next = 0;
  const reader = (text: string): Promise<boolean> => {
    seen += text;
    while (next < steps.length && seen.includes(steps[next]?.[0] ?? "")) steps[next++]?.[1]();
    if (next === steps.length) stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
    return Promise.resolve(true);
  };
  const ended = await run(line, { signal: stop.signal, reader });
  await expect.poll(() => cluster.openWatches, { timeout: 10_000 }).toBe(0);
  return ended;
}

test("lines, pods and restarts are followed as they come, until Ctrl-C", async () => {
  await inNimCluster(async (place) => {
    const { cluster } = place;
    cluster.put(service("llama"));
    cluster.put(pod("llama-a"));
    const first = cluster.log("nim", "llama-a", "ctr");
    first.write("one\n");
    const seen = await follow(place, "log stream nimservice llama", [
      ["one\n", () => first.write("two\nhalf")],
      [
        "two\n",
        () => {
          first.write(" a line\nlast words");
          first.restart().write("anew\n");
          cluster.put(pod("llama-a", { containers: [{ name: "ctr", restarts: 1 }] }));
        },
      ],
      [
        "anew\n",
        () => {
          cluster.log("nim", "llama-b", "ctr").write("joins\n");
          cluster.put(pod("llama-b"));
        },
      ],
      ["joins\n", () => undefined],
    ]);
    expect(seen).toEqual({
      exit: 130,
      out:
        ["one", "two", "half a line", "last words", "anew"].map((text) => `[llama-a/ctr] ${text}\n`).join("") +
        "[llama-b/ctr] joins\n",
      err: "error: interrupted\n",
    });
  });
});

test("two restarts at once: the half line in hand is shown, and what is lost is told", async () => {
  await inNimCluster(async (place) => {
    const { cluster } = place;
    cluster.put(service("llama"));
    cluster.put(pod("llama-a"));
    const first = cluster.log("nim", "llama-a", "ctr");
    first.write("one\n");
    const seen = await follow(place, "log stream nimservice llama", [
      [
        "one\n",
        () => {
          first.write("half");
          first.restart().restart().write("anew\n");
          cluster.put(pod("llama-a", { containers: [{ name: "ctr", restarts: 2 }] }));
        },
      ],
      ["anew\n", () => undefined],
    ]);
    expect(seen).toEqual({
      exit: 130,
      out: "[llama-a/ctr] one\n[llama-a/ctr] half\n[llama-a/ctr] anew\n",
      err: "llama-a/ctr: the end of its log before restart 1 is gone\nerror: interrupted\n",
    });
  });
});

test("a restart whose log from before is gone is told when that log was being read", async () => {
  await inNimCluster(async (place) => {
    const { cluster } = place;
    cluster.put(service("llama"));
    cluster.put(pod("llama-a"));
    const first = cluster.log("nim", "llama-a", "ctr");
    first.write("one\n");
    cluster.fault({
      when: ({ path, query }) => path.endsWith("/log") && query.includes("previous=true"),
      reason: "BadRequest",
    });
    const seen = await follow(place, "log stream nimservice llama", [
      [
        "one\n",
        () => {
          first.restart().write("anew\n");
          cluster.put(pod("llama-a", { containers: [{ name: "ctr", restarts: 1 }] }));
        },
      ],
      ["anew\n", () => undefined],
    ]);
    expect(seen).toEqual({
      exit: 130,
      out: "[llama-a/ctr] one\n[llama-a/ctr] anew\n",
      err: "llama-a/ctr: the end of its log before restart 1 is gone\nerror: interrupted\n",
    });
  });
});

test("connections that break off lose and repeat nothing", async () => {
  await inNimCluster(async (place) => {
    const { cluster } = place;
    cluster.put(service("llama"));
    cluster.put(pod("llama-a"));
    const log = cluster.log("nim", "llama-a", "ctr");
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}\n`);
    for (const [index, line] of lines.entries())
      log.write(line, `2026-01-01T00:00:0${Math.floor(index / 40)}.00000000${Math.floor(index / 7) % 5}Z`);
    for (const cutAfter of [100, 1003, 2500, 900])
      cluster.fault({ when: ({ path }) => path.endsWith("/log"), times: 1, cutAfter });
    const { out } = await follow(place, "log stream nimservice llama --prefix=false", [
      ["line 199\n", () => undefined],
    ]);
    expect(out).toBe(lines.join(""));
  });
});

test("it ends by itself when the object is gone", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service("llama"));
    cluster.put(pod("llama-a"));
    cluster.log("nim", "llama-a", "ctr").write("one\n");
    const reader = (): Promise<boolean> => {
      cluster.remove("NIMService", "nim", "llama");
      cluster.log("nim", "llama-a", "ctr").end();
      cluster.remove("Pod", "nim", "llama-a");
      return Promise.resolve(true);
    };
    expect(await run("log stream nimservice llama", { reader })).toEqual({
      exit: 0,
      out: "[llama-a/ctr] one\n",
      err: "",
    });
  });
});

test("a cache: the pod that reads the profiles and those of the job, until it is filled", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    const cache = { ...service("big"), kind: "NIMCache" };
    cluster.put(cache);
    const labels = { "batch.kubernetes.io/job-name": "big-job" };
    const waiting = pod("big-job-x", {
      labels,
      phase: "Pending",
      containers: [{ name: "ctr", state: { waiting: "ImagePullBackOff" } }],
    });
    const reader = (text: string): Promise<boolean> => {
      if (text.includes("profiles")) {
        cluster.log("nim", "big-job-x", "ctr").write("done\n");
        cluster.log("nim", "big-job-x", "ctr").end();
        cluster.put(
          pod("big-job-x", { labels, phase: "Succeeded", containers: [{ name: "ctr", state: "terminated" }] }),
        );
        cluster.log("nim", "big-pod", "ctr").end();
        cluster.remove("Pod", "nim", "big-pod");
      }
      if (text.includes("done")) cluster.put({ ...cache, status: { state: "Ready" } });
      return Promise.resolve(true);
    };
    const ended = run("log stream nimcache big", { reader });
    // The pods by their two selectors, and the cache itself.
    await expect.poll(() => cluster.openWatches, { timeout: 10_000 }).toBe(3);
    cluster.put(waiting);
    cluster.put(pod("big-pod", { labels: {} }));
    cluster.log("nim", "big-pod", "ctr").write("profiles\n");
    expect(await ended).toEqual({
      exit: 0,
      out: "[big-pod/ctr] profiles\n[big-job-x/ctr] done\n",
      err: "no pods yet for nim/big: waiting for them\nbig-job-x/ctr waits: ImagePullBackOff: back-off\n",
    });
  });
});

test("a reader that goes away ends it quietly", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    fill(cluster);
    expect(await run("log stream nimservice llama -c ctr", { reader: () => Promise.resolve(false) })).toMatchObject({
      exit: 0,
      err: "",
    });
    await expect.poll(() => cluster.openWatches, { timeout: 10_000 }).toBe(0);
  });
});
