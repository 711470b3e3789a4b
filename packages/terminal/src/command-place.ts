import type { Program } from "./command.ts";

/**
 * Where the command stands among the words: the first that is no flag and not the value of the flag that names a
 * configuration file, the one flag with a value that may stand before it.
 *
 * @returns -1 where there is no command
 */
export function commandPlace({ configuration }: Pick<Program, "configuration">, words: readonly string[]): number {
  const flag = configuration === undefined ? undefined : `--${configuration.flag.name}`;
  return words.findIndex((word, index) => !word.startsWith("-") && (flag === undefined || words[index - 1] !== flag));
}
