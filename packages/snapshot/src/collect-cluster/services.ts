import type { Reading, Subtype } from "../model.ts";
import type { NodeFacts } from "./nodes.ts";

/**
 * What the cluster knows about the services of a node, for nodes without systemd (Talos): the kubelet by its condition and
 * version, the container runtime by its version. Named as systemd's units are, so that the same constraints work.
 */
export function nodeServiceSubtypes(node: NodeFacts): readonly Subtype[] {
  const ready = node.conditions.get("Ready") === "True";
  const [runtime = "", runtimeVersion = ""] = (node.info.get("containerRuntimeVersion") ?? "").split("://");
  const subtypes = [
    service("kubelet", node.info.get("kubeletVersion") ?? "", ready, node),
    service(runtime, runtimeVersion, ready, node),
  ];
  return subtypes.filter((subtype) => subtype !== undefined);
}

/** A kubelet that reports is running, and so is the runtime that it asks. */
function service(name: string, version: string, ready: boolean, node: NodeFacts): Subtype | undefined {
  if (name === "" || version === "") return undefined;
  const readings: readonly (readonly [string, Reading])[] = [
    ["ActiveState", ready ? "active" : "inactive"],
    ["Version", version],
  ];
  return { name: `${name}.service`, data: new Map(readings), context: new Map([["source", `Node ${node.name}`]]) };
}
