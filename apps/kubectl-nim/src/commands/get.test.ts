import type { Tree, TreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { inNimCluster, type NimWorkplace } from "../testing/nim.ts";

function service(
  name: string,
  more: {
    readonly namespace?: string;
    readonly labels?: TreeMap;
    readonly spec?: TreeMap;
    readonly status?: Tree;
  } = {},
): TreeMap {
  const { namespace = "nim", labels = {}, spec = {}, status = {} } = more;
  return {
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name, namespace, labels },
    spec,
    status,
  };
}

function cache(name: string, status: TreeMap = {}): TreeMap {
  return {
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMCache",
    metadata: { name, namespace: "nim" },
    spec: { source: { ngc: { modelPuller: "nvcr.io/nim/x:1" } }, storage: { pvc: { create: true, size: "50Gi" } } },
    status,
  };
}

const READY = { state: "Ready", model: { name: "meta/llama", clusterEndpoint: "10.0.0.7:8000" } };

function fill({ cluster }: NimWorkplace): void {
  cluster.put(
    service("llm", {
      labels: { tier: "prod" },
      spec: { replicas: 2, storage: { nimCache: { name: "c" } } },
      status: READY,
    }),
  );
  cluster.put(service("new", { labels: { tier: "test" } }));
  cluster.put(service("other", { namespace: "prod" }));
  cluster.put(cache("c", { state: "Ready", pvc: "c-pvc", profiles: [{ name: "a1" }] }));
}

const HEADER = "NAME   STATUS   AGE    ENDPOINT        REPLICAS   PROFILE   STORAGE\n";
const LLM = "llm    Ready    2y2d   10.0.0.7:8000   2/2        <none>    nimcache/c\n";
const NEW = "new    <none>   2y2d   <none>          -/1        <none>    <none>\n";

test("services and caches are listed, in a pipe as on a terminal", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    expect(await place.both("get nimservice")).toEqual({ exit: 0, out: HEADER + LLM + NEW, err: "" });
    expect(await place.both("list NIMServices --no-headers")).toEqual({
      exit: 0,
      out: "llm   Ready    2y2d   10.0.0.7:8000   2/2   <none>   nimcache/c\nnew   <none>   2y2d   <none>          -/1   <none>   <none>\n",
      err: "",
    });
    expect(await place.both("get nimcache")).toEqual({
      exit: 0,
      out: "NAME   SOURCE   STATUS   PVC    AGE    PROFILES\nc      NGC      Ready    50Gi   2y2d   1\n",
      err: "",
    });
    expect((await place.both("get nimservice -A")).out).toBe(
      "NAMESPACE   NAME    STATUS   AGE    ENDPOINT        REPLICAS   PROFILE   STORAGE\n" +
        "nim         llm     Ready    2y2d   10.0.0.7:8000   2/2        <none>    nimcache/c\n" +
        "nim         new     <none>   2y2d   <none>          -/1        <none>    <none>\n" +
        "prod        other   <none>   2y2d   <none>          -/1        <none>    <none>\n",
    );
  });
});

test("labels select, show and sort", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    expect((await place.run("get nimservice -l tier=prod --show-labels")).out).toBe(
      "NAME   STATUS   AGE    ENDPOINT        REPLICAS   PROFILE   STORAGE      LABELS\n" +
        "llm    Ready    2y2d   10.0.0.7:8000   2/2        <none>    nimcache/c   tier=prod\n",
    );
    expect(
      (await place.run("get nimservice --no-headers -L tier,app.io/x --sort-by={.metadata.labels.tier}")).out,
    ).toBe(
      "llm   Ready    2y2d   10.0.0.7:8000   2/2   <none>   nimcache/c   prod   <none>\n" +
        "new   <none>   2y2d   <none>          -/1   <none>   <none>       test   <none>\n",
    );
    expect((await place.run("get nimservice -o name --sort-by=.status.state")).out).toBe(
      "nimservice.apps.nvidia.com/new\nnimservice.apps.nvidia.com/llm\n",
    );
    expect((await place.run("get nimservice --field-selector=metadata.name=new -o name")).out).toBe(
      "nimservice.apps.nvidia.com/new\n",
    );
  });
});

test("nothing to list is told on standard error", async () => {
  await inNimCluster(async ({ both }) => {
    expect(await both("get nimservice")).toEqual({ exit: 0, out: "", err: "No resources found in nim namespace.\n" });
    expect(await both("get nimcaches -A")).toEqual({ exit: 0, out: "", err: "No resources found\n" });
    expect(await both("get nimcache --ignore-not-found")).toEqual({ exit: 0, out: "", err: "" });
    expect(await both("get nimcache -o name")).toEqual({ exit: 0, out: "", err: "" });
    expect((await both("get nimcache -o yaml")).out).toBe(
      'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n',
    );
  });
});

