import type { Tree, TreeMap } from "@slipway/base";

/** A map without the entries that are undefined. */
export function defined(entries: Readonly<Record<string, Tree | undefined>>): TreeMap {
  return Object.fromEntries(Object.entries(entries).filter((entry): entry is [string, Tree] => entry[1] !== undefined));
}
