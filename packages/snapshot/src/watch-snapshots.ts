import { SlipwayError, messageOf, type Clock, type TreeMap } from "@slipway/base";
import type { Timer } from "@slipway/kube";
import { COLLECTOR_NAMES, COLLECTOR_TYPES } from "./collector.ts";
import { diffSnapshots, type SnapshotDifference } from "./diff/diff-snapshots.ts";
import { ignoredPaths } from "./diff/ignored.ts";
import { snapshotPatch } from "./diff/snapshot-patch.ts";
import type { Snapshot } from "./model.ts";
import { snapshotTree } from "./snapshot-tree.ts";

/** How snapshots are watched. */
export interface SnapshotWatchOptions {
  /** Takes a snapshot. It is never called while it still runs. */
  readonly take: (signal: AbortSignal) => Promise<Snapshot>;
  /** Milliseconds from the start of one snapshot to the start of the next. */
  readonly intervalMs: number;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly timer: Timer;
  /** Patterns over `Type.subtype.key` whose changes do not count. */
  readonly ignore?: readonly string[] | undefined;
  /** Told of the first snapshot, which changes are measured from. */
  readonly onBaseline?: ((snapshot: Snapshot) => void | Promise<void>) | undefined;
  /** Told of each change. The next snapshot waits for what it returns. */
  readonly onChange: (change: SnapshotChange) => void | Promise<void>;
  /** Told of a snapshot that could not be taken; the watch goes on. */
  readonly onFailure: (error: SlipwayError) => void;
}

/** What became different since the snapshot before. */
export interface SnapshotChange {
  /** RFC 3339: when the later snapshot was taken. */
  readonly time: string;
  /** JSON Patch from the document before to the one after. */
  readonly patch: readonly TreeMap[];
  readonly difference: SnapshotDifference;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/**
 * Takes snapshots at fixed times and tells what changes, until `signal` is aborted. Starts do not drift: one that takes
 * longer than the interval makes the next ones due skip, never overlap. A collector that fails for once does not make
 * its readings look gone: what it last measured counts until it measures again.
 *
 * @returns when `signal` is aborted
 * @throws SlipwayError USAGE for an interval that is not positive or an empty pattern; what `onChange` throws
 */
export async function watchSnapshots(options: SnapshotWatchOptions): Promise<void> {
  const { intervalMs, signal, clock, timer } = options;
  if (!(intervalMs > 0)) throw new SlipwayError("USAGE", "the interval must be more than nothing");
  const compare = comparison(options);
  const start = clock.now().getTime();
  let before: Snapshot | undefined;
  while (!signal.aborted) {
    const after = await taken(options);
    if (signal.aborted) return;
    if (after !== undefined && before === undefined) {
      await options.onBaseline?.(after);
      before = after;
    } else if (after !== undefined && before !== undefined) {
      const change = compare(before, after);
      if (change !== undefined) await options.onChange(change);
      before = change?.after ?? before;
    }
    const elapsed = clock.now().getTime() - start;
    await timer.sleep(intervalMs - (elapsed % intervalMs), signal);
  }
}

function comparison({
  ignore = [],
  clock,
}: SnapshotWatchOptions): (before: Snapshot, after: Snapshot) => SnapshotChange | undefined {
  const ignored = ignoredPaths(ignore);
  return (before, latest) => {
    const after = withLastMeasured(before, latest);
    const patch = snapshotPatch(snapshotTree(before), snapshotTree(after), ignored);
    if (patch.length === 0) return undefined;
    const time = latest.metadata.timestamp ?? clock.now().toISOString();
    return { time, patch, difference: diffSnapshots(before, after, { ignore }), before, after };
  };
}

/** A change as one line of JSON. */
export function changeTree({ time, patch }: SnapshotChange): TreeMap {
  return { time, patch };
}

async function taken({ take, signal, onFailure }: SnapshotWatchOptions): Promise<Snapshot | undefined> {
  try {
    return await take(signal);
  } catch (error) {
    if (!signal.aborted)
      onFailure(error instanceof SlipwayError ? error : new SlipwayError("BUG", messageOf(error), { cause: error }));
    return undefined;
  }
}

/** What a failed collector measured before, in the place of what it did not measure now. */
function withLastMeasured(before: Snapshot, after: Snapshot): Snapshot {
  const failed = new Set<string>(
    COLLECTOR_NAMES.filter((name) => after.metadata.notMeasured?.has(name)).map((name) => COLLECTOR_TYPES[name]),
  );
  const measured = new Set(after.measurements.map(({ type }) => type));
  const kept = before.measurements.filter(({ type }) => failed.has(type) && !measured.has(type));
  return kept.length === 0 ? after : { ...after, measurements: [...after.measurements, ...kept] };
}
