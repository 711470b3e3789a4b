import type { TreeMap } from "@slipway/base";
import { counted, shown } from "../columns.ts";
import type { Reading } from "../model.ts";
import type { ReadingChange, SnapshotDifference } from "./diff-snapshots.ts";

const MARKS = { added: "+", removed: "-", changed: "~" } as const;
const KINDS = ["added", "removed", "changed"] as const;
const MAX_SHOWN = 160;

/** Colours a line by what it says; the text stays. */
export type PaintLine = (kind: ReadingChange["change"] | "title", line: string) => string;

/**
 * A difference for a person: one line a change, grouped by what it means, with `+`, `-` and `~`; then how many there are.
 *
 * @param paint colours lines; default none
 */
export function differenceText({ groups }: SnapshotDifference, paint: PaintLine = (_, line) => line): string {
  if (groups.length === 0) return "No differences.\n";
  const all = groups.flatMap(({ changes }) => changes);
  const counts = KINDS.map((kind) => [all.filter(({ change }) => change === kind).length, kind] as const)
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`);
  const lines = groups.flatMap(({ subject, changes }) => [
    paint("title", subject),
    ...changes.map((change) => paint(change.change, `  ${MARKS[change.change]} ${changeText(change)}`)),
    "",
  ]);
  return `${lines.join("\n")}\n${counted(all.length, "difference")}: ${counts.join(", ")}.\n`;
}

function changeText({ path, from, to, readings, meaning }: ReadingChange): string {
  const values = [from, to].filter((value) => value !== undefined).map(short);
  const whole = readings === undefined ? [] : [counted(readings, "reading")];
  const notes = [...whole, ...(meaning === undefined ? [] : [meaning])].map(shown).join("; ");
  const text = values.length === 0 ? shown(path) : `${shown(path)}: ${values.join(" -> ")}`;
  return notes === "" ? text : `${text} (${notes})`;
}

function short(reading: Reading): string {
  const text = shown(reading);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** A difference as a document for JSON. */
export function differenceTree({ groups }: SnapshotDifference): TreeMap {
  const all = groups.flatMap(({ changes }) => changes);
  return {
    kind: "SnapshotDifference",
    summary: Object.fromEntries(KINDS.map((kind) => [kind, all.filter(({ change }) => change === kind).length])),
    groups: groups.map(({ subject, changes }) => ({ subject, changes: changes.map(changeTree) })),
  };
}

function changeTree({ change, path, from, to, readings, meaning }: ReadingChange): TreeMap {
  return {
    change,
    path,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(readings === undefined ? {} : { readings }),
    ...(meaning === undefined ? {} : { meaning }),
  };
}
