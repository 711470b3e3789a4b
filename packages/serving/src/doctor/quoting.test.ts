import { expect, test } from "vitest";
import type { KubeObject } from "@slipway/kube";
import type { Looked } from "../related/look.ts";
import { examine } from "./examine.ts";
import type { World } from "./world.ts";

const ODD = "a'$(id)";
const missing = { state: "missing" } as const;

function found<Value>(value: Value): Looked<Value> {
  return { state: "found", value };
}

function named(kind: string, rest: object = {}, metadata: object = {}): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name: ODD, namespace: ODD, ...metadata }, ...rest };
}

/** A cluster in which something is wrong with everything, and in which everything has a name that a shell would run. */
const WORLD: World = {
  server: "https://x",
  namespace: ODD,
  storageClass: undefined,
  version: {},
  namespaceObject: missing,
  serviceDefinition: missing,
  cacheDefinition: missing,
  kserveDefinition: missing,
  operator: { state: "not ready", text: "0 of 1", version: undefined, namespace: ODD },
  webhooks: found([
    named("ValidatingWebhookConfiguration", {
      webhooks: [
        { rules: [{ apiGroups: ["apps.nvidia.com"] }], clientConfig: { service: { namespace: ODD, name: ODD } } },
      ],
    }),
  ]),
  endpointSlices: missing,
  clusterPolicies: found([named("ClusterPolicy")]),
  nodes: found([named("Node", {}, { labels: { "nvidia.com/gpu.product": "NVIDIA-H100" } })]),
  usedGpus: found(new Map()),
  storageClasses: found([named("StorageClass", { provisioner: "a" })]),
  secrets: new Map(),
  runtimeClass: missing,
  quotas: found([named("ResourceQuota", { status: { hard: { pods: "1" }, used: { pods: "1" } } })]),
  services: missing,
  rights: [{ text: "get pods", answer: found(false) }],
};

test("names out of the cluster are quoted in commands", () => {
  const word = String.raw`'a'\''$(id)'`;
  const commands = examine(WORLD).flatMap(({ command = "" }) => (command.includes("a'") ? [command] : []));
  expect(commands).toEqual([
    `kubectl describe pods -n ${word} -l app.kubernetes.io/name=k8s-nim-operator`,
    `kubectl get pods -n ${word}`,
    `kubectl describe clusterpolicy ${word}`,
    `kubectl label node ${word} feature.node.kubernetes.io/pci-10de.present=true`,
    `kubectl annotate storageclass ${word} storageclass.kubernetes.io/is-default-class=true`,
    `kubectl create namespace ${word}`,
    `kubectl nim secret ngc --only pull -n ${word}`,
    `kubectl nim secret ngc --only api -n ${word}`,
    `kubectl nim secret hf -n ${word}`,
    `kubectl describe resourcequota ${word} -n ${word}`,
    `kubectl auth can-i --list -n ${word}`,
  ]);
});
