import type { Place } from "@slipway/base";

/** What became of a test. `error`: nothing could be said; `warning`: a rule that only warns was broken. */
export type Verdict = "passed" | "failed" | "skipped" | "error" | "warning";

/** One constraint, check or rule, and what became of it. */
export interface Test {
  readonly name: string;
  readonly verdict: Verdict;
  /** Where it belongs, the widest first: the phase, then a node or a file. */
  readonly suite: readonly string[];
  readonly durationMs: number;
  /** A sentence; absent for what passed and says nothing. */
  readonly message?: string | undefined;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  /** What to do about it, as a sentence. */
  readonly remediation?: string | undefined;
  /** What a check printed, the last lines. */
  readonly output?: readonly string[] | undefined;
  /** What the test was read from. */
  readonly place?: Place | undefined;
}

/** All that a validation found. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly stop: number;
  readonly tests: readonly Test[];
}

/** How much of a check's output is kept (release 0.11.1 of aicr keeps the same). */
export const OUTPUT_LIMITS = { lines: 1000, signs: 512 } as const;

/** The last lines of an output, each cut to {@link OUTPUT_LIMITS}; a newline at the end starts no line. */
export function keptLines(text: string): readonly string[] {
  if (text === "") return [];
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  return lines.slice(-OUTPUT_LIMITS.lines).map((line) => line.slice(0, OUTPUT_LIMITS.signs));
}

/** How many tests there are of each verdict. */
export function countVerdicts(tests: readonly Test[]): Readonly<Record<Verdict, number>> {
  const counts = { passed: 0, failed: 0, skipped: 0, error: 0, warning: 0 };
  for (const { verdict } of tests) counts[verdict]++;
  return counts;
}

/** `3 passed, 1 failed, 2 skipped`: verdicts that did not occur are left out. */
export function verdictText(tests: readonly Test[]): string {
  const counts = Object.entries(countVerdicts(tests)).filter(([, count]) => count > 0);
  return counts.length === 0 ? "no tests" : counts.map(([verdict, count]) => `${count} ${verdict}`).join(", ");
}
