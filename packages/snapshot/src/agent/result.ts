import { SlipwayError, cursorOf, parseJson, parseYaml, textAt } from "@slipway/base";
import { RESOURCES } from "@slipway/kube";
import { showsGpu } from "../collect-cluster/fallback.ts";
import { decodeSnapshot } from "../decode-snapshot.ts";
import type { Snapshot } from "../model.ts";
import type { AgentDeps } from "./deps.ts";

/** What an agent measured. */
export interface AgentSnapshot {
  /** The document as the agent wrote it. */
  readonly text: string;
  readonly format: "yaml" | "json";
  readonly snapshot: Snapshot;
}

/**
 * Reads what an agent left in its ConfigMap.
 *
 * @throws SlipwayError NOT_FOUND when it left nothing, INVALID_INPUT when that is no snapshot
 */
export async function readResult(
  { client, signal }: AgentDeps,
  namespace: string,
  name: string,
): Promise<AgentSnapshot> {
  const map = await client.get(RESOURCES.configMaps, name, { namespace, signal });
  const place = { file: `ConfigMap ${namespace}/${name}` };
  for (const format of ["yaml", "json"] as const) {
    const text = textAt(map, "data", `snapshot.${format}`);
    if (text === "") continue;
    try {
      const document = format === "json" ? parseJson(text) : parseYaml(text);
      return { text, format, snapshot: decodeSnapshot(cursorOf(document), { format }) };
    } catch (error) {
      throw error instanceof SlipwayError ? error.at(place) : error;
    }
  }
  throw new SlipwayError("NOT_FOUND", "the agent ended well and left no snapshot", {
    place,
    hint: "Its image may be of another program or version: see its log above, and name another one with --image.",
  });
}

/** Whether a snapshot shows a GPU of the node that it is of. */
export function hasGpu({ measurements }: Snapshot): boolean {
  return measurements.some(({ type, subtypes }) => type === "GPU" && subtypes.some(showsGpu));
}
