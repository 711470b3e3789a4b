import { SlipwayError, writeJson, type Tree } from "@slipway/base";
import {
  diffFleets,
  diffSnapshots,
  differenceText,
  differenceTree,
  fleetDifferenceText,
  fleetDifferenceTree,
  ignoredPaths,
  isSameFleet,
  snapshotPatch,
  type FleetSnapshot,
  type PaintLine,
  type Snapshot,
} from "@slipway/snapshot";
import { painter, type Colour } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";

/** A document that was measured, and what it says. */
interface Measured<Value> {
  readonly document: Tree;
  readonly value: Value;
}

/** A comparison, ready to print. */
export interface Comparison {
  readonly text: string;
  readonly isSame: boolean;
  /** For standard error. */
  readonly notes: readonly string[];
}

/** How a comparison is printed. */
export interface CompareOptions {
  readonly format: "text" | "json" | "patch";
  /** Patterns over `Type.subtype.key` that do not count. */
  readonly ignore: readonly string[];
}

/** Compares two snapshots. Errors as `diffSnapshots`. */
export function compareSnapshots(
  deps: CommandDeps,
  left: Measured<Snapshot>,
  right: Measured<Snapshot>,
  { format, ignore }: CompareOptions,
): Comparison {
  if (format === "patch") return patchOf(left.document, right.document, ignore);
  const difference = diffSnapshots(left.value, right.value, { ignore });
  return {
    text: format === "json" ? writeJson(differenceTree(difference)) : differenceText(difference, paintLines(deps)),
    isSame: difference.groups.length === 0,
    notes: difference.notes,
  };
}

/** Compares two fleets node by node. Errors as `diffFleets`; USAGE for a patch that leaves readings out. */
export function compareFleets(
  deps: CommandDeps,
  left: Measured<FleetSnapshot>,
  right: Measured<FleetSnapshot>,
  { format, ignore }: CompareOptions,
): Comparison {
  if (format === "patch" && ignore.length > 0)
    throw new SlipwayError("USAGE", "a patch of fleets leaves nothing out, so --ignore has no place beside it");
  if (format === "patch") return patchOf(left.document, right.document, ignore);
  const difference = diffFleets(left.value, right.value, { ignore });
  const text =
    format === "json" ? writeJson(fleetDifferenceTree(difference)) : fleetDifferenceText(difference, paintLines(deps));
  return { text, isSame: isSameFleet(difference), notes: difference.notes };
}

function patchOf(left: Tree, right: Tree, ignore: readonly string[]): Comparison {
  const operations = snapshotPatch(left, right, ignoredPaths(ignore));
  return { text: writeJson(operations), isSame: operations.length === 0, notes: [] };
}

const COLOURS: Readonly<Record<Parameters<PaintLine>[0], Colour>> = {
  added: "green",
  removed: "red",
  changed: "yellow",
  title: "bold",
};

function paintLines({ io }: CommandDeps): PaintLine {
  const paint = painter(io.stdout, io.env);
  return (kind, line) => paint(COLOURS[kind], line);
}
