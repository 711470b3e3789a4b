import type { ParsedArguments } from "./arguments.ts";
import type { Flag, GivenText } from "./flag.ts";

/** Texts for flags out of configuration files, by the long name of the flag. */
export type Defaults = ReadonlyMap<string, readonly GivenText[]>;

/** Reads the values of flags; see {@link flagValues}. */
export interface FlagValues {
  readonly read: <Value>(flag: Flag<Value>) => Value;
  readonly isGiven: (flag: Flag<unknown>) => boolean;
}

/**
 * The values of flags by rank: command line, environment, then each of `layers`, the strongest first. A layer counts as a
 * whole: a list on the command line is not added to one of a file.
 */
export function flagValues(
  parsed: ParsedArguments,
  env: Readonly<Record<string, string | undefined>>,
  layers: readonly Defaults[],
): FlagValues {
  const textsOf = (flag: Flag<unknown>): readonly GivenText[] => {
    const given = parsed.given.get(flag.name);
    if (given !== undefined) return given;
    const variable = flag.env === undefined ? undefined : env[flag.env];
    if (flag.env !== undefined && variable !== undefined && variable !== "")
      return [{ text: variable, origin: flag.env }];
    return layers.find((layer) => layer.has(flag.name))?.get(flag.name) ?? [];
  };
  return { read: (flag) => flag.decode(textsOf(flag)), isGiven: (flag) => textsOf(flag).length > 0 };
}
