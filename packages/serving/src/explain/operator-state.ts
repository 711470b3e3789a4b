import { listAt, textAt } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import type { Looked } from "../related/look.ts";
import type { OperatorState } from "./facts.ts";

/** Label selector of the pods of the NIM Operator, as its chart sets it. */
export const OPERATOR_SELECTOR = "app.kubernetes.io/name=k8s-nim-operator";

/** How the operator is, from its pods in any namespace. */
export function operatorStateOf(pods: Looked<readonly KubeObject[]>): OperatorState {
  if (pods.state === "unknown")
    return { state: "unknown", namespace: undefined, version: undefined, text: `not to be seen: ${pods.why}` };
  const found = pods.state === "found" ? pods.value : [];
  const [first] = found;
  if (first === undefined)
    return { state: "missing", namespace: undefined, version: undefined, text: "no pod of it in any namespace" };
  const ready = found.filter(isReady);
  const example = ready[0] ?? first;
  const { namespace } = example.metadata;
  const version = versionOf(example);
  const text = `${ready.length} of ${found.length} ${found.length === 1 ? "pod" : "pods"} ready in namespace ${namespace ?? "?"}`;
  return {
    state: ready.length > 0 ? "running" : "not ready",
    namespace,
    version,
    text:
      ready.length > 0 ? text : `${text}; pod ${nameOf(example)}: ${textAt(example, "status", "phase") || "unknown"}`,
  };
}

function isReady(pod: KubeObject): boolean {
  const condition = listAt(pod, "status", "conditions").find((one) => textAt(one, "type") === "Ready");
  return textAt(condition, "status") === "True";
}

/** The version of the operator: its label, else the tag of its image; a digest tells none. */
function versionOf(pod: KubeObject): string | undefined {
  const label = textAt(pod, "metadata", "labels", "app.kubernetes.io/version");
  if (label !== "") return label;
  const images = listAt(pod, "spec", "containers").map((container) => textAt(container, "image"));
  const image = images.find((name) => name.includes("nim-operator")) ?? "";
  return /:([\w.-]+)(?:@|$)/.exec(image.slice(image.lastIndexOf("/") + 1))?.[1];
}
