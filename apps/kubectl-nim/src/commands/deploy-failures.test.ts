import { textAt, type TreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { inNimCluster, type NimWorkplace } from "../testing/nim.ts";

const LINE = "deploy llm --source=ngc --model-url=ngc://a/b:1 --storage-class= --yes";
const UNDO = [
  "To undo: kubectl nim delete nimservice llm -n nim",
  "To undo: kubectl nim delete nimcache llm-cache -n nim",
] as const;

function nim(kind: string, name: string, status: TreeMap = {}): TreeMap {
  return { apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata: { name, namespace: "nim" }, spec: {}, status };
}

/** What the program said beside warnings and the plan. */
async function said({ run }: NimWorkplace, line: string, options: Parameters<NimWorkplace["run"]>[1] = {}) {
  const { exit, out, err } = await run(line, options);
  const lines = err.split("\n").filter((text) => text !== "" && !/^(warning: |In namespace|  NIM\w+ [a-z])/.test(text));
  return { exit, out: out.split("\n").filter((text) => /^(NIM|Secret)/.test(text)), err: lines };
}

test.each([
  [
    "Deploy_1",
    '"Deploy_1" cannot be the name of a service: expected lower-case letters, digits and -, at most 53 of them, with a letter first and a letter or digit last',
  ],
  [
    "1llm",
    '"1llm" cannot be the name of a service: expected lower-case letters, digits and -, at most 53 of them, with a letter first and a letter or digit last',
  ],
])("the name %s is refused before anything is asked", (name, message) =>
  inNimCluster(async (place) => {
    expect(await said(place, `deploy ${name}`)).toEqual({ exit: 2, out: [], err: [`error: ${message}`] });
    expect(place.cluster.requests).toEqual([]);
  }),
);

test.each([
  ["--cache=perhaps", ['error: --cache takes true or false, not "perhaps"']],
  ["--answers missing.yaml", ["error: missing.yaml: no such file or directory"]],
  [
    "--answers typo.yaml",
    ["error: typo.yaml:2:1: modelurl: is no question of this flow", '  Did you mean "modelUrl"?'],
  ],
  ["--answers twice.yaml", ["error: twice.yaml:2:1: model-url: modelUrl is answered twice"]],
  ["--answers list.yaml", ["error: list.yaml:1:1: expected a map, found a list"]],
  [
    "-o wide",
    ["error: -o wide has no meaning here: nothing is listed", "  To see the manifests: --dry-run=client -o yaml."],
  ],
  [
    "--ngc-key-env NOWHERE",
    [
      'error: --ngc-key-env: the environment variable "NOWHERE" is not set',
      "  Set it for this command alone: NOWHERE=... kubectl nim deploy ...",
    ],
  ],
  [
    "--no-cache --source ngc --model-url ngc://a/b:1 --storage-class=",
    [
      "error: --source says nothing about a model that is not cached",
      "  Leave it out, or answer --cache and --source as it needs.",
    ],
  ],
])("deploy llm %s is refused, and nothing is made", (flags, err) =>
  inNimCluster(
    async (place) => {
      const { exit, ...rest } = await said(place, `deploy llm ${flags}`);
      expect([exit === 2 || exit === 3, rest, place.cluster.writes]).toEqual([true, { out: [], err }, []]);
    },
    {
      files: {
        "typo.yaml": "cache: no\nmodelurl: x\n",
        "twice.yaml": "modelUrl: x\nmodel-url: y\n",
        "list.yaml": "- cache\n",
      },
    },
  ),
);

test("input that ends before an answer names the question and its flag", () =>
  inNimCluster(async (place) => {
    expect(await said(place, "deploy llm", { stdin: "yes\nngc\n" })).toEqual({
      exit: 2,
      out: [],
      err: [
        "Do you want to cache the model? (yes/no):",
        "Enter the image source for caching (ngc, huggingface, nemoDataStore):",
        "Enter the Model URL (eg: ngc://nvidia/nemo/<model_name>:2.0):",
        'error: no answer to "Enter the Model URL (eg: ngc://nvidia/nemo/<model_name>:2.0)": standard input ended',
        "  Answer it with --model-url, or in the file of --answers.",
      ],
    });
    expect(place.cluster.writes).toEqual([]);
  }));

test("who says no at the end made nothing", () =>
  inNimCluster(async (place) => {
    const { exit, err } = await said(place, "deploy llm", { stdin: "no\nngc://a/b:1\n\n\n\nno\n" });
    expect([exit, err.at(-1), place.cluster.writes]).toEqual([1, "Nothing was created.", []]);
  }));

test("names that are taken are told as soon as that is certain", () =>
  inNimCluster(async (place) => {
    place.cluster.put(nim("NIMCache", "llm-cache"));
    expect(await said(place, "deploy llm", { stdin: "yes\nngc\nngc://a/b:1\n\n" })).toEqual({
      exit: 2,
      out: [],
      err: [
        "Do you want to cache the model? (yes/no):",
        "Enter the image source for caching (ngc, huggingface, nemoDataStore, existing):",
        'error: NIMCache "llm-cache" exists already in namespace "nim"',
        "  To serve what is in it, use it as it is: --nimcache llm-cache. Otherwise delete it first.",
      ],
    });
    place.cluster.put(nim("NIMService", "llm"));
    expect((await said(place, "deploy llm")).err).toEqual([
      'error: NIMService "llm" exists already in namespace "nim"',
      "  Choose another name, look at it with kubectl nim status nimservice llm, or delete it first.",
    ]);
  }));

test("what the server refuses in the dry run is not made, nor what comes before it", () =>
  inNimCluster(async (place) => {
    place.cluster.allow(({ verb, resource }) => verb !== "create" || resource !== "nimservices");
    const { exit, out, err } = await said(place, LINE);
    expect([exit, out, place.cluster.writes]).toEqual([4, [], []]);
    expect(err).toEqual([
      'error: NIMService nim/llm: nimservices.apps.nvidia.com is forbidden: User "system:anonymous" cannot create resource "nimservices" in API group "apps.nvidia.com" in the namespace "nim"',
      "  Check with: kubectl auth can-i create nimservices.apps.nvidia.com -n nim",
    ]);
  }));

test("a step that fails says what is there, and how to undo it", () =>
  inNimCluster(async (place) => {
    place.cluster.fault({
      when: ({ method, path, query }) =>
        method === "POST" && path.endsWith("/nimservices") && !query.includes("dryRun"),
      reason: "Forbidden",
    });
    const { exit, out, err } = await said(place, LINE);
    expect([exit, out]).toEqual([4, ['NIMCache "llm-cache" created in namespace "nim"']]);
    expect(err.slice(2)).toEqual(['  Created so far, and still there: NIMCache "llm-cache".', `  ${UNDO[1]}`]);
  }));

test("what was sent without an answer may be there", () =>
  inNimCluster(async (place) => {
    place.cluster.fault({
      when: ({ method, path, query }) =>
        method === "POST" && path.endsWith("/nimservices") && !query.includes("dryRun"),
      cutAfter: 5,
    });
    const { exit, err } = await said(place, LINE);
    expect([exit, err.slice(-4)]).toEqual([
      6,
      [
        '  Created so far, and still there: NIMCache "llm-cache".',
        '  NIMService "llm" may be there: no answer came.',
        ...UNDO.map((line) => `  ${line}`),
      ],
    ]);
  }));

test("in a pipe each change is a line until all is ready", () =>
  inNimCluster(async (place) => {
    const { cluster } = place;
    cluster.onCreate("NIMCache", () => cluster.put(nim("NIMCache", "llm-cache", { state: "Ready" })));
    cluster.onCreate("NIMService", (object) => {
      const message = "Waiting for deployment\u001b[2J";
      const conditions = [{ type: "Ready", status: "False", reason: "NotReady", message }];
      cluster.put({ ...object, status: { state: "NotReady", conditions } });
    });
    const model = { clusterEndpoint: "10.0.0.1:8000" };
    const timer = {
      sleep: async (_milliseconds: number, signal: AbortSignal) =>
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
    };
    const ended = said(place, `${LINE} --wait`, { timer });
    while (cluster.openWatches === 0) await new Promise((resolve) => setImmediate(resolve));
    cluster.put(nim("NIMService", "llm", { state: "Ready", model }));
    expect(await ended).toEqual({
      exit: 0,
      out: ['NIMCache "llm-cache" created in namespace "nim"', 'NIMService "llm" created in namespace "nim"'],
      err: [
        'NIMCache "llm-cache" is ready',
        'NIMService "llm" is NotReady: Waiting for deployment\\x1b[2J',
        'NIMService "llm" is ready at 10.0.0.1:8000',
      ],
    });
  }));

test("a cache that fails ends the wait with the reason, the next step and the way back", () =>
  inNimCluster(async (place) => {
    const { cluster } = place;
    const message = "The Job to cache NIM has failed";
    const conditions = [{ type: "NIM_CACHE_JOB_COMPLETED", status: "False", reason: "JobFailed", message }];
    cluster.onCreate("NIMCache", () => cluster.put(nim("NIMCache", "llm-cache", { state: "Failed", conditions })));
    const { exit, err } = await said(place, `${LINE} --wait`);
    expect([exit, err]).toEqual([
      1,
      [
        'NIMCache "llm-cache" is Failed: The Job to cache NIM has failed',
        'error: NIMCache "llm-cache" failed: The Job to cache NIM has failed',
        "  To find out why: kubectl nim explain nimcache/llm-cache -n nim",
        '  Created so far, and still there: NIMCache "llm-cache", NIMService "llm".',
        ...UNDO.map((line) => `  ${line}`),
      ],
    ]);
  }));

test("a wait that takes too long, and one that is interrupted, leave everything and say how to undo it", () =>
  inNimCluster(async (place) => {
    const late = await said(place, `${LINE} --wait --timeout 50ms`);
    expect([late.exit, late.err]).toEqual([
      5,
      [
        'NIMCache "llm-cache" waits for the operator',
        "error: NIMCache nim/llm-cache: waited 0.05 s for it to be ready",
        "  To find out why: kubectl nim explain nimcache/llm-cache -n nim",
        '  Created so far, and still there: NIMCache "llm-cache", NIMService "llm".',
        ...UNDO.map((line) => `  ${line}`),
      ],
    ]);
    place.cluster.remove("NIMService", "nim", "llm");
    place.cluster.remove("NIMCache", "nim", "llm-cache");
    const stop = new AbortController();
    const ended = said(place, `${LINE} --wait`, { signal: stop.signal });
    while (place.cluster.openWatches === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await ended).toEqual({
      exit: 130,
      out: late.out,
      err: [
        'NIMCache "llm-cache" waits for the operator',
        "To see how it goes on: kubectl nim status nimservice llm -n nim",
        'Created so far, and still there: NIMCache "llm-cache", NIMService "llm".',
        ...UNDO,
        "error: interrupted",
      ],
    });
    expect(place.cluster.objects("NIMService", "nim").map((object) => textAt(object, "metadata", "name"))).toEqual([
      "llm",
    ]);
  }));

test("a cluster without the operator is told apart from one that is empty", async () => {
  const { startCluster } = await import("@slipway/kube/testing");
  const { runNim } = await import("../program.ts");
  const { fakeIo } = await import("@slipway/terminal/testing");
  const cluster = await startCluster();
  try {
    const io = fakeIo({ env: { KUBECONFIG: cluster.kubeconfig } });
    const exit = await runNim(io, ["deploy", "llm"], { build: { version: "1", commit: "a", date: "b" } });
    expect([exit, io.err]).toEqual([
      3,
      "error: the cluster does not know NIMService and NIMCache\n  The NIM Operator brings them. See what is missing with kubectl nim doctor.\n",
    ]);
  } finally {
    await cluster.close();
  }
});
