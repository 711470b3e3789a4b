import type { Tree } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import type { Looked } from "../related/look.ts";
import type { OperatorState, SecretFacts } from "../explain/facts.ts";

/** The secrets that everything of NIM takes unless told otherwise. */
export const SECRET_NAMES = ["ngc-secret", "ngc-api-secret", "hf-api-secret"] as const;

/** One of {@link SECRET_NAMES}. */
export type SecretName = (typeof SECRET_NAMES)[number];

/** Something that the user may do, or not. */
export interface Right {
  /** `create nimservices` */
  readonly text: string;
  readonly answer: Looked<boolean>;
}

/** What a doctor looks at. */
export interface World {
  readonly server: string;
  readonly namespace: string;
  /** The storage class that is to be used; absent: the default one. */
  readonly storageClass: string | undefined;
  /** The answer to `/version`. */
  readonly version: Tree;
  readonly namespaceObject: Looked<KubeObject>;
  readonly serviceDefinition: Looked<KubeObject>;
  readonly cacheDefinition: Looked<KubeObject>;
  readonly kserveDefinition: Looked<KubeObject>;
  readonly operator: OperatorState;
  readonly webhooks: Looked<readonly KubeObject[]>;
  /** The addresses of services in the operator's namespace. */
  readonly endpointSlices: Looked<readonly KubeObject[]>;
  readonly clusterPolicies: Looked<readonly KubeObject[]>;
  readonly nodes: Looked<readonly KubeObject[]>;
  readonly usedGpus: Looked<ReadonlyMap<string, number>>;
  readonly storageClasses: Looked<readonly KubeObject[]>;
  readonly secrets: ReadonlyMap<SecretName, Looked<SecretFacts>>;
  readonly runtimeClass: Looked<KubeObject>;
  readonly quotas: Looked<readonly KubeObject[]>;
  /** The NIM services of the namespace. */
  readonly services: Looked<readonly KubeObject[]>;
  readonly rights: readonly Right[];
}