test("named objects are shown in any form", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    expect((await place.both("get nimservice llm")).out).toBe(HEADER + LLM);
    expect((await place.both("get nimservice new llm --no-headers")).out).toBe(
      "new   <none>   2y2d   <none>          -/1   <none>   <none>\nllm   Ready    2y2d   10.0.0.7:8000   2/2   <none>   nimcache/c\n",
    );
    expect((await place.both("get nimcache/c nimservice/llm")).out).toBe(
      `${HEADER + LLM}\nNAME   SOURCE   STATUS   PVC    AGE    PROFILES\nc      NGC      Ready    50Gi   2y2d   1\n`,
    );
    expect((await place.both("get nimservice other -A -o name")).out).toBe("nimservice.apps.nvidia.com/other\n");
    expect((await place.both("get nimservice llm -o jsonpath={.status.model.clusterEndpoint}")).out).toBe(
      "10.0.0.7:8000",
    );
    expect((await place.both("get nimservice llm new -o jsonpath='{.items[*].metadata.name}'")).out).toBe("llm new");
    expect(
      (await place.both("get nimservice -o custom-columns=N:.metadata.name,E:.status.model.clusterEndpoint")).out,
    ).toBe("N     E\nllm   10.0.0.7:8000\nnew   <none>\n");
  });
});

test("one object costs one request", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    await place.run("get nimservice llm");
    expect(place.cluster.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /apis/apps.nvidia.com/v1alpha1/namespaces/nim/nimservices/llm",
    ]);
  });
});

test("what is not found is told with the nearest name, and all else is shown", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    expect(await place.both("get nimservice lml llm gone")).toEqual({
      exit: 3,
      out: HEADER + LLM,
      err:
        "error: NIMService gone not found in namespace nim\n  kubectl nim get nimservice -n nim lists those that there are.\n" +
        'error: NIMService lml not found in namespace nim\n  Did you mean "llm"?\n',
    });
    expect(await place.both("get nimservice nowhere -A")).toEqual({
      exit: 3,
      out: "",
      err: "error: NIMService nowhere not found in any namespace\n  kubectl nim get nimservice -A lists those that there are.\n",
    });
    expect(await place.both("get nimservice x -n empty")).toEqual({
      exit: 3,
      out: "",
      err: "error: NIMService x not found in namespace empty\n  There is no NIMService in namespace empty at all.\n",
    });
    expect(await place.both("get nimservice llm gone --ignore-not-found")).toEqual({
      exit: 0,
      out: HEADER + LLM,
      err: "",
    });
  });
});

test("a cluster without the operator, and one that does not allow it", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    const none =
      "error: the cluster has no NIMCache kind: is the NIM Operator installed?\n  kubectl nim doctor says what is missing.\n";
    const end = cluster.fault({ when: ({ path }) => path.includes("nimcaches"), reason: "NotFound" });
    expect(await both("get nimcache")).toEqual({ exit: 3, out: "", err: none });
    expect(await both("get nimcache x")).toEqual({ exit: 3, out: "", err: none });
    expect(await both("get nimcache --watch")).toEqual({ exit: 3, out: "", err: none });
    end();
    cluster.allow(() => false);
    expect(await both("get nimcache")).toEqual({
      exit: 4,
      out: "",
      err:
        'error: nimcaches.apps.nvidia.com is forbidden: User "system:anonymous" cannot list resource "nimcaches" in API group "apps.nvidia.com" in the namespace "nim"\n' +
        "  Check with: kubectl auth can-i list nimcaches.apps.nvidia.com -n nim\n",
    });
  });
});

test("long lists come in pages, and survive a server that forgets them", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    for (let count = 10; count < 35; count++) cluster.put(service(`s${count}`));
    const names = Array.from({ length: 25 }, (_, index) => `nimservice.apps.nvidia.com/s${index + 10}\n`).join("");
    cluster.fault({ when: ({ query }) => query.includes("continue="), times: 1, reason: "Expired" });
    expect(await run("get nimservice -o name --chunk-size=10")).toEqual({ exit: 0, out: names, err: "" });
    const lists = cluster.requests.map(({ query }) => query.replace(/continue=[^&]*/, "continue=…"));
    expect(lists).toEqual([
      "limit=10",
      "limit=10&continue=…",
      "limit=10",
      "limit=10&continue=…",
      "limit=10&continue=…",
    ]);
  });
});

test("a list is printed in whole documents that can be read again", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    const [first, second] = ["llm", "new"].map((name, index) => ({
      creationTimestamp: "2024-01-01T00:00:00Z",
      generation: 1,
      labels: { tier: name === "llm" ? "prod" : "test" },
      name,
      namespace: "nim",
      resourceVersion: `${index + 7}`,
      uid: `00000000-0000-4000-8000-00000000000${index + 6}`,
    }));
    const own = { apiVersion: "apps.nvidia.com/v1alpha1", kind: "NIMService" };
    const list = {
      apiVersion: "v1",
      items: [
        {
          ...own,
          metadata: first,
          spec: { replicas: 2, storage: { nimCache: { name: "c" } } },
          status: { model: { clusterEndpoint: "10.0.0.7:8000", name: "meta/llama" }, state: "Ready" },
        },
        { ...own, metadata: second, spec: {}, status: {} },
      ],
      kind: "List",
      metadata: { resourceVersion: "" },
    };
    const out = `${JSON.stringify(list, undefined, 4)}\n`;
    expect(await place.run("get nimservice -o json --chunk-size=1")).toEqual({ exit: 0, out, err: "" });
  });
});

