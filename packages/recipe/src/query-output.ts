import { isTreeList, isTreeMap, numberText, sortedTree, writeJson, writeYaml, type Tree } from "@slipway/base";

/** The formats of `query`; a table is the same as YAML. */
export type QueryFormat = "yaml" | "json" | "table";

/**
 * Prints what a selector found (release 0.11.1 of aicr): text, numbers and booleans bare, so that a script can use them;
 * maps and lists as YAML with sorted keys; null as `null`. In JSON everything is JSON.
 *
 * @returns text that ends with a newline
 * @throws SlipwayError INVALID_INPUT for a number that JSON lacks (infinite, not a number)
 */
export function queryText(value: Tree, format: QueryFormat): string {
  const sorted = sortedTree(value);
  if (format === "json") return writeJson(sorted);
  if (isTreeList(sorted) || isTreeMap(sorted)) return writeYaml(sorted);
  return `${typeof sorted === "number" || typeof sorted === "bigint" ? numberText(sorted) : String(sorted)}\n`;
}
