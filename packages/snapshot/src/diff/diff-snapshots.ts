import { COLLECTOR_NAMES, COLLECTOR_TYPES } from "../collector.ts";
import { readingText } from "../decode-snapshot.ts";
import type { Measurement, Reading, Snapshot, SnapshotMetadata, Subtype } from "../model.ts";
import { compareNames, orderedSnapshot } from "../order.ts";
import { metadataTree } from "../snapshot-tree.ts";
import { ignoredPaths, type Ignored } from "./ignored.ts";
import { nodesStep, numberStep, versionStep } from "./meaning.ts";
import { SUBJECTS, subjectOf, subjectOfType, type Subject } from "./subjects.ts";

/** One difference between two snapshots. */
export interface ReadingChange {
  readonly change: "added" | "removed" | "changed";
  /** `Type.subtype.key`, or what came or went as a whole: `Type.subtype`, `Type`. */
  readonly path: string;
  readonly from?: Reading | undefined;
  readonly to?: Reading | undefined;
  /** How many readings came or went with a whole. */
  readonly readings?: number | undefined;
  /** In words: `upgrade`, `2 fewer`, `no longer on gpu-7`, `not measured: no answer within 10 s`. */
  readonly meaning?: string | undefined;
}

/** Differences that are about one thing. */
export interface ReadingChanges {
  readonly subject: Subject;
  readonly changes: readonly ReadingChange[];
}

/** How one snapshot differs from another; without groups, in nothing. */
export interface SnapshotDifference {
  readonly groups: readonly ReadingChanges[];
  /** Sentences about patterns of `ignore` that match nothing. */
  readonly notes: readonly string[];
}

/**
 * What is different in the second snapshot, by what it means. Readings are compared as text, so that 8 and "8" are the
 * same; when a snapshot was taken is no difference. A type or subtype that one side lacks is one difference; a
 * type without readings is none.
 *
 * @param options.ignore patterns over `Type.subtype.key`, see {@link ignoredPaths}
 * @throws SlipwayError USAGE for an empty pattern
 */
export function diffSnapshots(
  left: Snapshot,
  right: Snapshot,
  options: { readonly ignore?: readonly string[] } = {},
): SnapshotDifference {
  const ignored = ignoredPaths(options.ignore ?? []);
  const [before, after] = [orderedSnapshot(left), orderedSnapshot(right)];
  const all = [...metadataChanges(before.metadata, after.metadata), ...measurementChanges(before, after)];
  const groups = new Map<Subject, ReadingChange[]>();
  for (const { subject, change } of all) {
    if (ignored.matches(change.path)) continue;
    const group = groups.get(subject);
    if (group === undefined) groups.set(subject, [change]);
    else group.push(change);
  }
  return {
    groups: [...groups]
      .map(([subject, changes]) => ({ subject, changes: changes.sort((a, b) => compareNames(a.path, b.path)) }))
      .sort((a, b) => SUBJECTS.indexOf(a.subject) - SUBJECTS.indexOf(b.subject)),
    notes: unmatchedNotes(ignored, before, after),
  };
}

interface Told {
  readonly subject: Subject;
  readonly change: ReadingChange;
}

function metadataChanges(left: SnapshotMetadata, right: SnapshotMetadata): readonly Told[] {
  const [before, after] = [left, right].map((metadata) => new Map(Object.entries(metadataTree(metadata))));
  return dataChanges({ type: "metadata", subtype: "", path: "metadata" }, before ?? new Map(), after ?? new Map());
}

function measurementChanges(left: Snapshot, right: Snapshot): readonly Told[] {
  const [before, after] = [numbered(left.measurements, typeOf), numbered(right.measurements, typeOf)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [one, other] = [before.get(path), after.get(path)];
    if (one !== undefined && other !== undefined) return subtypeChanges(path, one, other);
    const [change, whole, lacking] =
      one === undefined ? (["added", other, left] as const) : (["removed", one, right] as const);
    const readings = (whole?.subtypes ?? []).reduce((sum, { data }) => sum + data.size, 0);
    if (readings === 0) return [];
    const subject = subjectOfType(whole?.type ?? "");
    return [{ subject, change: { change, path, readings, ...whyLacking(lacking, whole?.type) } }];
  });
}

