import { oneLine } from "../one-line.ts";
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

/** How a report is made fit for where it is shown. */
export interface ReportLook {
  /** Colours the verdict. */
  readonly paint: (verdict: Verdict, text: string) => string;
  /** Takes out what could steer a terminal: all but the verdict may hold text from the cluster. */
  readonly safe: (text: string) => string;
}

const PLAIN: ReportLook = { paint: (_, text) => text, safe: (text) => text };

/** A diagnosis for people: what is the matter, what to do, and what tells so. */
export function diagnosisText(diagnosis: Diagnosis, { paint, safe }: ReportLook = PLAIN): string {
  const { kind, namespace, name, verdict, summary, next, evidence, because } = diagnosis;
  const lines = [...evidence.slice(0, MOST_LINES), ...(because?.evidence ?? []).slice(0, MOST_LINES)];
  const more = evidence.length + (because?.evidence.length ?? 0) - lines.length;
  const head = verdict === "problem" || verdict === "unknown" ? "Cause: " : "State: ";
  return [
    `${NIM_KINDS[kind].singular} ${namespace}/${name}: ${paint(verdict, TOLD[verdict])}`,
    "",
    `${head}    ${oneLine(safe(summary))}`,
    `Next:      ${oneLine(safe(next.text))}`,
    ...(next.command === undefined ? [] : [`           ${safe(next.command)}`]),
    "",
    "Evidence:",
    ...lines.map((line) => `  ${cut(oneLine(safe(line)))}`),
    ...(more > 0 ? [`  ${more} more: -o yaml shows all`] : []),
    "",
  ].join("\n");
}

/** Messages of registries and schedulers are long; documents hold them whole. */
function cut(line: string): string {
  return line.length <= MOST_SIGNS ? line : `${line.slice(0, MOST_SIGNS)}...`;
}

const MOST_SIGNS = 500;
