import { columns, counted, section, shown } from "../columns.ts";
import type { FleetGroup, FleetSnapshot, Outlier } from "./fleet-model.ts";

/** Nodes of a group that are named; the others are counted. */
const MOST_NAMED = 4;

/** A fleet for a person: how many nodes, the groups of alike ones, outliers, and nodes that could not be measured. */
export function fleetTable({ metadata, nodes, groups, outliers, notMeasured }: FleetSnapshot): string {
  const pools = new Set(nodes.map(({ pool }) => pool));
  const head = [
    ["NODES", String(nodes.length)],
    ["POOLS", `${pools.size} (${[...pools].map(shown).join(", ")})`],
    ["GROUPS", String(groups.length)],
    ["OUTLIERS", outliers.length === 0 ? "none" : outlierCount(outliers)],
    ...(notMeasured.size === 0 ? [] : [["NOT MEASURED", counted(notMeasured.size, "node")]]),
    ...(metadata.timestamp === undefined ? [] : [["TAKEN", shown(metadata.timestamp)]]),
  ];
  const lines = [
    ...columns(head).map((line) => line.slice(2)),
    "",
    ...groups.flatMap(groupLines),
    ...section("OUTLIERS", outlierRows(outliers)),
    ...section(
      "NOT MEASURED",
      [...notMeasured].map((row) => row.map(shown)),
    ),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function outlierCount(outliers: readonly Outlier[]): string {
  const nodes = new Set(outliers.map(({ node }) => node));
  return `${counted(outliers.length, "reading")} of ${counted(nodes.size, "node")}`;
}

function groupLines({ nodes, traits }: FleetGroup, index: number): readonly string[] {
  const named = nodes.slice(0, MOST_NAMED).map(shown).join(", ");
  const rest = nodes.length - MOST_NAMED;
  const title = `GROUP ${index + 1}: ${counted(nodes.length, "node")} (${named}${rest > 0 ? ` and ${rest} more` : ""})`;
  const rows = [...traits].map(([name, value]) => [shown(name), shown(value)]);
  return [title, ...(rows.length === 0 ? ["  (nothing was measured)"] : columns(rows)), ""];
}

function outlierRows(outliers: readonly Outlier[]): readonly (readonly string[])[] {
  if (outliers.length === 0) return [];
  return [
    ["NODE", "READING", "EXPECTED", "ACTUAL", "ALIKE"],
    ...outliers.map(({ node, reading, expected, actual, alike, poolSize }) => [
      shown(node),
      shown(reading),
      expected === undefined ? "-" : shown(expected),
      actual === undefined ? "-" : shown(actual),
      `${alike} of ${poolSize}`,
    ]),
  ];
}
