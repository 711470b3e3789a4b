import { commandNamed, type Argument, type Command, type CommandEntry, type Program } from "../command.ts";
import { commandPlace, flagsBefore } from "../command-place.ts";
import type { Completion, Flag, Suggestion } from "../flag.ts";
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
 */
export async function completeWords(program: Program, words: readonly string[]): Promise<Completed> {
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? "";
  const global = globalFlags(program.envPrefix);
  const at = commandPlace(program, before);
  if (at < 0) {
    const early = flagsBefore(program);
    const waiting = valueFlag(early, before.at(-1) ?? "");
    if (waiting !== undefined) return completeValue(waiting.choices, waiting.completion, word, "");
    if (word.startsWith("-")) return flagNames([...(program.persistentFlags ?? []), ...Object.values(global)], word);
    return { ...NOTHING, suggestions: matching(word, commandNames(program.commands)) };
  }
  const command = await commandNamed(program.commands, before[at])?.load();
  if (command === undefined) return NOTHING;
  const behind = before.slice(at + 1);
  const below = command.run === undefined ? commandPlace(program, behind) : 0;
  const inner = commandNamed(command.subcommands ?? [], behind[below]);
  const rest = inner === undefined ? behind : behind.toSpliced(below, 1);
  const chosen = inner === undefined ? command : await inner.load();
  const flags = [...chosen.flags, ...(program.persistentFlags ?? [])];
  return completeCommand(chosen, [...flags, global.debug, global.logJson, global.help], rest, word);
}

async function completeCommand(
  command: Command,
  flags: readonly Flag<unknown>[],
  before: readonly string[],
  word: string,
): Promise<Completed> {
  const waiting = valueFlag(flags, before.at(-1) ?? "");
  if (waiting !== undefined) return completeValue(waiting.choices, waiting.completion, word, "");
  const inline = inlineValue(flags, word);
  if (inline !== undefined)
    return completeValue(inline.flag.choices, inline.flag.completion, inline.text, inline.prefix);
  if (word.startsWith("-")) return flagNames(flags, word);
  const isFirst = command.run === undefined ? positionalCount(flags, before) === 0 : before.length === 0;
  if (isFirst && command.subcommands !== undefined)
    return { ...NOTHING, suggestions: matching(word, commandNames(command.subcommands)) };
  const argument = argumentAt(command.args ?? [], positionalCount(flags, before));
  return argument === undefined ? NOTHING : completeValue([], argument.completion ?? "none", word, "");
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
  choices: readonly string[],
  completion: Completion,
  word: string,
  prefix: string,
): Promise<Completed> {
  if (completion === "files" || completion === "directories") return { suggestions: [], also: completion };
  const found = completion === "none" ? [] : await completion(word);
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
