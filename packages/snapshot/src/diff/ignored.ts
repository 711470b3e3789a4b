import { SlipwayError, didYouMean } from "@slipway/base";
import { matchesGlob } from "./glob.ts";

/** What a comparison leaves out. */
export interface Ignored {
  /** @param path `Type.subtype.key`, `Type.subtype`, `Type` or `metadata.key` */
  matches(path: string): boolean;
  /** Sentences about patterns that match nothing, with the nearest name. */
  unmatched(paths: Iterable<string>): readonly string[];
}

/** When a snapshot was taken is never a difference of what it holds. */
const ALWAYS = "metadata.timestamp";

/**
 * Reads patterns over `Type.subtype.key` as `--ignore` has them: `OS.sysctl.*`, `K8s.image` (all below it), `*.vbios*`.
 *
 * @throws SlipwayError USAGE for an empty pattern
 */
export function ignoredPaths(patterns: readonly string[]): Ignored {
  const trimmed = patterns.map((pattern) => pattern.trim());
  if (trimmed.includes("")) {
    throw new SlipwayError("USAGE", "is an empty pattern", {
      place: { field: "--ignore" },
      hint: "Patterns are names of readings such as OS.sysctl.*, K8s.image or GPU.smi.driver.",
    });
  }
  return {
    matches: (path) => path === ALWAYS || trimmed.some((pattern) => matchesPath(pattern, path)),
    unmatched: (paths) => {
      const known = [...paths];
      return trimmed
        .filter((pattern) => pattern !== ALWAYS && !known.some((path) => matchesPath(pattern, path)))
        .map((pattern) => unmatchedText(pattern, known));
    },
  };
}

function matchesPath(pattern: string, path: string): boolean {
  if (matchesGlob(pattern, path) || matchesGlob(`${pattern}.*`, path)) return true;
  // `GPU.*` is all of GPU, also when all of it came or went.
  return pattern.endsWith(".*") && matchesGlob(pattern.slice(0, -2), path);
}

function unmatchedText(pattern: string, known: readonly string[]): string {
  const parts = Math.min(2, pattern.split(".").length);
  const start = pattern.split(".").slice(0, parts).join(".");
  const starts = new Set(known.map((path) => path.split(".").slice(0, parts).join(".")));
  const hint = starts.has(start) ? didYouMean(pattern, known) : didYouMean(start, starts);
  return [`--ignore ${JSON.stringify(pattern)} matches no reading of either snapshot.`, hint]
    .filter((part) => part !== undefined)
    .join(" ");
}
