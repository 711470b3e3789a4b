import type { Tree, TreeMap } from "@slipway/base";

/** What policies are asked about. What is not given is absent, and rules that need it are skipped. */
export interface PolicyInput {
  /** Readings by type, subtype and key: `snapshot.K8s.server.version`. */
  readonly snapshot?: TreeMap | undefined;
  readonly recipe?: TreeMap | undefined;
  /** The objects that the recipe's bundle holds. */
  readonly objects?: readonly TreeMap[] | undefined;
}

/** The input as one document, as Rego sees it. */
export function inputTree(input: PolicyInput): TreeMap {
  const entries = Object.entries(input).filter((entry): entry is [string, Tree] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
