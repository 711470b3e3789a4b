import { columns, section, shown } from "./columns.ts";
import { readingText } from "./decode-snapshot.ts";
import { glanceAt, type Glance } from "./glance.ts";
import type { Snapshot, Subtype } from "./model.ts";
import { orderedSnapshot } from "./order.ts";

/**
 * A snapshot for a person: what the node is, then every reading under its `Type.subtype`, so that title and key together
 * are the name that a constraint uses. Nothing is cut.
 */
export function snapshotTable(snapshot: Snapshot): string {
  const ordered = orderedSnapshot(snapshot);
  const { metadata, measurements } = ordered;
  const lines = [
    ...columns(headRows(ordered)).map((line) => line.slice(2)),
    "",
    ...section(
      "NOT MEASURED",
      [...(metadata.notMeasured ?? [])].map((row) => row.map(shown)),
    ),
    ...measurements.flatMap(({ type, subtypes }) =>
      subtypes.length === 0
        ? [shown(type), "  (nothing)", ""]
        : subtypes.flatMap((subtype) => subtypeLines(type, subtype)),
    ),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function headRows(snapshot: Snapshot): readonly (readonly string[])[] {
  const { version, timestamp } = snapshot.metadata;
  const glance = glanceAt(snapshot);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["NODE", glance.node],
    ["OS", glance.os],
    ["KERNEL", glance.kernel],
    ["KUBERNETES", glance.kubernetes],
    ["RUNTIME", glance.containerRuntime],
    ["GPUS", gpuText(glance)],
    ["TAKEN", timestamp],
    ["BY", version === undefined ? undefined : `aicr ${version}`],
  ];
  return rows.flatMap(([name, text]) => (text === undefined ? [[name, "-"]] : [[name, shown(text)]]));
}

/** `8 x NVIDIA H100, driver 570.158.01, CUDA 12.8`; nothing when GPUs were not measured. */
export function gpuText({ gpuModel, gpuCount, driver, cuda }: Glance): string | undefined {
  if (gpuCount === undefined && gpuModel === undefined) return undefined;
  if (gpuCount === 0) return "none";
  const what = gpuCount === undefined ? gpuModel : `${gpuCount} x ${gpuModel ?? "unknown model"}`;
  const rest = [driver === undefined ? [] : `driver ${driver}`, cuda === undefined ? [] : `CUDA ${cuda}`].flat();
  return [what, ...rest].join(", ");
}

function subtypeLines(type: string, { name, data, context = new Map() }: Subtype): readonly string[] {
  const rows = [
    ...[...data].map(([key, reading]) => [shown(key), shown(readingText(reading))]),
    ...[...context].map(([key, text]) => [`(${shown(key)})`, shown(text)]),
  ];
  return [`${shown(type)}.${shown(name)}`, ...(rows.length === 0 ? ["  (nothing)"] : columns(rows)), ""];
}
