import { mapAt, type TreeMap } from "@slipway/base";
import type { Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { inNimCluster } from "../testing/nim.ts";

function service(spec: TreeMap): TreeMap {
  return {
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name: "llm", namespace: "nim" },
    spec,
  };
}

function definition(minimum: number): TreeMap {
  const spec = { properties: { replicas: { type: "integer", minimum } } };
  const schema = { openAPIV3Schema: { properties: { spec } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "nimservices.apps.nvidia.com" },
    spec: { versions: [{ name: "v1alpha1", storage: true, schema }] },
  };
}

const specOf = (cluster: Cluster): TreeMap => mapAt(cluster.objects("NIMService", "nim")[0], "spec");
const seen = (exit: number, out: string, err = "") => ({ exit, out, err });
const done = (what: string) => seen(0, `NIMService "llm" ${what} in namespace "nim"\n`);
const AUTO = {
  scale: { enabled: true, hpa: { minReplicas: 2, maxReplicas: 5 } },
  resources: { requests: { cpu: "1" } },
};

test.each(["llm", "nimservice llm", "nimservices/llm"])("replicas of %s", async (name) => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service({ replicas: 1 }));
    expect(await run(`scale ${name} --replicas=3`)).toEqual(done("scaled to 3 replicas"));
    expect(specOf(cluster)).toEqual({ replicas: 3 });
    expect(await run(`scale ${name} --replicas=3`)).toEqual(done("unchanged to 3 replicas"));
  });
});

test("replicas end autoscaling in the same write, and its settings stay", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service(AUTO));
    expect(await run("scale llm --replicas=1")).toEqual({
      ...done("scaled to 1 replica"),
      err: "warning: autoscaling is switched off\n",
    });
    expect(specOf(cluster)).toEqual({ ...AUTO, replicas: 1, scale: { ...AUTO.scale, enabled: false } });
    expect(cluster.writes.filter(({ verb }) => verb === "patch")).toHaveLength(1);
  });
});

test("autoscaling takes replicas away, keeps what is not said, and warns where nothing is measured", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service({ replicas: 2 }));
    expect(await run("scale llm --min=2")).toEqual(
      seen(2, "", "error: --min needs --max: the service has no autoscaling yet, and so no upper end\n"),
    );
    expect(await run("scale llm --max=4")).toEqual({
      ...done("scaled from 1 to 4 replicas"),
      err: "warning: autoscaling goes by CPU use, and the service has no CPU request: it never scales\n",
    });
    expect(specOf(cluster)).toEqual({ scale: { enabled: true, hpa: { maxReplicas: 4 } } });
    expect((await run("scale llm --min=2")).out).toBe(
      'NIMService "llm" scaled from 2 to 4 replicas in namespace "nim"\n',
    );
    expect(await run("scale llm --min=9")).toEqual(seen(2, "", "error: --min is 9, above --max, which is 4\n"));
  });
});

test("off keeps as many pods as run", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service(AUTO));
    cluster.put({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "llm", namespace: "nim" },
      spec: { replicas: 4 },
    });
    expect(await run("scale llm --off --dry-run=client")).toEqual(
      seen(0, 'NIMService "llm" scaled to 4 replicas in namespace "nim" (dry run)\n'),
    );
    expect(specOf(cluster)).toEqual(AUTO);
    expect(await run("scale llm --off")).toEqual(done("scaled to 4 replicas"));
    expect(await run("scale llm --off")).toEqual(done("unchanged (it has no autoscaling)"));
  });
});

test("without a Deployment, off keeps the fewest", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service(AUTO));
    expect(await run("scale llm --off")).toEqual(done("scaled to 2 replicas"));
  });
});

/** A service on KServe, with the mode where it is told. */
function onKServe(place: "metadata" | "spec", mode?: string): TreeMap {
  const annotations = mode === undefined ? {} : { annotations: { "serving.kserve.io/deploymentMode": mode } };
  const spec = { inferencePlatform: "kserve", resources: AUTO.resources };
  if (place === "spec") return service({ ...spec, ...annotations });
  return { ...service(spec), metadata: { name: "llm", namespace: "nim", ...annotations } };
}

test("on KServe a service is scaled unless its mode is known to be Knative, with a warning where it is not told", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    for (const [place, mode] of [
      ["metadata", "RawDeployment"],
      ["spec", "Standard"],
    ] as const) {
      cluster.put(onKServe(place, mode));
      expect(await run("scale llm --max=4")).toEqual(done("scaled from 1 to 4 replicas"));
    }
    cluster.put(onKServe("metadata"));
    expect(await run("scale llm --max=4")).toEqual({
      ...done("scaled from 1 to 4 replicas"),
      err:
        "warning: on KServe, autoscaling needs the mode RawDeployment: the NIM Operator refuses it in Knative mode; " +
        "nothing here says which one it is (annotation serving.kserve.io/deploymentMode)\n",
    });
    expect(specOf(cluster)).toMatchObject({ scale: { enabled: true, hpa: { maxReplicas: 4 } } });
  });
});

test("what its platform does not scale is refused", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    for (const [place, mode] of [
      ["metadata", "Serverless"],
      ["spec", "knative"],
    ] as const) {
      cluster.put(onKServe(place, mode));
      expect(await run("scale llm --max=4")).toEqual(
        seen(
          2,
          "",
          "error: --min and --max are not for services in Knative mode of KServe: the NIM Operator does not scale them\n" +
            "  Use --replicas, or the mode RawDeployment (annotation serving.kserve.io/deploymentMode).\n",
        ),
      );
    }
    cluster.put(service({ multiNode: { parallelism: { tensor: 8 } } }));
    expect(await run("scale llm --max=4")).toEqual(
      seen(
        2,
        "",
        "error: --min and --max are not for services of many nodes: the NIM Operator does not scale them\n  Use --replicas.\n",
      ),
    );
  });
});

test("no pods at all where the operator knows that", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service({ replicas: 1 }));
    cluster.put(definition(1));
    expect(await run("scale llm --replicas=0")).toEqual(
      seen(
        2,
        "",
        "error: --replicas takes 1 or more on this cluster: its NIM Operator knows no service without pods\n" +
          "  From NIM Operator 3.1.0 on it is allowed.\n",
      ),
    );
    cluster.put(definition(0));
    expect(await run("scale llm --replicas=0 -o jsonpath={.spec.replicas}")).toEqual(seen(0, "0"));
  });
});

test("somebody who is faster is looked at anew; a service that is not there has a neighbour", async () => {
  await inNimCluster(async ({ cluster, run }) => {
    cluster.put(service({ replicas: 1 }));
    cluster.fault({ when: ({ method }) => method === "PATCH", times: 2, reason: "Conflict" });
    expect(await run("scale llm --replicas=2")).toEqual(done("scaled to 2 replicas"));
    cluster.fault({ when: ({ method }) => method === "PATCH", reason: "Conflict" });
    expect((await run("scale llm --replicas=3")).exit).toBe(2);
    expect(await run("scale lm --replicas=2")).toEqual(
      seen(3, "", 'error: NIMService lm not found in namespace nim\n  Did you mean "llm"?\n'),
    );
  });
});
