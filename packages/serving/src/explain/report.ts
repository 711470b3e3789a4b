import { NIM_KINDS } from "../resources.ts";
import type { Diagnosis, Verdict } from "./diagnosis.ts";

/** How a verdict is told. */
const TOLD: Readonly<Record<Verdict, string>> = {
  healthy: "all is well",
  "under way": "under way",
  off: "switched off",
  problem: "has a problem",
  unknown: "not ready, cause unknown",
};

/** Most lines of evidence that people are shown. */
const MOST_LINES = 12;

/** What colours parts of the report. */
export type Paint = (verdict: Verdict, text: string) => string;

/**
 * A diagnosis for people: what is the matter, what to do, and what tells so.
 *
 * @param paint colours the verdict; text from the cluster is not made safe for a terminal here
 */
export function diagnosisText(diagnosis: Diagnosis, paint: Paint = (_, text) => text): string {
  const { kind, namespace, name, verdict, summary, next, evidence, because } = diagnosis;
  const shown = evidence.slice(0, MOST_LINES);
  const more = evidence.length - shown.length;
  return [
    `${NIM_KINDS[kind].singular} ${namespace}/${name}: ${paint(verdict, TOLD[verdict])}`,
    "",
    `${verdict === "problem" || verdict === "unknown" ? "Cause: " : "State: "}    ${summary}`,
    `Next:      ${next.text}`,
    ...(next.command === undefined ? [] : [`           ${next.command}`]),
    "",
    "Evidence:",
    ...shown.map((line) => `  ${cut(line)}`),
    ...(more > 0 ? [`  ${more} more lines: -o yaml shows them`] : []),
    ...(because === undefined ? [] : because.evidence.slice(0, MOST_LINES).map((line) => `  ${cut(line)}`)),
    "",
  ].join("\n");
}

/** Messages of registries and schedulers are long; documents hold them whole. */
function cut(line: string): string {
  return line.length <= MOST_SIGNS ? line : `${line.slice(0, MOST_SIGNS)}…`;
}

const MOST_SIGNS = 500;
