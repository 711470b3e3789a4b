import { mapAt, type Tree } from "@slipway/base";

/** The texts of the map at a path; what is no text is left out. */
export function textMapAt(value: Tree | undefined, ...path: readonly string[]): Readonly<Record<string, string>> {
  const entries = Object.entries(mapAt(value, ...path));
  return Object.fromEntries(entries.flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])));
}
