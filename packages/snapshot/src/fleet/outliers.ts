import { compareBytes } from "@slipway/base";
import { readingText } from "../decode-snapshot.ts";
import { SUBJECTS, subjectOf } from "../diff/subjects.ts";
import type { Outlier } from "./fleet-model.ts";
import type { ReadingsTable } from "./readings-table.ts";
import type { Runs } from "./runs.ts";
import type { Reading } from "../model.ts";
import { compareNames } from "../order.ts";

/** A node as outliers see it. */
export interface PoolNode {
  readonly name: string;
  readonly pool: string;
}

/** With fewer nodes no one can say which of them is right. */
const SMALLEST_POOL = 3;
/** What only some nodes tell of a whole cluster is no reading of a node. */
const OF_THE_CLUSTER: ReadonlySet<string> = new Set(["NodeTopology"]);

/**
 * Where nodes are unlike most of their pool, by subject and then by reading. What is each node's own (serial numbers,
 * addresses) has no majority, and so no outliers; pools of fewer than three nodes have none either.
 *
 * @param nodes by their index in the table
 */
export function findOutliers(table: ReadingsTable, nodes: readonly PoolNode[]): readonly Outlier[] {
  const pools = poolSizes(nodes);
  const found: { readonly outlier: Outlier; readonly rank: number }[] = [];
  const look = (runs: Runs<Reading>, name: readonly string[], within?: readonly boolean[]): void => {
    const spread = [...runs.over(nodes.length)];
    if (spread.length < 2) return;
    const [type = "", subtype = "", key = ""] = name;
    const { subject } = subjectOf(type, subtype, key);
    const rank = SUBJECTS.indexOf(subject);
    for (const deviation of deviations(spread, nodes, pools, within)) {
      const outlier = { ...deviation, subject, reading: name.join(".") };
      found.push({ rank, outlier: name.length < 3 ? asWhole(outlier) : outlier });
    }
  };
  for (const [type, columns] of table) {
    if (OF_THE_CLUSTER.has(type)) continue;
    look(columns.present, [type]);
    const hasType = flags(columns.present, nodes.length);
    for (const [name, { present, data }] of columns.subtypes) {
      look(present, [type, name], hasType);
      const hasSubtype = flags(present, nodes.length);
      for (const [key, runs] of data) look(runs, [type, name, key], hasSubtype);
    }
  }
  return found
    .sort(
      ({ rank, outlier: a }, { rank: other, outlier: b }) =>
        rank - other || compareNames(a.reading, b.reading) || compareBytes(a.node, b.node),
    )
    .map(({ outlier }) => outlier);
}

/** Of a type or subtype it is only known whether it was measured. */
function asWhole({ expected, actual, ...outlier }: Outlier): Outlier {
  return {
    ...outlier,
    expected: expected === undefined ? "not measured" : "measured",
    actual: actual === undefined ? "not measured" : "measured",
  };
}

function poolSizes(nodes: readonly PoolNode[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { pool } of nodes) sizes.set(pool, (sizes.get(pool) ?? 0) + 1);
  return sizes;
}

function flags(runs: Runs<true>, nodes: number): readonly boolean[] {
  return [...runs.over(nodes)].flatMap(({ value, from, to }) =>
    Array.from({ length: to - from }, () => value === true),
  );
}

type Spread = readonly { readonly value: Reading | undefined; readonly from: number; readonly to: number }[];
type Deviation = Pick<Outlier, "node" | "pool" | "expected" | "actual" | "alike" | "poolSize">;

/** @param within the nodes that could have the reading; one that lacks all around it is told once, for all of that */
function deviations(
  spread: Spread,
  nodes: readonly PoolNode[],
  pools: ReadonlyMap<string, number>,
  within: readonly boolean[] | undefined,
): readonly Deviation[] {
  const majorities = majorityOf(spread, nodes, pools);
  if (majorities.size === 0) return [];
  return spread.flatMap(({ value, from, to }) =>
    nodes.slice(from, to).flatMap(({ name, pool }, offset): readonly Deviation[] => {
      const most = majorities.get(pool);
      if (most === undefined || Object.is(most.value, value) || within?.[from + offset] === false) return [];
      const texts = { ...told("expected", most.value), ...told("actual", value) };
      return [{ node: name, pool, ...texts, alike: most.count, poolSize: pools.get(pool) ?? 0 }];
    }),
  );
}

function told(field: "expected" | "actual", value: Reading | undefined): Partial<Deviation> {
  return value === undefined ? {} : { [field]: readingText(value) };
}

interface Majority {
  readonly value: Reading | undefined;
  readonly count: number;
}

/** What more than half of a pool have, for pools that are large enough. */
function majorityOf(
  spread: Spread,
  nodes: readonly PoolNode[],
  pools: ReadonlyMap<string, number>,
): ReadonlyMap<string, Majority> {
  const counts = new Map<string, Map<Reading | undefined, number>>();
  for (const { value, from, to } of spread) {
    for (const { pool } of nodes.slice(from, to)) {
      const values = counts.get(pool) ?? new Map<Reading | undefined, number>();
      counts.set(pool, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  return new Map(
    [...counts].flatMap(([pool, values]): readonly (readonly [string, Majority])[] => {
      const size = pools.get(pool) ?? 0;
      const most = [...values].find(([, count]) => 2 * count > size);
      return size < SMALLEST_POOL || most === undefined ? [] : [[pool, { value: most[0], count: most[1] }]];
    }),
  );
}
