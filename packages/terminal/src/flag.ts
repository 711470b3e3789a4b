import { SlipwayError, didYouMean, durationText, parseDuration } from "@slipway/base";

/** What may stand for a value or an argument on the command line. */
export interface Suggestion {
  readonly value: string;
  readonly description?: string | undefined;
  /** Whether more of the same word follows, so that the shell must not add a space. */
  readonly open?: boolean | undefined;
}

/** What stands on the command line before the word that is completed. */
export interface CompletionLine {
  /** The words that are no flags. */
  readonly args: readonly string[];
  /** The value of a flag. Throws for one that has no place there, which completes to nothing. */
  readonly read: <Value>(flag: Flag<Value>) => Value;
  /** Whether a flag is on the line, or has a value from elsewhere. */
  readonly isGiven: (flag: Flag<unknown>) => boolean;
}

/** How a word is completed: by the shell's file names, not at all, or by what a function finds. */
export type Completion =
  | "files"
  | "directories"
  | "none"
  | ((word: string, line: CompletionLine) => Promise<readonly Suggestion[]>);

/** A text given for a flag, and where it was given: `--gpu`, `AICR_DEBUG`, `config.yaml: defaults.gpu`. */
export interface GivenText {
  readonly text: string;
  readonly origin: string;
}

/**
 * A flag of a command. Its value is read with `context.read(flag)`, so the type of the value travels with the flag and
 * nothing has to be cast.
 */
export interface Flag<Value> {
  /** Long name without dashes. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** One letter. */
  readonly short?: string | undefined;
  /** What help shows for the value; absent for a switch. */
  readonly placeholder?: string | undefined;
  readonly summary: string;
  /** Heading in help. */
  readonly group: string;
  readonly hidden: boolean;
  /** Environment variable that counts when the flag is not given. */
  readonly env?: string | undefined;
  /** What a second use means: an error, the last one counts, or one more entry. */
  readonly repeat: "refused" | "last" | "list";
  readonly choices: readonly string[];
  readonly defaultText?: string | undefined;
  readonly completion: Completion;
  /** Throws USAGE for a text that has no place here. */
  decode(given: readonly GivenText[]): Value;
}

/** What every flag may say about itself. */
export interface FlagOptions {
  readonly summary: string;
  readonly group: string;
  readonly aliases?: readonly string[];
  readonly short?: string;
  readonly hidden?: boolean;
  readonly env?: string;
}

/** What a flag with a value may say beside that. */
export interface ValueFlagOptions extends FlagOptions {
  readonly placeholder: string;
  readonly completion?: Completion;
  /** Whether giving it twice is an error (default) or the last one counts. */
  readonly repeat?: "refused" | "last";
}

/** A flag that is on or off (`fallback`, unless told: off); `--name`, `--name=false` and `--no-name` are understood. */
export function switchFlag(name: string, options: FlagOptions & { readonly fallback?: boolean }): Flag<boolean> {
  const { fallback = false } = options;
  return {
    ...common(name, options),
    repeat: "last",
    choices: [],
    ...(fallback ? { defaultText: "true" } : {}),
    completion: "none",
    decode: (given) => (given.length === 0 ? fallback : booleanOf(last(given))),
  };
}

/** A flag with a text; nothing when it is not given, an empty text when that was given. */
export function textFlag(name: string, options: ValueFlagOptions): Flag<string | undefined> {
  return { ...valued(name, options), choices: [], decode: (given) => given.at(-1)?.text };
}

/** A flag with a whole number; an empty text counts as absent. */
export function integerFlag(name: string, options: ValueFlagOptions): Flag<number | undefined> {
  return {
    ...valued(name, options),
    choices: [],
    decode: (given) => (given.length === 0 ? undefined : integerOf(last(given))),
  };
}

/**
 * A flag with a duration as Go writes it (`30s`, `5m`, `1h30m`), read as milliseconds; `0` is none at all.
 *
 * @param fallback milliseconds that count when the flag is not given
 */
export function durationFlag<Fallback extends number | undefined>(
  name: string,
  fallback: Fallback,
  options: ValueFlagOptions,
): Flag<number | Fallback> {
  return {
    ...valued(name, options),
    choices: [],
    ...(fallback === undefined ? {} : { defaultText: durationText(fallback) }),
    decode: (given) => (given.length === 0 ? fallback : durationOf(last(given))),
  };
}

/** A flag with one of a few values, compared with case, and the value that counts when it is not given. */
export function choiceFlag<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
  options: ValueFlagOptions,
): Flag<Choice> {
  return {
    ...valued(name, options),
    choices,
    defaultText: fallback,
    decode: (given) => (given.length === 0 ? fallback : choiceOf(last(given), choices)),
  };
}

/** A flag that may be given many times; `split` takes each text apart at its commas. */
export function listFlag(
  name: string,
  options: FlagOptions & { readonly placeholder: string; readonly split: boolean; readonly completion?: Completion },
): Flag<readonly string[]> {
  return {
    ...valued(name, options),
    repeat: "list",
    choices: [],
    decode: (given) =>
      given.flatMap(({ text }) => (options.split ? text.split(",").map((part) => part.trim()) : [text])),
  };
}

type Common = Pick<Flag<unknown>, "name" | "aliases" | "short" | "summary" | "group" | "hidden" | "env">;

function common(name: string, options: FlagOptions): Common {
  const { summary, group, aliases = [], short, hidden = false, env } = options;
  return { name, aliases, short, summary, group, hidden, env };
}

function valued(
  name: string,
  options: FlagOptions & { placeholder: string; completion?: Completion; repeat?: "refused" | "last" },
): Common & Pick<Flag<unknown>, "placeholder" | "completion" | "repeat"> {
  const { placeholder, completion = "none", repeat = "refused" } = options;
  return { ...common(name, options), placeholder, completion, repeat };
}

function last(given: readonly GivenText[]): GivenText {
  return given.at(-1) ?? { text: "", origin: "" };
}

const TRUE = new Set(["1", "t", "T", "true", "True", "TRUE"]);
const FALSE = new Set(["0", "f", "F", "false", "False", "FALSE", ""]);

function booleanOf({ text, origin }: GivenText): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new SlipwayError("USAGE", `${origin} takes true or false, not "${text}"`);
}

function integerOf({ text, origin }: GivenText): number | undefined {
  if (text.trim() === "") return undefined;
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text.trim()) || !Number.isSafeInteger(value))
    throw new SlipwayError("USAGE", `${origin} takes a whole number, not "${text}"`);
  return value;
}

function durationOf({ text, origin }: GivenText): number {
  const value = parseDuration(text);
  if (value !== undefined) return value;
  const hint = /^\s*\d+(\.\d+)?\s*$/.test(text) ? `Did you mean ${text.trim()}s?` : undefined;
  throw new SlipwayError("USAGE", `${origin} takes a duration such as 30s or 5m, not "${text}"`, { hint });
}

function choiceOf<Choice extends string>({ text, origin }: GivenText, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice !== undefined) return choice;
  const hint = didYouMean(text, choices);
  throw new SlipwayError("USAGE", `${origin} takes ${listOf(choices)}, not "${text}"`, { hint });
}

/** `a, b or c`. */
export function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}
