import { SlipwayError, didYouMean } from "@slipway/base";
import { COLLECTOR_NAMES, type Collector, type CollectorName } from "./collector.ts";

/** What people write for collectors: their names, and the types of measurements, in any case. */
const SPELLINGS: ReadonlyMap<string, CollectorName> = new Map<string, CollectorName>([
  ...COLLECTOR_NAMES.map((name): readonly [string, CollectorName] => [name, name]),
  ["nodetopology", "topology"],
]);

/**
 * Reads the names of collectors as `--filter gpu,os` has them.
 *
 * @param flag names the flag in errors
 * @throws SlipwayError USAGE for an empty list and for a name that is none, with the nearest one
 */
export function parseCollectorNames(text: string, flag: string): readonly CollectorName[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const known = `Collectors are ${COLLECTOR_NAMES.join(", ")}.`;
  if (names.length === 0) {
    throw new SlipwayError("USAGE", "names no collector", { place: { field: flag }, hint: known });
  }
  const found = names.map((name) => {
    const collector = SPELLINGS.get(name.toLowerCase());
    if (collector !== undefined) return collector;
    throw new SlipwayError("USAGE", `there is no collector "${name}"`, {
      place: { field: flag },
      hint: [didYouMean(name, COLLECTOR_NAMES), known].filter((part) => part !== undefined).join(" "),
    });
  });
  return [...new Set(found)];
}

/** Which collectors are to run. */
export interface CollectorChoice {
  /** Only these; absent: all. */
  readonly filter?: readonly CollectorName[] | undefined;
  /** Not these, whatever `filter` says. */
  readonly exclude?: readonly CollectorName[] | undefined;
}

/**
 * The collectors that were chosen, in their order.
 *
 * @throws SlipwayError USAGE when none is left
 */
export function chooseCollectors(
  collectors: readonly Collector[],
  { filter, exclude = [] }: CollectorChoice,
): readonly Collector[] {
  const chosen = collectors.filter(
    ({ name }) => (filter === undefined || filter.includes(name)) && !exclude.includes(name),
  );
  if (chosen.length > 0) return chosen;
  const available = [...new Set(collectors.map(({ name }) => name))];
  throw new SlipwayError("USAGE", "--filter and --exclude leave no collector to run", {
    hint: `Collectors that can run here are ${available.join(", ")}.`,
  });
}
