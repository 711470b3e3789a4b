import { commandNamed, type Argument, type Command, type CommandEntry, type Program } from "../command.ts";
import { commandPlace, descend, flagsBefore } from "../command-place.ts";
import { parseArguments } from "../arguments.ts";
import type { CompletionLine, Flag, Suggestion } from "../flag.ts";
import { flagValues } from "../values.ts";
import { globalFlags } from "../global-flags.ts";

/** What a shell can offer for the word under the cursor. */
export interface Completed {
  readonly suggestions: readonly Suggestion[];
  /** What the shell adds of its own. */
  readonly also: "files" | "directories" | "nothing";
}

const NOTHING: Completed = { suggestions: [], also: "nothing" };

/**
 * Completes a command line.
 *
 * @param words what stands behind the program's name up to the cursor; the last one is being written and may be empty
 * @param env where flags have their values from that are not given
 */
export async function completeWords(
  program: Program,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Completed> {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? "";
  const at = commandPlace(program, before);
  if (at < 0) return completeRoot(program, before, word, env);
  const command = await commandNamed(program.commands, before[at])?.load();
  if (command === undefined) return NOTHING;
  const { entry: inner, rest } = descend(program, command, before.slice(at + 1));
  const chosen = inner === undefined ? command : await inner.load();
  const flags = flagsOf(program, chosen);
  const isWaiting = valueFlag(flags, rest.at(-1) ?? "") !== undefined;
  const line = lineOf(flags, [...before.slice(0, at), ...(isWaiting ? rest.slice(0, -1) : rest)], env);
  return completeCommand({ command: chosen, flags, before: rest, line }, word);
}

async function completeRoot(
  program: Program,
  before: readonly string[],
  word: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Completed> {
  const early = flagsBefore(program);
  const waiting = valueFlag(early, before.at(-1) ?? "");
  if (waiting !== undefined) return completeValue(waiting, word, lineOf(early, before.slice(0, -1), env));
  const inline = inlineValue(early, word);
  if (inline !== undefined) return completeValue(inline.flag, inline.text, lineOf(early, before, env), inline.prefix);
  const all = [...(program.persistentFlags ?? []), ...Object.values(globalFlags(program.envPrefix))];
  if (word.startsWith("-")) return flagNames(all, word);
  return { ...NOTHING, suggestions: matching(word, commandNames(program.commands)) };
}

function flagsOf({ envPrefix, persistentFlags = [] }: Program, { flags }: Command): readonly Flag<unknown>[] {
  const { debug, logJson, help } = globalFlags(envPrefix);
  return [...flags, ...persistentFlags, debug, logJson, help];
}

/** What the words before say; nothing where they make no sense. */
function lineOf(
  flags: readonly Flag<unknown>[],
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): CompletionLine {
  try {
    const parsed = parseArguments(flags, words);
    return { args: parsed.positionals, ...flagValues(parsed, env, []) };
  } catch {
    return { args: [], ...flagValues({ given: new Map(), positionals: [] }, env, []) };
  }
}

/** The command line up to the word that is completed. */
interface Place {
  readonly command: Command;
  readonly flags: readonly Flag<unknown>[];
  readonly before: readonly string[];
  readonly line: CompletionLine;
}

async function completeCommand({ command, flags, before, line }: Place, word: string): Promise<Completed> {
  const waiting = valueFlag(flags, before.at(-1) ?? "");
  if (waiting !== undefined) return completeValue(waiting, word, line);
  const inline = inlineValue(flags, word);
  if (inline !== undefined) return completeValue(inline.flag, inline.text, line, inline.prefix);
  if (word.startsWith("-")) return flagNames(flags, word);
  const isFirst = command.run === undefined ? positionalCount(flags, before) === 0 : before.length === 0;
  if (isFirst && command.subcommands !== undefined)
    return { ...NOTHING, suggestions: matching(word, commandNames(command.subcommands)) };
  const argument = argumentAt(command.args ?? [], positionalCount(flags, before));
  if (argument === undefined) return NOTHING;
  return completeValue({ choices: [], completion: argument.completion ?? "none" }, word, line);
}

/** The flag and the text of `--flag=text`. */
function inlineValue(
  flags: readonly Flag<unknown>[],
  word: string,
): { readonly flag: Flag<unknown>; readonly prefix: string; readonly text: string } | undefined {
  const end = word.indexOf("=");
  if (end < 0 || !word.startsWith("--")) return undefined;
  const flag = valueFlag(flags, word.slice(0, end));
  return flag === undefined ? undefined : { flag, prefix: word.slice(0, end + 1), text: word.slice(end + 1) };
}

/** The flag with a value that a word spells, and that has its value in the next word. */
function valueFlag(flags: readonly Flag<unknown>[], word: string): Flag<unknown> | undefined {
  return flags.find(
    ({ name, aliases, short, placeholder }) =>
      placeholder !== undefined && (word === `-${short}` || [name, ...aliases].some((long) => word === `--${long}`)),
  );
}

function argumentAt(declared: readonly Argument[], index: number): Argument | undefined {
  const last = declared.at(-1);
  return declared[index] ?? (last?.many === true ? last : undefined);
}

function positionalCount(flags: readonly Flag<unknown>[], before: readonly string[]): number {
  return before.filter(
    (word, index) => !word.startsWith("-") && valueFlag(flags, before[index - 1] ?? "") === undefined,
  ).length;
}

async function completeValue(
  { choices, completion }: Pick<Flag<unknown>, "choices" | "completion">,
  word: string,
  line: CompletionLine,
  prefix = "",
): Promise<Completed> {
  if (completion === "files" || completion === "directories") return { suggestions: [], also: completion };
  const found = completion === "none" ? [] : await completion(word, line);
  const all = [...choices.map((value): Suggestion => ({ value })), ...found];
  const suggestions = matching(word, all).map((one) => ({ ...one, value: prefix + one.value }));
  return { ...NOTHING, suggestions };
}

function flagNames(flags: readonly Flag<unknown>[], word: string): Completed {
  const names = flags
    .filter((flag) => !flag.hidden)
    .flatMap(({ name, aliases, summary }) =>
      [name, ...aliases].map((long) => ({ value: `--${long}`, description: summary })),
    );
  return { ...NOTHING, suggestions: matching(word, names) };
}

function commandNames(entries: readonly CommandEntry[]): readonly Suggestion[] {
  return entries.map(({ name, summary }) => ({ value: name, description: summary }));
}

function matching(word: string, suggestions: readonly Suggestion[]): readonly Suggestion[] {
  return suggestions.filter(({ value }) => value.startsWith(word));
}

/** What Cobra calls shell completion directives; our scripts and Cobra's own understand them. */
const DIRECTIVES = { noSpace: 2, noFiles: 4, directories: 16 } as const;

/** The answer of `__complete`: a line for each suggestion, a tab before its description, and `:DIRECTIVES` at the end. */
export function printCompletion({ suggestions, also }: Completed): string {
  const open = suggestions.some((suggestion) => suggestion.open === true) ? DIRECTIVES.noSpace : 0;
  const own = { files: 0, directories: DIRECTIVES.directories, nothing: DIRECTIVES.noFiles }[also];
  const lines = suggestions.map(({ value, description }) =>
    description === undefined ? value : `${value}\t${description.replaceAll(/\s+/g, " ")}`,
  );
  return `${[...lines, `:${open + own}`].join("\n")}\n`;
}
