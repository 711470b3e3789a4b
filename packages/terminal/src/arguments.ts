import { SlipwayError, didYouMean } from "@slipway/base";
import type { Flag, GivenText } from "./flag.ts";
import { tokensOf, type Token } from "./tokens.ts";

/** A command line taken apart. */
export interface ParsedArguments {
  /** Texts by the long name of their flag, in the order in which they were given. */
  readonly given: ReadonlyMap<string, readonly GivenText[]>;
  /** What is not a flag. */
  readonly positionals: readonly string[];
  /** The first `true` or `false` that stands behind a switch as if it were its value; it is among the positionals. */
  readonly stray?: StrayValue | undefined;
}

/** A word behind a switch that looks like its value; Go programs and ours take it for an argument. */
export interface StrayValue {
  /** How the switch is written with a value, `--pvc-create=true`. */
  readonly meant: string;
  /** The switch as it was written. */
  readonly option: string;
  readonly value: string;
}

/**
 * Takes the words of a command line apart the way Go programs do: `--flag value`, `--flag=value`, `-f value`, `-fvalue`,
 * `-f=value`, `--switch=false`, `-ab`, and `--` before words that are no flags.
 *
 * @throws SlipwayError USAGE for an unknown flag (with the nearest), a missing value, or a flag given twice that takes
 * one value; aliases count as the same flag
 */
export function parseArguments(flags: readonly Flag<unknown>[], words: readonly string[]): ParsedArguments {
  const byName = flagsByName(flags);
  const takesValue = (option: string): boolean => byName.get(option)?.flag.placeholder !== undefined;
  const given = new Map<string, GivenText[]>();
  const positionals: string[] = [];
  let before: Token | undefined;
  let stray: StrayValue | undefined;
  for (const token of tokensOf(words, takesValue)) {
    const last = before;
    before = token;
    if (token.kind === "positional") {
      positionals.push(token.value);
      stray ??= last?.kind === "option" ? strayOf(byName.get(last.rawName)?.flag, last, token.value, words) : undefined;
      continue;
    }
    const { flag, negated } = lookUp(byName, token.rawName);
    const text = textOf(flag, negated, token);
    given.set(flag.name, [...(given.get(flag.name) ?? []), { text, origin: token.rawName }]);
  }
  for (const flag of flags) refuseTwice(flag, given.get(flag.name) ?? []);
  return { given, positionals, stray };
}

interface Named {
  readonly flag: Flag<unknown>;
  readonly negated: boolean;
}

/** Each spelling with its dashes; switches have a `--no-` form (or, when they start with it, one without). */
function flagsByName(flags: readonly Flag<unknown>[]): ReadonlyMap<string, Named> {
  const names = new Map<string, Named>();
  for (const flag of flags) {
    for (const name of [flag.name, ...flag.aliases]) {
      names.set(`--${name}`, { flag, negated: false });
      if (flag.placeholder === undefined) names.set(`--${opposite(name)}`, { flag, negated: true });
    }
    if (flag.short !== undefined) names.set(`-${flag.short}`, { flag, negated: false });
  }
  return names;
}

function opposite(name: string): string {
  return name.startsWith("no-") ? name.slice(3) : `no-${name}`;
}

function lookUp(byName: ReadonlyMap<string, Named>, spelling: string): Named {
  const named = byName.get(spelling);
  if (named !== undefined) return named;
  const known = [...byName].filter(([, { flag, negated }]) => !flag.hidden && !negated).map(([name]) => name);
  const hint = didYouMean(spelling, known) ?? "Run the command with --help to see its flags.";
  throw new SlipwayError("USAGE", `unknown flag ${spelling}`, { hint });
}

function textOf(flag: Flag<unknown>, negated: boolean, token: Extract<Token, { kind: "option" }>): string {
  if (flag.placeholder !== undefined) {
    if (token.value === undefined)
      throw new SlipwayError("USAGE", `${token.rawName} needs a value: ${token.rawName} ${flag.placeholder}`);
    const behindLetter = token.inlineValue && !token.rawName.startsWith("--");
    return behindLetter ? token.value.replace(/^=/, "") : token.value;
  }
  if (token.value === undefined) return String(!negated);
  return negated ? String(!/^(?:1|t|true)$/i.test(token.value)) : token.value;
}

function strayOf(
  flag: Flag<unknown> | undefined,
  { rawName: option, value: own }: Extract<Token, { kind: "option" }>,
  value: string,
  words: readonly string[],
): StrayValue | undefined {
  if (flag === undefined || flag.placeholder !== undefined || own !== undefined) return undefined;
  if (!/^(?:true|false)$/i.test(value)) return undefined;
  // Behind `--` it is meant as an argument.
  const isNext = words.some((word, at) => word.startsWith("-") && word !== "--" && words[at + 1] === value);
  const meant = `${option.startsWith("--") ? option : `--${flag.name}`}=${value}`;
  return isNext ? { meant, option, value } : undefined;
}

function refuseTwice(flag: Flag<unknown>, given: readonly GivenText[]): void {
  if (flag.repeat !== "refused" || given.length < 2) return;
  const spellings = [...new Set(given.map(({ origin }) => origin))];
  const what =
    spellings.length === 1 ? `${spellings[0]} is given twice` : `${spellings.join(" and ")} are the same flag`;
  throw new SlipwayError("USAGE", what, { hint: "It takes one value: give it once." });
}
