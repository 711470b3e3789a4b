import type { Tree, TreeMap } from "@slipway/base";
import type { ComponentRef, Recipe, ValueOverride } from "@slipway/recipe";
import type { BundleSource } from "./bundle-source.ts";
import type { Scheduling } from "./scheduling.ts";

/** The ways in which a bundle can be installed. */
export const DEPLOYERS = ["helm", "argocd", "flux", "helmfile"] as const;

/** A way in which a bundle can be installed. */
export type Deployer = (typeof DEPLOYERS)[number];

/** A file of a bundle. */
export interface BundleFile {
  /** Path in the bundle, parts between `/`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly executable: boolean;
}

/** What a bundle is made with, beside the recipe and the catalog. */
export interface BundleOptions {
  readonly deployer: Deployer;
  readonly overrides: readonly ValueOverride[];
  readonly scheduling: Scheduling;
  /**
   * Where Argo CD and Flux will read the bundle from: the address of the Git repository that it is pushed to, or
   * `oci://host/repository[:tag]`.
   */
  readonly repo?: string | undefined;
  /** Branch, tag, `refs/…` or commit of that repository. Default `main`; for an artifact the tag in its address, else the version. */
  readonly revision?: string | undefined;
  /** Whether the registry of an `oci://` repository speaks HTTP. */
  readonly plainHttp?: boolean | undefined;
  /** Version of the program, for the READMEs. */
  readonly version: string;
  /** Files to add before checksums are made: chart archives, provenance.yaml, copies of a data directory. */
  readonly extraFiles?: readonly BundleFile[] | undefined;
  /** Component to the path of its chart archive, which is one of the extra files. */
  readonly vendored?: ReadonlyMap<string, string> | undefined;
}

/** A bundle in memory. */
export interface Bundle {
  /** Sorted by path; `checksums.txt` is one of them. */
  readonly files: readonly BundleFile[];
  /** What is left for the user to do. */
  readonly notes: readonly string[];
  /** What may not be as the user meant it. */
  readonly warnings: readonly string[];
  /** Names of the components in the order in which they are installed. */
  readonly components: readonly string[];
  /** The recipe without the components that were left out. */
  readonly recipe: Recipe;
}

/** Where the software of a component comes from. */
export type Installation =
  | {
      readonly kind: "chart";
      /** Address of the repository, `https://…` or `oci://…`. */
      readonly repository: string;
      readonly isOci: boolean;
      readonly chart: string;
      /** As written, so that a tag such as `v1.2.3` is found. */
      readonly version: string | undefined;
      /** Path of the chart's archive in the bundle, when charts are vendored. */
      readonly archive: string | undefined;
    }
  | {
      readonly kind: "kustomize";
      readonly source: string;
      readonly path: string | undefined;
      readonly tag: string | undefined;
    }
  | { readonly kind: "manifests" };

/** The kinds of {@link Installation} that need a chart. */
export type ChartInstallation = Extract<Installation, { kind: "chart" }>;

/** The kinds of {@link Installation} that are built by kustomize. */
export type KustomizeInstallation = Extract<Installation, { kind: "kustomize" }>;

/** A manifest of a component, rendered. */
export interface Manifest {
  /** File name in the manifests folder of the component. */
  readonly name: string;
  readonly content: string;
  /** The content, read; documents that are empty are left out. */
  readonly documents: readonly Tree[];
  /**
   * Whether every kind is one that each cluster has, so that it can be applied before the chart. Resource quotas, settings
   * and namespaces are; resources of a kind that the chart defines are not.
   */
  readonly isEarly: boolean;
  /** Whether every object may go to the component's namespace: none names another one. */
  readonly inNamespace: boolean;
  /** Whether it defines a namespace, so that deleting it would delete all that is in there. */
  readonly definesNamespace: boolean;
}

/** All that a deployer must know of a component. */
export interface BundleComponent {
  readonly name: string;
  readonly ref: ComponentRef;
  readonly namespace: string | undefined;
  readonly installation: Installation;
  readonly values: TreeMap;
  readonly manifests: readonly Manifest[];
  /** Names of the components of this bundle that must be there first. */
  readonly dependencies: readonly string[];
}

/** What a deployer turns into files. */
export interface BundlePlan {
  readonly recipe: Recipe;
  /** In the order in which they are installed. */
  readonly components: readonly BundleComponent[];
  readonly options: BundleOptions;
  /** Where a cluster reads the bundle from. */
  readonly source: BundleSource;
}

/** What a deployer gives: its files without recipe.yaml and checksums.txt, and what the user should know. */
export interface Deployment {
  readonly files: readonly BundleFile[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** A text file of a bundle. */
export function textFile(path: string, content: string): BundleFile {
  return { path, content, executable: false };
}

/** A script of a bundle. */
export function scriptFile(path: string, content: string): BundleFile {
  return { path, content, executable: true };
}
