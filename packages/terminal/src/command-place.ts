import { commandNamed, type Command, type CommandEntry, type Program } from "./command.ts";
import type { Flag } from "./flag.ts";

/**
 * Where the command stands among the words: the first that is no flag and not the value of a flag that may stand before
 * it: the one that names a configuration file, and those of all commands.
 *
 * @returns -1 where there is no command
 */
export function commandPlace(
  program: Pick<Program, "configuration" | "persistentFlags">,
  words: readonly string[],
): number {
  const spellings = new Set(
    flagsBefore(program)
      .filter(({ placeholder }) => placeholder !== undefined)
      .flatMap(spell),
  );
  return words.findIndex((word, index) => !word.startsWith("-") && !spellings.has(words[index - 1] ?? ""));
}

/** The flags that may stand before a command. */
export function flagsBefore({
  configuration,
  persistentFlags = [],
}: Pick<Program, "configuration" | "persistentFlags">): readonly Flag<unknown>[] {
  return configuration === undefined ? persistentFlags : [configuration.flag, ...persistentFlags];
}

function spell({ name, aliases, short }: Flag<unknown>): readonly string[] {
  return [...[name, ...aliases].map((long) => `--${long}`), ...(short === undefined ? [] : [`-${short}`])];
}

/** A command below another one, and the words without the one that named it. */
export interface Descent {
  /** Absent where the words name none. */
  readonly entry: CommandEntry | undefined;
  readonly rest: readonly string[];
}

/** Finds the command below another one: behind flags of all commands only where the other is a group. */
export function descend(
  program: Pick<Program, "configuration" | "persistentFlags">,
  command: Command,
  words: readonly string[],
): Descent {
  const at = command.run === undefined ? commandPlace(program, words) : 0;
  const word = words[at] ?? "";
  const entry = commandNamed(command.subcommands ?? [], word);
  if (entry === undefined) return { entry, rest: words };
  return { entry, rest: words.toSpliced(at, 1, ...(entry.spelling?.(word) ?? [])) };
}
