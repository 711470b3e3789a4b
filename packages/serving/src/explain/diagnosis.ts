import type { TreeMap } from "@slipway/base";
import type { NimKind } from "../resources.ts";

/**
 * What is the matter with an object: nothing (`healthy`), nothing yet (`under way`), nothing runs because that was asked
 * for (`off`), something is (`problem`), or no rule knows (`unknown`).
 */
export type Verdict = "healthy" | "under way" | "off" | "problem" | "unknown";

/** The next thing to do. */
export interface NextStep {
  readonly text: string;
  /** A line for the shell; absent where there is none to give. */
  readonly command?: string;
}

/** What a rule found. */
export interface Finding {
  /** A name for programs: `image-not-found`. */
  readonly cause: string;
  readonly verdict: Verdict;
  /** The cause in one sentence. */
  readonly summary: string;
  readonly next: NextStep;
  /** What the rule saw that the general evidence does not show. */
  readonly evidence?: readonly string[];
  /** What is the matter with the object that this one waits for. */
  readonly because?: Diagnosis;
}

/** One cause, one next step, and what tells so. */
export interface Diagnosis extends Finding {
  readonly kind: NimKind;
  readonly namespace: string;
  readonly name: string;
  readonly evidence: readonly string[];
}

/** A diagnosis as a document. */
export function diagnosisTree(diagnosis: Diagnosis): TreeMap {
  const { kind, namespace, name, verdict, cause, summary, next, evidence, because } = diagnosis;
  return {
    kind,
    namespace,
    name,
    verdict,
    cause,
    summary,
    next: { text: next.text, ...(next.command === undefined ? {} : { command: next.command }) },
    evidence,
    ...(because === undefined ? {} : { because: diagnosisTree(because) }),
  };
}
