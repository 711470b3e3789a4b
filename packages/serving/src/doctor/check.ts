import type { TreeMap } from "@slipway/base";
import type { Looked } from "../related/look.ts";

/** How a check came out; `unknown`: not allowed to look. */
export type CheckStatus = "ok" | "warning" | "failed" | "unknown";

/** One thing that NIM needs of a cluster. */
export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  readonly found: string;
  /** What to do; there unless all is well. */
  readonly advice?: string;
  /** A line for the shell. */
  readonly command?: string;
}

/** A check of something that must not be looked at. */
export function unseen(name: string, looked: Extract<Looked<unknown>, { readonly state: "unknown" }>): Check {
  return {
    name,
    status: "unknown",
    found: looked.why,
    advice: "Ask somebody who may look, or to be given the right that is named here.",
  };
}

/** A check as a document. */
export function checkTree({ name, status, found, advice, command }: Check): TreeMap {
  return {
    name,
    status,
    found,
    ...(advice === undefined ? {} : { advice }),
    ...(command === undefined ? {} : { command }),
  };
}

/** `1 node`, `3 nodes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
