import { SlipwayError, cursorOf, locate, parseYaml, parseYamlAsText, type Cursor, type Tree } from "@slipway/base";

/**
 * Reads the first document of a YAML (or JSON) text into a type.
 *
 * @param file the name to show in errors
 * @param decode takes the document apart; where it names a field, the error gets the line and column of that field
 * @throws SlipwayError of the parser or of `decode`, with the file and, where it is known, line and column
 */
export function decodeFile<Result>(text: string, file: string, decode: (cursor: Cursor) => Result): Result {
  const value = parseYaml(text, file);
  return decodeParsed(value, text, file, decode);
}

/** As {@link decodeFile}, for a text that was parsed already. */
export function decodeParsed<Result>(
  value: Tree,
  text: string,
  file: string,
  decode: (cursor: Cursor) => Result,
): Result {
  try {
    return decode(cursorOf(value, () => parseYamlAsText(text, file)));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw error.at({ file, ...lineOf(text, error.place?.field ?? "") });
  }
}

/** A field may hold a key that no path can spell; the error then goes without its line. */
function lineOf(text: string, field: string): ReturnType<typeof locate> {
  try {
    return locate(text, field);
  } catch {
    return {};
  }
}
