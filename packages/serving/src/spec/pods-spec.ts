import type { Tree, TreeMap } from "@slipway/base";
import { environmentOf } from "./environment.ts";
import { labelsOf } from "./pairs.ts";
import { tolerationOf } from "./tolerations.ts";
import { present, type Values } from "./values.ts";

type PodFlag = "env" | "env-secret" | "node-selector" | "toleration" | "runtime-class" | "user-id" | "group-id";

/**
 * What the flags say about where pods run, and as whom.
 *
 * @throws SlipwayError USAGE for variables, labels and tolerations that are none
 */
export function podsSpec(values: Values<PodFlag>): TreeMap {
  const env = environmentOf(values.texts("env"), values.texts("env-secret"));
  const nodeSelector = labelsOf("node-selector", values.texts("node-selector"));
  const tolerations = values.texts("toleration").map((text) => tolerationOf("toleration", text));
  return present<Tree>({
    env: env.length === 0 ? undefined : env,
    nodeSelector: Object.keys(nodeSelector).length === 0 ? undefined : nodeSelector,
    tolerations: tolerations.length === 0 ? undefined : tolerations,
    runtimeClassName: values.text("runtime-class"),
    userID: values.number("user-id"),
    groupID: values.number("group-id"),
  });
}
