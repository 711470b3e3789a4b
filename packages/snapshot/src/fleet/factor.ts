import type { Measurement, Reading, Subtype } from "../model.ts";
import { compareTypes, sortedEntries } from "../order.ts";
import type { Lack } from "./fleet-model.ts";
import type { ReadingsTable, SubtypeColumns } from "./readings-table.ts";
import type { Runs } from "./runs.ts";

/** What nodes have in common, and what each has beside it. */
export interface Factored {
  readonly common: readonly Measurement[];
  /** By the index of the node. */
  readonly own: readonly OwnReadings[];
}

/** What is a node's own. */
export interface OwnReadings {
  readonly measurements: readonly Measurement[];
  readonly lacks: readonly Lack[];
}

/** Takes out, in the order of documents, what more than half of the nodes have alike; what a node has otherwise, or lacks, stays with it. */
export function factorOut(table: ReadingsTable, nodes: number): Factored {
  const drafts = Array.from({ length: nodes }, () => new Draft());
  const common: Measurement[] = [];
  for (const [type, { present, subtypes }] of [...table].sort(([left], [right]) => compareTypes(left, right))) {
    const shared = present.majority(nodes) === true;
    tellPresence(
      present,
      shared,
      drafts,
      (draft) => draft.subtypesOf(type),
      (draft) => draft.lacks.push({ type }),
    );
    const all = sortedEntries(subtypes).map(([name, columns]) =>
      factorSubtype({ type, name }, columns, present, drafts),
    );
    if (shared) common.push({ type, subtypes: all.flatMap((subtype) => subtype ?? []) });
  }
  return { common, own: drafts.map((draft) => ({ measurements: draft.measurements(), lacks: draft.lacks })) };
}

interface Name {
  readonly type: string;
  readonly name: string;
}

/** @returns what is common of the subtype; nothing when most nodes do not have it */
function factorSubtype(
  { type, name }: Name,
  { present, data, context }: SubtypeColumns,
  within: Runs<true>,
  drafts: readonly Draft[],
): Subtype | undefined {
  const shared = present.majority(drafts.length) === true;
  const own = (draft: Draft): DraftSubtype => draft.subtype(type, name);
  const hasType = presence(within, drafts.length);
  const hasSubtype = presence(present, drafts.length);
  tellPresence(present, shared, drafts, own, (draft, index) => {
    if (hasType[index] === true) draft.lacks.push({ type, subtype: name });
  });
  const common = new Map<string, Reading>();
  for (const [key, runs] of sortedEntries(data)) {
    const most = runs.majority(drafts.length);
    if (most !== undefined) common.set(key, most);
    eachOther(runs, most, drafts, (draft, index, value) => {
      if (value !== undefined) own(draft).data.set(key, value);
      else if (most !== undefined && hasSubtype[index] === true) draft.lackKey(type, name, key);
    });
  }
  const mostContext = context.majority(drafts.length);
  eachOther(context, mostContext, drafts, (draft, _, value) => {
    if (value !== undefined && (mostContext !== undefined || value !== "[]")) own(draft).context = contextOf(value);
  });
  if (!shared) return undefined;
  const entries = mostContext === undefined ? undefined : contextOf(mostContext);
  return { name, data: common, ...(entries === undefined || entries.size === 0 ? {} : { context: entries }) };
}

function presence(runs: Runs<true>, nodes: number): readonly boolean[] {
  return [...runs.over(nodes)].flatMap(({ value, from, to }) =>
    Array.from({ length: to - from }, () => value === true),
  );
}

function tellPresence(
  runs: Runs<true>,
  shared: boolean,
  drafts: readonly Draft[],
  add: (draft: Draft) => unknown,
  lack: (draft: Draft, index: number) => unknown,
): void {
  eachOther(runs, shared ? true : undefined, drafts, (draft, index, value) => {
    if (value === true) add(draft);
    else if (shared) lack(draft, index);
  });
}

/** Calls for every node that does not have what most have. */
function eachOther<Value>(
  runs: Runs<Value>,
  most: Value | undefined,
  drafts: readonly Draft[],
  tell: (draft: Draft, index: number, value: Value | undefined) => void,
): void {
  for (const { value, from, to } of runs.over(drafts.length)) {
    if (most !== undefined && Object.is(value, most)) continue;
    for (let index = from; index < to; index++) {
      const draft = drafts[index];
      if (draft !== undefined) tell(draft, index, value);
    }
  }
}

function contextOf(text: string): ReadonlyMap<string, string> {
  const entries: readonly (readonly [string, string])[] = JSON.parse(text);
  return new Map(entries);
}

interface DraftSubtype {
  readonly data: Map<string, Reading>;
  context?: ReadonlyMap<string, string>;
}

/** What is a node's own, while it is gathered. */
class Draft {
  readonly lacks: Lack[] = [];
  readonly #types = new Map<string, Map<string, DraftSubtype>>();
  #keys: { readonly type: string; readonly subtype: string; readonly keys: string[] } | undefined;

  subtypesOf(type: string): Map<string, DraftSubtype> {
    const found = this.#types.get(type) ?? new Map<string, DraftSubtype>();
    this.#types.set(type, found);
    return found;
  }

  subtype(type: string, name: string): DraftSubtype {
    const subtypes = this.subtypesOf(type);
    const found = subtypes.get(name) ?? { data: new Map<string, Reading>() };
    subtypes.set(name, found);
    return found;
  }

  /** Keys of one subtype come one after another. */
  lackKey(type: string, subtype: string, key: string): void {
    if (this.#keys?.type === type && this.#keys.subtype === subtype) {
      this.#keys.keys.push(key);
      return;
    }
    this.#keys = { type, subtype, keys: [key] };
    this.lacks.push(this.#keys);
  }

  measurements(): readonly Measurement[] {
    return [...this.#types].map(([type, subtypes]) => ({
      type,
      subtypes: [...subtypes].map(([name, { data, context }]) => ({ name, data, ...(context && { context }) })),
    }));
  }
}
