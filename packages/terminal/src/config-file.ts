import {
  SlipwayError,
  cursorOf,
  didYouMean,
  enter,
  entries,
  isTreeList,
  items,
  locate,
  optionalText,
  parseYaml,
  parseYamlAsText,
  utf8Text,
  type Cursor,
  type Files,
} from "@slipway/base";
import type { Flag, GivenText } from "./flag.ts";
import type { Defaults } from "./values.ts";

const MAX_BYTES = 1024 * 1024;

/**
 * Reads a configuration file: `defaults` holds values of flags by their long name or an alias, a list for a flag that
 * may be repeated.
 *
 * @param known the flags of all commands; one that the running command lacks does no harm
 * @param ignored sections beside `defaults` that are accepted with a warning
 * @throws SlipwayError INVALID_INPUT with line and column for a bad file or an unknown key, naming the nearest
 */
export async function readConfiguration(
  files: Files,
  path: string,
  known: readonly Flag<unknown>[],
  ignored: readonly string[],
): Promise<{ readonly defaults: Defaults; readonly warnings: readonly string[] }> {
  const text = utf8Text(await files.read(path, MAX_BYTES), path);
  try {
    return decode(
      cursorOf(parseYaml(text, path), () => parseYamlAsText(text, path)),
      path,
      known,
      ignored,
    );
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.place?.field === undefined) throw error;
    throw error.at({ file: path, ...locate(text, error.place.field) });
  }
}

function decode(
  root: Cursor,
  path: string,
  known: readonly Flag<unknown>[],
  ignored: readonly string[],
): { defaults: Defaults; warnings: readonly string[] } {
  const warnings: string[] = [];
  for (const [section, cursor] of entries(root)) {
    if (ignored.includes(section)) warnings.push(`${path}: ${section} has no effect in this program`);
    else if (section !== "defaults") throw unknownKey(cursor, section, ["defaults", ...ignored]);
  }
  const defaults = new Map<string, readonly GivenText[]>();
  for (const [key, cursor] of entries(enter(root, "defaults"))) {
    const flag = known.find(({ name, aliases }) => name === key || aliases.includes(key));
    if (flag === undefined)
      throw unknownKey(
        cursor,
        key,
        known.flatMap(({ name, aliases }) => [name, ...aliases]),
      );
    if (defaults.has(flag.name))
      throw new SlipwayError("INVALID_INPUT", `${key} and ${flag.name} are the same flag: give one of them`, {
        place: { field: cursor.field },
      });
    const texts = textsOf(cursor, flag).map((text) => ({ text, origin: `${path}: ${cursor.field}` }));
    if (texts.length > 0) defaults.set(flag.name, texts);
  }
  return { defaults, warnings };
}

function textsOf(cursor: Cursor, flag: Flag<unknown>): readonly string[] {
  const cursors = flag.repeat === "list" && isTreeList(cursor.value) ? items(cursor) : [cursor];
  return cursors.map(optionalText).filter((text) => text !== undefined);
}

function unknownKey(cursor: Cursor, key: string, known: readonly string[]): SlipwayError {
  const hint = didYouMean(key, known) ?? `Known here: ${[...new Set(known)].sort().join(", ")}.`;
  return new SlipwayError("INVALID_INPUT", `unknown key "${key}"`, { place: { field: cursor.field }, hint });
}