test.each([
  [
    "get",
    2,
    "error: KIND is missing: nimservice or nimcache; or KIND/NAME for each object\n  Usage: kubectl nim get KIND [NAME...]\n",
  ],
  ["get nimservices llm -l a=b", 2, "error: names and selectors exclude each other: give one of them\n"],
  ["get pods", 2, 'error: "pods" is no kind that this program knows: nimservice or nimcache\n'],
  ["get nimservice --chunk-size=-1", 2, "error: --chunk-size takes 0 or more, not -1\n"],
  [
    "get nimservice a b --watch",
    2,
    "error: --watch follows one object, or all of a kind\n  For several, select them with -l, or run it once for each.\n",
  ],
])("%s is refused", async (line, exit, err) => {
  await inNimCluster(async ({ both }) => {
    expect(await both(line)).toEqual({ exit, out: "", err });
  });
});

test.each([
  ["get nimservice", "-l", "bad==x=", "Labels are selected like -l app=llm,tier!=test, or -l 'app in (a, b)'."],
  ["get nimservice -w", "-l", "bad==x=", "Labels are selected like -l app=llm,tier!=test, or -l 'app in (a, b)'."],
  ["delete nimservice --yes", "-l", "b==x=", "Labels are selected like -l app=llm,tier!=test, or -l 'app in (a, b)'."],
  ["log stream nimservice", "-l", "b==x=", "Labels are selected like -l app=llm,tier!=test, or -l 'app in (a, b)'."],
  [
    "get nimservice",
    "--field-selector",
    "spec.x=1",
    "For these kinds the server knows metadata.name and metadata.namespace alone; -o json and jq select by any field.",
  ],
])("%s: the server's word on %s %s is told with the flag", async (line, flag, value, hint) => {
  await inNimCluster(async ({ cluster, both }) => {
    cluster.fault({ when: ({ path }) => path.endsWith("/nimservices"), reason: "BadRequest" });
    const { exit, out, err } = await both(`${line} ${flag} ${value}`);
    expect([exit, out, err.split("\n")]).toEqual([
      2,
      "",
      [expect.stringMatching(new RegExp(`^error: ${flag} ${value}: .`)), `  ${hint}`, ""],
    ]);
  });
});

test("as with kubectl, an order that no object has is refused for a list, and one object is shown all the same", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    expect(await place.both("get nimservice --sort-by=.spec.bogus -o name")).toEqual({
      exit: 2,
      out: "",
      err: "error: --sort-by=.spec.bogus: none of the objects has such a field\n  -o yaml shows the fields that they have; for example --sort-by=.metadata.creationTimestamp\n",
    });
    expect(await place.both("get nimservice llm --sort-by=.spec.bogus -o name")).toEqual({
      exit: 0,
      out: "nimservice.apps.nvidia.com/llm\n",
      err: "",
    });
  });
});

test("a watch shows what is there and every change, until Ctrl-C", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    const stop = new AbortController();
    const running = place.run("get nimservice --watch --output-watch-events", { signal: stop.signal });
    await expect.poll(() => place.cluster.openWatches).toBe(1);
    place.cluster.put(service("new", { labels: { tier: "test" }, status: READY }));
    place.cluster.remove("NIMService", "nim", "llm");
    await expect.poll(() => place.cluster.objects("NIMService", "nim").length).toBe(1);
    place.cluster.put(service("last"));
    await new Promise((resolve) => setTimeout(resolve, 200));
    stop.abort();
    expect(await running).toEqual({
      exit: 130,
      out:
        "EVENT   NAME   STATUS   AGE    ENDPOINT        REPLICAS   PROFILE   STORAGE\n" +
        "ADDED   llm    Ready    2y2d   10.0.0.7:8000   2/2        <none>    nimcache/c\n" +
        "ADDED   new    <none>   2y2d   <none>          -/1        <none>    <none>\n" +
        "MODIFIED   new    Ready    2y2d   10.0.0.7:8000   1/1        <none>    <none>\n" +
        "DELETED    llm    Ready    2y2d   10.0.0.7:8000   2/2        <none>    nimcache/c\n" +
        "ADDED      last   <none>   2y2d   <none>          -/1        <none>    <none>\n",
      err: "error: interrupted\n",
    });
  });
});

test("a watch of one object, in documents, ends when nobody reads any more", async () => {
  await inNimCluster(async (place) => {
    fill(place);
    expect(await place.run("get nimservice llm -w -o name", { reader: async () => false })).toEqual({
      exit: 0,
      out: "nimservice.apps.nvidia.com/llm\n",
      err: "",
    });
    expect(await place.run("get nimservice lml -w")).toEqual({
      exit: 3,
      out: "",
      err: 'error: NIMService lml not found in namespace nim\n  Did you mean "llm"?\n',
    });
  });
});