/** A collector that gave nothing is told apart from one that was not asked. */
function whyLacking({ metadata }: Snapshot, type: string | undefined): Pick<ReadingChange, "meaning"> {
  const collector = COLLECTOR_NAMES.find((name) => COLLECTOR_TYPES[name] === type);
  const reason = collector === undefined ? undefined : metadata.notMeasured?.get(collector);
  return reason === undefined ? {} : { meaning: `not measured: ${reason}` };
}

function subtypeChanges(path: string, left: Measurement, right: Measurement): readonly Told[] {
  const [before, after] = [numbered(left.subtypes, nameOf), numbered(right.subtypes, nameOf)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const [one, other] = [before.get(name), after.get(name)];
    const place = { type: left.type, subtype: (one ?? other)?.name ?? "", path: `${path}.${name}` };
    if (one !== undefined && other !== undefined) {
      return [...dataChanges(place, one.data, other.data), ...contextChanges(place, one, other)];
    }
    const change = one === undefined ? "added" : "removed";
    const readings = (one ?? other)?.data.size ?? 0;
    return [
      { subject: subjectOf(place.type, place.subtype, "").subject, change: { change, path: place.path, readings } },
    ];
  });
}

interface Place {
  readonly type: string;
  readonly subtype: string;
  /** With numbers where a type or subtype stands several times. */
  readonly path: string;
}

function dataChanges(
  { type, subtype, path }: Place,
  left: ReadonlyMap<string, Reading>,
  right: ReadonlyMap<string, Reading>,
): readonly Told[] {
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key): readonly Told[] => {
    const change = readingChange(`${path}.${key}`, left.get(key), right.get(key));
    if (change === undefined) return [];
    const { subject, versions } = subjectOf(type, subtype, key);
    return [{ subject, change: { ...change, ...meaningOf(change, versions, type) } }];
  });
}

function contextChanges({ path }: Place, left: Subtype, right: Subtype): readonly Told[] {
  const [before, after] = [left.context ?? new Map<string, string>(), right.context ?? new Map<string, string>()];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): readonly Told[] => {
    const change = readingChange(`${path}.context.${key}`, before.get(key), after.get(key));
    return change === undefined ? [] : [{ subject: "Where readings come from", change }];
  });
}

function readingChange(path: string, from: Reading | undefined, to: Reading | undefined): ReadingChange | undefined {
  if (from === undefined) return to === undefined ? undefined : { change: "added", path, to };
  if (to === undefined) return { change: "removed", path, from };
  return readingText(from) === readingText(to) ? undefined : { change: "changed", path, from, to };
}

function meaningOf({ from, to }: ReadingChange, versions: boolean, type: string): Pick<ReadingChange, "meaning"> {
  if (from === undefined || to === undefined) return {};
  const meaning =
    (versions ? versionStep(readingText(from), readingText(to)) : undefined) ??
    (type === "NodeTopology" ? nodesStep(from, to) : undefined) ??
    (versions ? undefined : numberStep(from, to));
  return meaning === undefined ? {} : { meaning };
}

const typeOf = ({ type }: Measurement): string => type;
const nameOf = ({ name }: Subtype): string => name;

/** Items by name; of several with one name, the second is `name#2`. */
function numbered<Item>(items: readonly Item[], nameOf: (item: Item) => string): ReadonlyMap<string, Item> {
  const found = new Map<string, Item>();
  const counts = new Map<string, number>();
  for (const item of items) {
    const name = nameOf(item);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    found.set(count === 1 ? name : `${name}#${count}`, item);
  }
  return found;
}

function unmatchedNotes(ignored: Ignored, left: Snapshot, right: Snapshot): readonly string[] {
  return ignored.unmatched(new Set([left, right].flatMap(pathsOf)));
}

function pathsOf({ metadata, measurements }: Snapshot): readonly string[] {
  return [
    ...Object.keys(metadataTree(metadata)).map((key) => `metadata.${key}`),
    ...measurements.flatMap(({ type, subtypes }) => [
      type,
      ...subtypes.flatMap(({ name, data, context }) => [
        `${type}.${name}`,
        ...[...data.keys()].map((key) => `${type}.${name}.${key}`),
        ...[...(context?.keys() ?? [])].map((key) => `${type}.${name}.context.${key}`),
      ]),
    ]),
  ];
}
