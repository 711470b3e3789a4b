import { SlipwayError, messageOf } from "@slipway/base";
import { isForbidden } from "@slipway/kube";
import type { Collected } from "../collector.ts";
import type { Subtype } from "../model.ts";
import { NoCluster } from "./reader.ts";

/** One of the things that a collector reads; the parts are read at once. */
export interface Part {
  /** What is read, in a sentence: `the images of pods`. */
  readonly what: string;
  /** The right that reading it needs, in a sentence: `list on pods in all namespaces`. */
  readonly right: string;
  /** The subtypes that stand for it when it cannot be read: they are empty then. */
  readonly subtypes: readonly string[];
  read(signal: AbortSignal): Promise<Collected>;
}

/**
 * Reads parts at once. What is forbidden, or fails for itself, is left empty with a note. Without a cluster every part is
 * empty, with one note.
 *
 * @throws SlipwayError when every part failed and there is a cluster; what `signal` was aborted with
 */
export async function collectParts(parts: readonly Part[], signal: AbortSignal): Promise<Collected> {
  const outcomes = await Promise.allSettled(parts.map(async (part) => part.read(signal)));
  signal.throwIfAborted();
  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
  const absent = failures.find((failure) => failure instanceof NoCluster);
  if (absent !== undefined) {
    return { subtypes: parts.flatMap(emptySubtypes), notes: [noClusterNote(absent)], failures: [absent] };
  }
  const [first] = failures;
  if (failures.length === parts.length && first !== undefined && !failures.some(isForbidden)) throw first;
  const collected = outcomes.map((outcome, index): Collected => {
    const part = parts[index];
    if (outcome.status === "fulfilled") return outcome.value;
    if (part === undefined || !(outcome.reason instanceof SlipwayError)) throw outcome.reason;
    return { subtypes: emptySubtypes(part), notes: [noteOf(part, outcome.reason)], failures: [outcome.reason] };
  });
  const unread = collected.flatMap((each) => each.failures ?? []);
  return {
    subtypes: collected.flatMap(({ subtypes }) => subtypes),
    notes: collected.flatMap(({ notes }) => notes),
    ...(unread.length === 0 ? {} : { failures: unread }),
  };
}

function emptySubtypes({ subtypes }: Part): readonly Subtype[] {
  return subtypes.map((name) => ({ name, data: new Map() }));
}

function noClusterNote(error: SlipwayError): string {
  const hint = error.hint === undefined ? "" : ` ${error.hint}`;
  return `Nothing was read from a cluster: ${error.message}.${hint}`;
}

function noteOf({ what, right }: Part, error: unknown): string {
  const reason = isForbidden(error) ? `that needs the right ${right}` : messageOf(error);
  return `${capital(what)} could not be read: ${reason}.`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
