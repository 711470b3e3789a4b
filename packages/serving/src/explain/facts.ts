import type { KubeObject } from "@slipway/kube";
import type { GpuNode } from "../gpus/gpu-nodes.ts";
import type { ClusterEvent } from "../related/events.ts";
import type { Looked } from "../related/look.ts";
import type { NimAddress } from "../related/pods.ts";

/** What a secret is for; its values are never kept. */
export interface SecretFacts {
  readonly name: string;
  readonly type: string;
  readonly keys: readonly string[];
  /** Registries that a pull secret has credentials for; nothing where that cannot be read. */
  readonly registries: readonly string[] | undefined;
}

/** The end of the log of a container that has ended, secrets taken out. */
export interface ContainerLog {
  readonly pod: string;
  readonly container: string;
  readonly lines: readonly string[];
}

/** How the NIM Operator is. */
export interface OperatorState {
  readonly state: "running" | "not ready" | "missing" | "unknown";
  /** Where its pods are. */
  readonly namespace: string | undefined;
  /** From the tag of its image. */
  readonly version: string | undefined;
  /** What was found, as a sentence. */
  readonly text: string;
}

/** The claim that a NIM object keeps its model in. */
export interface ClaimFacts {
  readonly name: string;
  /** Whether the operator makes it. */
  readonly isMade: boolean;
  readonly object: Looked<KubeObject>;
}

/** All that a diagnosis is made from. */
export interface Facts extends NimAddress {
  readonly now: Date;
  readonly object: KubeObject;
  readonly pods: readonly KubeObject[];
  /** The Deployment or InferenceService of a service, the Job of a cache. */
  readonly workload: KubeObject | undefined;
  /** Those of the object and of what belongs to it, oldest first. */
  readonly events: readonly ClusterEvent[];
  readonly claim: ClaimFacts | undefined;
  readonly storageClasses: Looked<readonly KubeObject[]>;
  /** Those that the object names. */
  readonly secrets: ReadonlyMap<string, Looked<SecretFacts>>;
  /** The cache that a service takes its model from. */
  readonly cache: { readonly name: string; readonly facts: Looked<Facts> } | undefined;
  readonly operator: OperatorState;
  readonly logs: readonly ContainerLog[];
  /** Read only when a pod is not placed. */
  readonly gpus: Looked<readonly GpuNode[]>;
  /** What could not be looked at, as sentences. */
  readonly gaps: readonly string[];
}
