import { SlipwayError, enter, optionalText, type Cursor } from "@slipway/base";
import { decodeSnapshot, type Snapshot } from "@slipway/snapshot";
import type { CommandDeps } from "../deps.ts";

/**
 * Reads the snapshot of one node.
 *
 * @param what the flag or argument, for messages
 * @throws SlipwayError as reading a document does; INVALID_INPUT for a document of another kind
 */
export async function readSnapshot(deps: CommandDeps, source: string, what: string): Promise<Snapshot> {
  const { readDocument } = await import("@slipway/terminal/documents");
  return readDocument(deps, source, what, (cursor, format) => {
    requireSnapshot(cursor);
    return decodeSnapshot(cursor, { format });
  });
}

/** An empty document, or one of another kind that happens to be a map, would pass everything unseen. */
export function requireSnapshot(cursor: Cursor): void {
  if (isSnapshot(cursor)) return;
  throw new SlipwayError("INVALID_INPUT", "expected a Snapshot, found a document without measurements", {
    hint: "Take one with aicr snapshot.",
  });
}

/** Whether a document is the snapshot of one node, or wants to be one. */
export function isSnapshot(cursor: Cursor): boolean {
  return enter(cursor, "measurements").value !== undefined || optionalText(enter(cursor, "kind")) === "Snapshot";
}
