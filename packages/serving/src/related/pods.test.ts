import { nameOf } from "@slipway/kube";
import { clientOf, startCluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { podsOf, type NimAddress } from "./pods.ts";

const SERVICE: NimAddress = { kind: "NIMService", namespace: "nim", name: "llama" };
const CACHE: NimAddress = { kind: "NIMCache", namespace: "nim", name: "llama" };

test.each([
  [SERVICE, ["llama-abc", "llama-kserve", "llama-old-operator"]],
  [CACHE, ["llama-job-x7k2p", "llama-pod"]],
  [{ ...SERVICE, name: "other" }, []],
  [{ ...CACHE, namespace: "default" }, []],
])("the pods of $kind $name in $namespace", async (address, expected) => {
  const cluster = await startCluster({ namespaces: ["nim"] });
  const pod = (name: string, labels: Record<string, string>): void =>
    void cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { namespace: "nim", name, labels } });
  const instance = { "app.kubernetes.io/instance": "llama" };
  pod("llama-old-operator", instance);
  pod("llama-abc", { ...instance, "app.kubernetes.io/managed-by": "k8s-nim-operator" });
  pod("a-helm-release", { ...instance, "app.kubernetes.io/managed-by": "Helm" });
  pod("llama-kserve", { "serving.kserve.io/inferenceservice": "llama" });
  pod("llama-pod", { "app.kubernetes.io/name": "llama" });
  pod("llama-job-x7k2p", { "batch.kubernetes.io/job-name": "llama-job" });
  const client = await clientOf(cluster);
  expect((await podsOf(client, address)).map(nameOf)).toEqual(expected);
  client.close();
  await cluster.close();
});
