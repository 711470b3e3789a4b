/** What a cluster answered, or that it would not say. */
export type Fact<Value> = { readonly known: Value } | { readonly unknown: string };

/** A storage class, as a choice. */
export interface StorageClassFact {
  readonly name: string;
  readonly isDefault: boolean;
  readonly provisioner: string;
}

/** A cache in the namespace. */
export interface CacheFact {
  readonly name: string;
  readonly state: string;
  /** The model in it, as far as the cache tells. */
  readonly model: string;
  readonly isFromHub: boolean;
}

/** A secret in the namespace: what is in it is never read further than the names of its keys. */
export interface SecretFact {
  readonly name: string;
  readonly type: string;
  readonly keys: readonly string[];
}

/** GPUs of the cluster. */
export interface GpuFact {
  /** Most GPUs that one node offers. */
  readonly most: number;
  readonly products: readonly string[];
}

/** What the questions offer, and what the plan is checked against. */
export interface DeployFacts {
  readonly storageClasses: Fact<readonly StorageClassFact[]>;
  readonly caches: Fact<readonly CacheFact[]>;
  /** Names of the services in the namespace that matter: the wanted one if it is there. */
  readonly serviceExists: Fact<boolean>;
  readonly secrets: Fact<readonly SecretFact[]>;
  readonly gpus: Fact<GpuFact>;
  /**
   * Whether the operator gives services on models of a hub HF_TOKEN out of `spec.authSecret` (from NIM Operator 3.0.2), or
   * NGC_API_KEY as everywhere (before).
   */
  readonly hubTokenFromAuthSecret: Fact<boolean>;
}

/** What is known, or something in its place. */
export function knownOr<Value, Other>(fact: Fact<Value>, other: Other): Value | Other {
  return "known" in fact ? fact.known : other;
}
