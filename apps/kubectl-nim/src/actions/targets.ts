import { SlipwayError, didYouMean } from "@slipway/base";
import { NIM_KINDS, nimKindOf, type NimKindNames } from "@slipway/serving";

/** What a command line names: an object, or all of a kind. */
export interface Target {
  readonly kind: NimKindNames;
  /** Absent: all of the kind. */
  readonly name: string | undefined;
}

/** One object. */
export interface NamedTarget extends Target {
  readonly name: string;
}

/**
 * Reads `KIND`, `KIND NAME NAME`, or any number of `KIND/NAME`, as kubectl does.
 *
 * @returns what is named, without repetitions, in the order of the words
 * @throws SlipwayError USAGE for no words, an unknown kind, an empty name or both forms at once
 */
export function targetsOf(words: readonly string[]): readonly Target[] {
  const [first = "", ...names] = words;
  const targets = first.includes("/") ? words.map(slashTarget) : spaced(kindOf(first), names);
  const seen = new Map(targets.map((target) => [`${target.kind.kind}/${target.name ?? ""}`, target]));
  return [...seen.values()];
}

/**
 * Reads one object: `KIND NAME` or `KIND/NAME`.
 *
 * @param usage how the command is called, for the hint
 * @throws SlipwayError USAGE for anything else
 */
export function oneTarget(words: readonly string[], usage: string): NamedTarget {
  const [target, ...more] = targetsOf(words);
  if (target === undefined || target.name === undefined)
    throw new SlipwayError("USAGE", `which ${target?.kind.singular ?? "object"} is meant? NAME is missing`, {
      hint: `Usage: ${usage}`,
    });
  if (more.length > 0)
    throw new SlipwayError("USAGE", `it takes one object at a time; what is ${more.map(shown).join(", ")}?`, {
      hint: `Usage: ${usage}`,
    });
  return { kind: target.kind, name: target.name };
}

/** Whether a word is one that {@link targetsOf} understands as a kind, or a kind with a name. */
export function namesKind(word: string): boolean {
  return nimKindOf(word.split("/")[0] ?? "") !== undefined;
}

function spaced(kind: NimKindNames, names: readonly string[]): readonly Target[] {
  if (names.length === 0) return [{ kind, name: undefined }];
  return names.map((name) => {
    if (name.includes("/"))
      throw new SlipwayError(
        "USAGE",
        `"${name}" stands behind ${kind.singular}: give KIND NAME... or KIND/NAME..., not both`,
      );
    return { kind, name: checkedName(name, kind) };
  });
}

function slashTarget(word: string): Target {
  const [kindWord = "", name, ...rest] = word.split("/");
  const kind = kindOf(kindWord);
  if (name === undefined)
    throw new SlipwayError("USAGE", `"${word}" names no object: give ${kind.singular}/NAME for each`);
  if (rest.length > 0) throw new SlipwayError("USAGE", `"${word}" has more than one slash: expected KIND/NAME`);
  return { kind, name: checkedName(name, kind) };
}

function checkedName(name: string, kind: NimKindNames): string {
  if (name !== "") return name;
  throw new SlipwayError("USAGE", `the name of the ${kind.singular} is empty`);
}

function kindOf(word: string): NimKindNames {
  const kind = nimKindOf(word);
  if (kind !== undefined) return kind;
  const names = Object.values(NIM_KINDS).flatMap(({ singular, plural }) => [singular, plural]);
  throw new SlipwayError("USAGE", `"${word}" is no kind that this program knows: nimservice or nimcache`, {
    hint: didYouMean(word.toLowerCase(), names),
  });
}

function shown({ kind, name }: Target): string {
  return `${kind.singular}/${name ?? ""}`;
}
