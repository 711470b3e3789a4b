import type { KubeObject } from "@slipway/kube";
import { OPERATOR_NAME } from "@slipway/serving";
import type { Generation } from "./definitions/generation.ts";

const NAMESPACE = "nim-operator";
const TAGS: Readonly<Record<Generation, string>> = { "3.0": "v3.0.0", "3.1": "v3.1.2", head: "main" };

/** What Helm installs of the operator: its namespace, and a Deployment whose pod runs where there is a node. */
export function operatorInstallation(generation: Generation): readonly KubeObject[] {
  const labels = { "app.kubernetes.io/name": OPERATOR_NAME, "control-plane": "controller-manager" };
  const image = `ghcr.io/nvidia/k8s-nim-operator:${TAGS[generation]}`;
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: OPERATOR_NAME, namespace: NAMESPACE, labels },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "manager", image }] } },
      },
    },
  ];
}
