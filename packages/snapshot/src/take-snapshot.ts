import { SlipwayError, messageOf, type Clock } from "@slipway/base";
import { redactText } from "@slipway/base/redact";
import { chooseCollectors, type CollectorChoice } from "./collector-names.ts";
import type { Collected, Collector, CollectorName } from "./collector.ts";
import type { Measurement, Snapshot, Subtype } from "./model.ts";
import { compareTypes, orderedSnapshot } from "./order.ts";
import { redactMeasurements } from "./redact/redact.ts";

/** What a snapshot is made with. */
export interface TakeOptions extends CollectorChoice {
  readonly collectors: readonly Collector[];
  /** Milliseconds that each collector has. */
  readonly timeoutMs: number;
  /** Aborted at Ctrl-C: stops every collector. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Version of the program. */
  readonly version?: string | undefined;
  /** The node, or host, that is measured. */
  readonly sourceNode?: string | undefined;
  /** Told as each collector ends, in that order. */
  readonly onFinished?: ((finished: Finished) => void) | undefined;
}

/** How a collector ended. */
export interface Finished {
  readonly name: CollectorName;
  readonly durationMs: number;
  /** Why it gave nothing; absent when it gave something. */
  readonly error?: SlipwayError | undefined;
}

/** A snapshot, and what is to be said of it. */
export interface TakenSnapshot {
  readonly snapshot: Snapshot;
  /** Whether every collector that was asked gave something. */
  readonly complete: boolean;
  /** The collectors that gave nothing; also in the snapshot's `not-measured`. */
  readonly failures: readonly { readonly name: CollectorName; readonly error: SlipwayError }[];
  /** Why collectors that gave something could not read all of it. */
  readonly partFailures: readonly SlipwayError[];
  /** For standard error: what could not be read and what to do about it, failures included. */
  readonly notes: readonly string[];
  /** Names of the readings that held a secret, which was taken out. */
  readonly redacted: readonly string[];
}

/**
 * Runs collectors at once, each with its own time limit. One that fails or is late is told in the result and in the
 * snapshot, and the others go on. Secrets are taken out of whatever they give.
 *
 * @throws SlipwayError USAGE when no collector is chosen; the first failure's code when all of them fail, or nothing that
 * was asked for gave a reading; the reason of `signal` when that is aborted
 */
export async function takeSnapshot(options: TakeOptions): Promise<TakenSnapshot> {
  const chosen = chooseCollectors(options.collectors, options);
  options.signal.throwIfAborted();
  const outcomes = await Promise.all(chosen.map((collector) => runCollector(collector, options)));
  options.signal.throwIfAborted();
  const failures = outcomes.flatMap(({ collector: { name }, result }) =>
    result instanceof SlipwayError ? [{ name, error: result }] : [],
  );
  if (failures.length === outcomes.length) throw nothingMeasured(failures);
  const found = outcomes.flatMap(({ collector, result }) =>
    result instanceof SlipwayError ? [] : [{ collector, result }],
  );
  const unread = found.flatMap(({ collector: { name }, result }) =>
    (result.failures ?? []).map((error) => ({ name, error })),
  );
  const [firstUnread] = unread;
  if (firstUnread !== undefined && found.every(({ result }) => isEmpty(result))) {
    throw nothingMeasured([...failures, firstUnread]);
  }
  const { measurements, redacted, notes: unsafe } = redactMeasurements(mergeByType(found));
  const notMeasured = new Map(failures.map(({ name, error }) => [name, redactText(reasonOf(error))]));
  const snapshot = orderedSnapshot({
    metadata: {
      version: options.version,
      timestamp: timestampOf(options.clock),
      sourceNode: options.sourceNode,
      ...(notMeasured.size === 0 ? {} : { notMeasured }),
    },
    measurements,
  });
  const notes = [...failures.map(failureNote), ...found.flatMap(({ result }) => result.notes), ...unsafe];
  return {
    snapshot,
    complete: failures.length === 0,
    failures,
    partFailures: unread.map(({ error }) => error),
    notes: [...new Set(notes.map(redactText))],
    redacted,
  };
}

function isEmpty({ subtypes }: Collected): boolean {
  return subtypes.every(({ data }) => data.size === 0);
}

interface Outcome {
  readonly collector: Collector;
  readonly result: Collected | SlipwayError;
}

async function runCollector(collector: Collector, options: TakeOptions): Promise<Outcome> {
  const { timeoutMs, signal, clock, onFinished } = options;
  const started = clock.now().getTime();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(tooLate(collector.name, timeoutMs)), timeoutMs);
  let result: Collected | SlipwayError;
  try {
    // One that does not listen to its signal must not keep the others waiting.
    result = await untilAborted(AbortSignal.any([signal, limit.signal]), (stop) => collector.collect(stop));
  } catch (error) {
    result = limit.signal.aborted ? tooLate(collector.name, timeoutMs) : asSlipwayError(error);
  } finally {
    clearTimeout(timer);
  }
  const error = result instanceof SlipwayError ? result : undefined;
  if (!signal.aborted)
    onFinished?.({ name: collector.name, durationMs: clock.now().getTime() - started, ...(error && { error }) });
  return { collector, result };
}

async function untilAborted<Result>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work(signal), aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function tooLate(name: CollectorName, timeoutMs: number): SlipwayError {
  return new SlipwayError("TIMED_OUT", `no answer within ${timeoutMs / 1000} s`, {
    hint: `Give it more time with --timeout, or leave it out with --exclude ${name}.`,
  });
}

function asSlipwayError(error: unknown): SlipwayError {
  return error instanceof SlipwayError ? error : new SlipwayError("BUG", messageOf(error), { cause: error });
}

function nothingMeasured(failures: TakenSnapshot["failures"]): SlipwayError {
  const reasons = failures.map(({ name, error }) => `${name}: ${redactText(reasonOf(error))}`);
  const first = failures[0]?.error;
  return new SlipwayError(first?.code ?? "BUG", `nothing could be measured: ${reasons.join("; ")}`, {
    hint: first?.hint,
    cause: first,
  });
}

/** On one line, without what to do about it. */
function reasonOf(error: SlipwayError): string {
  const { message, place, code } = error;
  return new SlipwayError(code, message, { place }).describe().replaceAll(/\s*\n\s*/g, "; ");
}

function failureNote({ name, error }: TakenSnapshot["failures"][number]): string {
  const hint = error.hint ?? `Leave it out with --exclude ${name} if the node cannot have it.`;
  return `${name} was not measured: ${reasonOf(error)}. ${hint}`;
}

/** Whole seconds are enough, and all that others write. */
function timestampOf(clock: Clock): string {
  return clock
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
}

/** Several collectors may measure one type. */
function mergeByType(
  found: readonly { readonly collector: Collector; readonly result: Collected }[],
): readonly Measurement[] {
  const types = new Map<string, Subtype[]>();
  for (const { collector, result } of found) {
    types.set(collector.type, [...(types.get(collector.type) ?? []), ...result.subtypes]);
  }
  return [...types].map(([type, subtypes]) => ({ type, subtypes })).sort((a, b) => compareTypes(a.type, b.type));
}
