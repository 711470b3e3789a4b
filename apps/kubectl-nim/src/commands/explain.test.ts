import type { Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

const POD = "llama-6d4cf56db6-x7k2p";

/** A service whose image cannot be pulled, because its pull secret is not there. */
function putBroken(cluster: Cluster): void {
  cluster.put({
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name: "llama", namespace: "nim", creationTimestamp: "2026-01-02T03:00:00Z" },
    spec: { image: { repository: "nvcr.io/nim/meta/llama", tag: "1.8.6", pullSecrets: ["ngc-secret"] } },
    status: {
      state: "NotReady",
      conditions: [{ type: "Ready", status: "False", reason: "NotReady", message: "0 of 1\n\u001b[31mred" }],
    },
  });
  const message = "failed to authorize: 401 Unauthorized";
  cluster.put({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: POD, namespace: "nim", labels: { "app.kubernetes.io/instance": "llama" } },
    spec: { containers: [{ name: "llama-ctr", image: "nvcr.io/nim/meta/llama:1.8.6" }] },
    status: {
      phase: "Pending",
      containerStatuses: [{ name: "llama-ctr", state: { waiting: { reason: "ErrImagePull", message } } }],
    },
  });
}

test("a service that does not come up", async () => {
  await inNimCluster(
    async ({ cluster, both }) => {
      putBroken(cluster);
      const seen = await both("explain llama");
      expect([seen.exit, seen.err]).toEqual([1, ""]);
      expect(seen.out).toMatchInlineSnapshot(`
        "nimservice nim/llama: has a problem

        Cause:     The pull secret "ngc-secret" does not exist in namespace "nim".
        Next:      Make it; the key is asked for.
                   kubectl nim secret ngc --only pull -n nim

        Evidence:
          pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: failed to authorize: 401 Unauthorized
          nimservice nim/llama: NotReady
          condition Ready is False (NotReady): 0 of 1 \\x1b[31mred
          pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull
          operator: no pod of it in any namespace
        "
      `);
      expect(await both("explain nimservice llama")).toEqual(seen);
      expect(await both("explain nimservices/llama")).toEqual(seen);
    },
    { unsettled: ["Pod"] },
  );
});

test("as a document", async () => {
  await inNimCluster(
    async ({ cluster, both }) => {
      putBroken(cluster);
      expect((await both("explain llama -o yaml")).out).toMatchInlineSnapshot(`
        "kind: NIMService
        namespace: nim
        name: llama
        verdict: problem
        cause: pull-secret-missing
        summary: The pull secret "ngc-secret" does not exist in namespace "nim".
        next:
          text: Make it; the key is asked for.
          command: kubectl nim secret ngc --only pull -n nim
        evidence:
          - 'pod llama-6d4cf56db6-x7k2p, container llama-ctr: ErrImagePull: failed to authorize: 401 Unauthorized'
          - 'nimservice nim/llama: NotReady'
          - "condition Ready is False (NotReady): 0 of 1 \\e[31mred"
          - 'pod llama-6d4cf56db6-x7k2p: Pending, llama-ctr ErrImagePull'
          - 'operator: no pod of it in any namespace'
        "
      `);
      expect(JSON.parse((await both("explain llama -o json")).out)).toMatchObject({ cause: "pull-secret-missing" });
    },
    { unsettled: ["Pod"] },
  );
});

test("a cache, when no service has the name; all is well", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    cluster.put({
      apiVersion: "apps.nvidia.com/v1alpha1",
      kind: "NIMCache",
      metadata: { name: "llama", namespace: "nim" },
      spec: {},
      status: { state: "Ready" },
    });
    expect(await both("explain llama")).toMatchInlineSnapshot(`
      {
        "err": "",
        "exit": 0,
        "out": "nimcache nim/llama: all is well

      State:     The cache is filled.
      Next:      Use it.
                 kubectl nim create nimservice NAME --nimcache-storage-name=llama -n nim

      Evidence:
        nimcache nim/llama: Ready
        operator: no pod of it in any namespace
      ",
      }
    `);
  });
});

test("what is not there", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    putBroken(cluster);
    const lines = [
      "explain lama",
      "explain nimcache llama",
      "explain something-else",
      "explain nimservice",
      "explain pods/a",
    ];
    const seen = await Promise.all(lines.map((line) => both(line)));
    expect(seen.map(({ exit, out, err }) => `${exit} ${out}${err}`).join("")).toMatchInlineSnapshot(`
      "3 error: NIMService lama not found in namespace nim
        Did you mean "llama"?
      3 error: NIMCache llama not found in namespace nim
        There is no NIMCache in namespace nim at all.
      3 error: neither NIMService nor NIMCache something-else found in namespace nim
        kubectl nim get nimservice -n nim lists the services that there are.
      2 error: which nimservice is meant? NAME is missing
        Usage: kubectl nim explain NAME, KIND NAME or KIND/NAME
      2 error: "pods" is no kind that this program knows: nimservice or nimcache
      "
    `);
  });
});

test("a cluster without the operator", async () => {
  await inNimCluster(async ({ cluster, both }) => {
    cluster.fault({ when: ({ path }) => path.includes("apps.nvidia.com"), reason: "NotFound" });
    expect(await both("explain llama")).toMatchInlineSnapshot(`
      {
        "err": "error: the cluster has no NIMService kind: is the NIM Operator installed?
        kubectl nim doctor says what is missing.
      ",
        "exit": 3,
        "out": "",
      }
    `);
  });
});

test("a cluster that is not there", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    await cluster.stop();
    expect((await run("explain llama --request-timeout=1s")).exit).toBe(6);
  });
});
