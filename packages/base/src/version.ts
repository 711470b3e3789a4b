/** A version with the precision that was written: `1`, `1.2` or `1.2.3`. */
export interface Version {
  readonly major: number;
  /** Absent when only the major part was written. */
  readonly minor?: number;
  /** Absent when fewer than three parts were written. */
  readonly patch?: number;
}

/**
 * Reads a version as aicr does in constraints: an optional `v`, one to three decimal parts, and whatever follows a `-`
 * or `+` behind them, which does not count.
 *
 * @returns nothing for four parts, an empty or non-numeric part, spaces around it, or a part beyond 2^53
 */
export function parseVersion(text: string): Version | undefined {
  const [, ...parts] = VERSION.exec(text) ?? [];
  const [major, minor, patch] = parts.map((part) => (part === undefined ? undefined : Number(part)));
  if (major === undefined) return undefined;
  const version = {
    major,
    ...(minor === undefined ? {} : { minor }),
    ...(patch === undefined ? {} : { patch }),
  };
  return Object.values(version).every(Number.isSafeInteger) ? version : undefined;
}

const VERSION = /^v?(\d+)(?:\.(\d+)(?:\.(\d+))?)?(?:[-+].*)?$/s;

/**
 * The order of two versions.
 *
 * @param precision "exact" compares three parts, a missing one as 0; "common" only the parts that both have, so that
 * 1.30 and 1.30.5 are equal
 * @returns below 0, 0 or above 0, as a sort function does
 */
export function compareVersions(left: Version, right: Version, precision: "exact" | "common"): number {
  for (const part of ["major", "minor", "patch"] as const) {
    const [one, other] = [left[part], right[part]];
    if (precision === "common" && (one === undefined || other === undefined)) return 0;
    const order = (one ?? 0) - (other ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}
