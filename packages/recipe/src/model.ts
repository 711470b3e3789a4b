import type { TreeMap } from "@slipway/base";

/** The group and version in the header of every aicr document. */
export const API_VERSION = "aicr.nvidia.com/v1alpha1";

/** The text fields of criteria, in the order in which documents list them. */
export const CRITERIA_FIELDS = ["service", "accelerator", "intent", "os", "platform"] as const;

/** A text field of criteria. */
export type CriteriaField = (typeof CRITERIA_FIELDS)[number];

/** What a recipe is asked for. An absent field is "any"; nodes is a positive whole number. */
export interface Criteria extends Readonly<Partial<Record<CriteriaField, string | undefined>>> {
  readonly nodes?: number | undefined;
}

/** A rule over a measurement: `K8s.server.version` with `>= 1.32`. */
export interface Constraint {
  readonly name: string;
  readonly value: string;
  readonly severity?: string | undefined;
  readonly remediation?: string | undefined;
  readonly unit?: string | undefined;
}

/** A component in an overlay or a recipe. Texts are never empty: an empty one counts as absent. */
export interface ComponentRef {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly chart?: string | undefined;
  readonly type?: string | undefined;
  readonly source?: string | undefined;
  readonly version?: string | undefined;
  readonly tag?: string | undefined;
  readonly valuesFile?: string | undefined;
  readonly overrides?: TreeMap | undefined;
  readonly patches?: readonly string[] | undefined;
  readonly dependencyRefs?: readonly string[] | undefined;
  readonly manifestFiles?: readonly string[] | undefined;
  readonly path?: string | undefined;
  readonly cleanup?: boolean | undefined;
  readonly expectedResources?: readonly TreeMap[] | undefined;
  readonly healthCheckAsserts?: string | undefined;
}

/** The phases of a validation, in the order in which documents list them. */
export const PHASES = ["readiness", "deployment", "performance", "conformance"] as const;

/** A phase of a validation. */
export type Phase = (typeof PHASES)[number];

/** What one phase of a validation checks. */
export interface PhaseSpec {
  readonly timeout?: string | undefined;
  readonly constraints?: readonly Constraint[] | undefined;
  readonly checks?: readonly string[] | undefined;
  readonly nodeSelection?: NodeSelection | undefined;
  readonly infrastructure?: string | undefined;
}

/** The nodes that a phase looks at. */
export interface NodeSelection {
  readonly selector?: Readonly<Record<string, string>> | undefined;
  readonly maxNodes?: number | undefined;
  readonly excludeNodes?: readonly string[] | undefined;
}

/** The phases that are given. */
export type Validation = Readonly<Partial<Record<Phase, PhaseSpec | undefined>>>;

/** A RecipeMetadata document: the base, or an overlay that applies when its criteria match. */
export interface Overlay {
  readonly name: string;
  /** Path in the data directory, or the name of the built-in catalog's file. */
  readonly file: string;
  /** Name of the parent; absent for the root. */
  readonly base?: string | undefined;
  /** The criteria as written, with case and with `any`; absent when the document has none (it then never matches). */
  readonly criteria?: OverlayCriteria | undefined;
  readonly constraints: readonly Constraint[];
  readonly components: readonly ComponentRef[];
  readonly validation: Validation;
}

/** Criteria of an overlay: the text that was written, empty and `any` included. */
export interface OverlayCriteria extends Readonly<Partial<Record<CriteriaField, string | undefined>>> {
  readonly nodes?: number | undefined;
}

/** Paths in the values of a component. */
export interface SchedulingPaths {
  readonly nodeSelectorPaths: readonly string[];
  readonly tolerationPaths: readonly string[];
  /** Paths that take a taint as text: `key=value:effect`. */
  readonly taintStrPaths: readonly string[];
}

/** A check that runs when a bundle is made. */
export interface RegistryCheck {
  readonly function: string;
  readonly severity: string;
  /** Criteria field to the values for which the check applies. Unknown fields are dropped when the registry is read. */
  readonly conditions: Readonly<Partial<Record<CriteriaField, readonly string[] | undefined>>>;
  readonly message: string;
}

/** A component of the registry. */
export interface RegistryComponent {
  readonly name: string;
  readonly displayName: string;
  readonly valueOverrideKeys: readonly string[];
  readonly healthCheckFile?: string | undefined;
  readonly helm: {
    readonly repository?: string | undefined;
    readonly chart?: string | undefined;
    readonly version?: string | undefined;
    readonly namespace?: string | undefined;
  };
  readonly kustomize: {
    readonly source?: string | undefined;
    readonly path?: string | undefined;
    readonly tag?: string | undefined;
  };
  readonly nodeCountPaths: readonly string[];
  readonly system: SchedulingPaths;
  readonly accelerated: SchedulingPaths;
  readonly workloadSelectorPaths: readonly string[];
  readonly checks: readonly RegistryCheck[];
}

/** The components in registry order. */
export type Registry = readonly RegistryComponent[];

/** All that recipes are made of. Texts and values are read when they are asked for. */
export interface Catalog {
  readonly registry: Registry;
  readonly base: Overlay;
  /** Overlays by name, the base left out. */
  readonly overlays: ReadonlyMap<string, Overlay>;
  /** What a user should know about the data, for stderr. */
  readonly warnings: readonly string[];
  /** A values file as a map; nothing when the catalog has no such file. Throws INVALID_INPUT with its place. */
  values(path: string): Promise<TreeMap | undefined>;
  /** A file as text; nothing when the catalog has no such file. */
  text(path: string): Promise<string | undefined>;
  /** Every path that {@link values} and {@link text} can read, for naming the nearest in an error. */
  files(): readonly string[];
  /** A path of the catalog as a user knows it: with the directory in front where it is from one of theirs. */
  shown(path: string): string;
  /** The registry that a component's entry is from, as a user knows it. */
  registryFile(component: string): string;
}

/** Why an overlay that matched was left out. */
export interface ConstraintWarning {
  readonly overlay: string;
  readonly constraint: string;
  readonly expected: string;
  readonly actual?: string | undefined;
  readonly reason: string;
}

/** A resolved recipe: the document that `recipe` writes and `bundle` reads. */
export interface Recipe {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    /** Version of the program that made it. */
    readonly version?: string | undefined;
    readonly appliedOverlays: readonly string[];
    readonly excludedOverlays: readonly string[];
    readonly constraintWarnings: readonly ConstraintWarning[];
  };
  /** Absent in a document written by hand that has none. */
  readonly criteria?: Criteria | undefined;
  /**
   * The criteria as a document that was read had them, where those it does not name are not spelt out as `any`, so that
   * writing the recipe again adds nothing to it.
   */
  readonly writtenCriteria?: TreeMap | undefined;
  readonly constraints: readonly Constraint[];
  readonly components: readonly ComponentRef[];
  readonly deploymentOrder: readonly string[];
  readonly validation: Validation;
}
