import type { Given, SpecField } from "./field.ts";
import { booleanOf, textsOf } from "./check-values.ts";

/** Reads given values that {@link valueProblems} found nothing wrong with. */
export interface Values<Flag extends string> {
  /** The last value; nothing when none was given, or an empty one. */
  text(flag: Flag): string | undefined;
  /** As `text`, or what counts where nothing is said. */
  textOrFallback(flag: Flag): string;
  /** All values, lists taken apart. */
  texts(flag: Flag): readonly string[];
  number(flag: Flag): number | undefined;
  boolean(flag: Flag): boolean | undefined;
  /** Whether a value was given that does not mean the same as none. */
  isGiven(flag: Flag): boolean;
  /** Whether an empty text was given on purpose: `--auth-secret=`. */
  isEmptied(flag: Flag): boolean;
}

/** The values of some fields. */
export function valuesOf<Flag extends string>(
  fields: readonly (SpecField & { readonly flag: Flag })[],
  given: Given<Flag>,
): Values<Flag> {
  const byFlag = new Map<string, SpecField>(fields.map((field) => [field.flag, field]));
  const texts = (flag: Flag): readonly string[] => {
    const field = byFlag.get(flag);
    return field === undefined ? [] : textsOf(field, given).filter((text) => text !== field.unset);
  };
  const text = (flag: Flag): string | undefined => {
    const last = texts(flag).at(-1);
    return last !== undefined && byFlag.get(flag)?.anyCase === true ? last.toLowerCase() : last;
  };
  return {
    text,
    textOrFallback: (flag) => text(flag) ?? byFlag.get(flag)?.fallback ?? "",
    texts,
    number: (flag) => {
      const found = text(flag);
      return found === undefined ? undefined : Number(found);
    },
    boolean: (flag) => booleanOf(text(flag) ?? ""),
    isGiven: (flag) => texts(flag).length > 0,
    isEmptied: (flag) => texts(flag).length === 0 && (given[flag] ?? []).some((given) => given.trim() === ""),
  };
}

/** A map without the entries that have no value. */
export function present<Value>(entries: Readonly<Record<string, Value | undefined>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
