import type { Measurement, Reading, Snapshot, Subtype } from "../model.ts";
import { orderedSnapshot } from "../order.ts";
import type { FleetNode, FleetSnapshot, Lack } from "./fleet-model.ts";

/** Each node's whole snapshot again, by name; made one at a time. */
export function* nodeSnapshots(
  fleet: FleetSnapshot,
): Generator<{ readonly node: string; readonly pool: string; readonly snapshot: Snapshot }> {
  for (const node of fleet.nodes) {
    const measurements = node.inherits ? inherited(fleet.common, node) : node.measurements;
    yield { node: node.name, pool: node.pool, snapshot: orderedSnapshot({ metadata: node.metadata, measurements }) };
  }
}

function inherited(common: readonly Measurement[], { measurements, lacks }: FleetNode): readonly Measurement[] {
  const own = new Map(measurements.map((each) => [each.type, each.subtypes]));
  const shared = common.filter(({ type }) => !lacks.some((lack) => lack.type === type && lack.subtype === undefined));
  const known = new Set(shared.map(({ type }) => type));
  return [
    ...shared.map(({ type, subtypes }) => ({ type, subtypes: merged(type, subtypes, own.get(type) ?? [], lacks) })),
    ...measurements.filter(({ type }) => !known.has(type)),
  ];
}

function merged(
  type: string,
  common: readonly Subtype[],
  own: readonly Subtype[],
  lacks: readonly Lack[],
): readonly Subtype[] {
  const here = new Map(lacks.filter((lack) => lack.type === type).map((lack) => [lack.subtype, lack.keys]));
  const mine = new Map(own.map((each) => [each.name, each]));
  const shared = common.filter(({ name }) => !here.has(name) || here.get(name) !== undefined);
  const known = new Set(shared.map(({ name }) => name));
  return [
    ...shared.map((subtype) => mergedSubtype(subtype, mine.get(subtype.name), new Set(here.get(subtype.name)))),
    ...own.filter(({ name }) => !known.has(name)),
  ];
}

function mergedSubtype(common: Subtype, own: Subtype | undefined, lacks: ReadonlySet<string>): Subtype {
  const data = new Map<string, Reading>([...common.data].filter(([key]) => !lacks.has(key)));
  for (const [key, reading] of own?.data ?? []) data.set(key, reading);
  const context = own?.context ?? common.context;
  return { name: common.name, data, ...(context === undefined ? {} : { context }) };
}
