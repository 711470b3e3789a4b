import { anyTree } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CACHE, nimObject } from "../testing/nim-objects.ts";
import { inNimCluster } from "../testing/nim.ts";

test("lists have the columns of the original, and an object without conditions is shown as such", async () => {
  await inNimCluster(async (place) => {
    place.cluster.put(CACHE);
    place.cluster.put(nimObject("NIMCache", "new", {}, {}));
    place.cluster.put(nimObject("NIMService", "a", {}, { state: "Ready", availableReplicas: 3 }));
    place.cluster.put(nimObject("NIMService", "b", {}, "?", "prod"));
    place.cluster.put({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "b", namespace: "prod" },
      spec: {},
      status: { availableReplicas: 2 },
    });
    expect(await place.both("status nimcaches")).toEqual({
      exit: 0,
      err: "",
      out:
        "NAME    NAMESPACE   STATE    PVC         TYPE/STATUS                  LAST TRANSITION TIME            MESSAGE                                          AGE\n" +
        "llama   nim         Ready    llama-pvc   NIM_CACHE_PVC_CREATED/True   2026-01-02 03:00:00 +0000 UTC   The PVC has been created for caching NIM model   2y2d\n" +
        "new     nim         <none>   <none>      <none>                       <none>                          <none>                                           2y2d\n",
    });
    expect(await place.both("status nimservice -A --no-headers")).toEqual({
      exit: 0,
      err: "",
      out:
        "a     nim    Ready    3     <none>   <none>   <none>   2y2d\n" +
        "b     prod   <none>   2     <none>   <none>   <none>   2y2d\n",
    });
    expect(await place.both("status nimservice a c")).toEqual({
      exit: 3,
      err: 'error: NIMService c not found in namespace nim\n  Did you mean "a"?\n',
      out:
        "NAME   NAMESPACE   STATE   AVAILABLE REPLICAS   TYPE/STATUS   LAST TRANSITION TIME   MESSAGE   AGE\n" +
        "a      nim         Ready   3                    <none>        <none>                 <none>    2y2d\n",
    });
    expect(await place.both("status nimservice -n empty")).toEqual({
      exit: 0,
      out: "",
      err: "No resources found in empty namespace.\n",
    });
    expect((await place.both("status nimcache --sort-by=.status.pvc -o name")).out).toBe(
      "nimcache.apps.nvidia.com/new\nnimcache.apps.nvidia.com/llama\n",
    );
  });
});

test("one list of Deployments serves all services of a list", async () => {
  await inNimCluster(async (place) => {
    for (const name of ["a", "b", "c"]) place.cluster.put(nimObject("NIMService", name, {}, {}));
    await place.run("status nimservice");
    expect(place.cluster.requests.map(({ path }) => path)).toEqual([
      "/apis/apps.nvidia.com/v1alpha1/namespaces/nim/nimservices",
      "/apis/apps/v1/namespaces/nim/deployments",
    ]);
  });
});

test("a watch adds a row for each change, until Ctrl-C", async () => {
  await inNimCluster(async (place) => {
    place.cluster.put(nimObject("NIMService", "a", {}, { state: "NotReady" }));
    const stop = new AbortController();
    const running = place.run("status nimservice a --watch --no-headers", { signal: stop.signal });
    await expect.poll(() => place.cluster.openWatches).toBe(1);
    place.cluster.put(nimObject("NIMService", "a", {}, { state: "Ready" }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    stop.abort();
    expect(await running).toEqual({
      exit: 130,
      err: "error: interrupted\n",
      out:
        "a     nim   NotReady   <unknown>   <none>   <none>   <none>   2y2d\n" +
        "a     nim   Ready      1           <none>   <none>   <none>   2y2d\n",
    });
  });
});

test("no shape of a spec or a status keeps status from being shown", { timeout: 60_000 }, async () => {
  await inNimCluster(async (place) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("NIMService", "NIMCache"), anyTree, anyTree, async (kind, spec, status) => {
        place.cluster.put(nimObject(kind, "x", spec, status));
        for (const line of [`status ${kind}`, `status ${kind} x`, `status ${kind} x -o json`, `get ${kind} -o wide`]) {
          const { exit, err } = await place.run(line);
          expect([line, exit, err]).toEqual([line, 0, ""]);
        }
      }),
      { numRuns: 12 },
    );
  });
});
