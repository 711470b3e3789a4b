import { SlipwayError, type TreeMap } from "@slipway/base";
import { revisionKind, type BundleSource } from "../../bundle-source.ts";
import type { BundleComponent, ChartInstallation, KustomizeInstallation } from "../../model.ts";
import { isWaitedFor } from "../waiting.ts";

/** Where every object of Flux lives, so that no reference crosses namespaces. */
export const FLUX_NAMESPACE = "flux-system";
/** What the bundle is read from, and the Kustomization that applies its root. */
export const BUNDLE_SOURCE = "gpu-cluster-bundle";

const SOURCE_API = "source.toolkit.fluxcd.io/v1";
const KUSTOMIZE_API = "kustomize.toolkit.fluxcd.io/v1";

/** How an object names what it is read from. */
export interface SourceRef {
  readonly kind: "GitRepository" | "OCIRepository";
  readonly name: string;
}

/** How the objects of a bundle name what it is read from. */
export function bundleSourceRef({ kind }: BundleSource): SourceRef {
  return { kind: kind === "oci" ? "OCIRepository" : "GitRepository", name: BUNDLE_SOURCE };
}

/**
 * The source as a GitRepository can name it: a short `git@host:path` in full.
 *
 * @throws SlipwayError USAGE for a scheme that Flux does not read (source.toolkit.fluxcd.io/v1: http, https and ssh)
 */
export function fluxSource(source: BundleSource): BundleSource {
  if (source.kind === "oci") return source;
  const [, host, path = ""] = /^([^/:]+@[^/:]+):(.*)$/.exec(source.url) ?? [];
  const url = host === undefined ? source.url : `ssh://${host}/${path.replace(/^\/+/, "")}`;
  if (/^(?:https?|ssh):\/\//.test(url)) return { ...source, url };
  throw new SlipwayError("USAGE", `--repo cannot be ${JSON.stringify(url)} for Flux`, {
    hint: "Flux reads http://, https://, ssh:// and oci://.",
  });
}

/** What the bundle is read from. What was added to it in the cluster, such as `secretRef`, stays. */
export function bundleRepository({ kind, url, revision, isPlainHttp }: BundleSource): TreeMap {
  const metadata = { ...metadataOf(BUNDLE_SOURCE), annotations: { "kustomize.toolkit.fluxcd.io/ssa": "Merge" } };
  if (kind === "git") return { ...gitRepository(BUNDLE_SOURCE, url, { [revisionKind(revision)]: revision }), metadata };
  return {
    apiVersion: SOURCE_API,
    kind: "OCIRepository",
    metadata,
    spec: { interval: "5m", url, ref: { tag: revision }, ...(isPlainHttp ? { insecure: true } : {}) },
  };
}

/** The Kustomization of the root: components that come or go with a later bundle are installed or removed. */
export function rootKustomization(source: BundleSource): TreeMap {
  return {
    apiVersion: KUSTOMIZE_API,
    kind: "Kustomization",
    metadata: metadataOf(BUNDLE_SOURCE),
    spec: { interval: "1h", retryInterval: "1m", prune: true, sourceRef: { ...bundleSourceRef(source) }, path: "./" },
  };
}

/** The repository that a Kustomize component is built from. */
export function kustomizeRepository(name: string, { source, tag }: KustomizeInstallation): TreeMap {
  const url = /^[a-z]+:\/\//.test(source) || source.startsWith("git@") ? source : `https://${source}`;
  return gitRepository(name, url, tag === undefined ? { branch: "main" } : { tag });
}

function gitRepository(name: string, url: string, ref: TreeMap): TreeMap {
  return {
    apiVersion: SOURCE_API,
    kind: "GitRepository",
    metadata: metadataOf(name),
    spec: { interval: "5m", url, ref },
  };
}

/** The repository that a chart comes from. */
export function helmRepository(name: string, { isOci, repository }: ChartInstallation): TreeMap {
  return {
    apiVersion: SOURCE_API,
    kind: "HelmRepository",
    metadata: metadataOf(name),
    spec: { interval: "1h", ...(isOci ? { type: "oci" } : {}), url: repository },
  };
}

/**
 * The release of a chart (helm.toolkit.fluxcd.io/v2). Its values are the ConfigMap that the kustomization of the component
 * makes of values.yaml.
 *
 * @param needs components that are releases too and must be ready first
 */
export function helmRelease(component: BundleComponent, chart: ChartInstallation, needs: readonly string[]): TreeMap {
  const { name, namespace } = component;
  const wait = isWaitedFor(name) ? {} : { disableWait: true };
  return {
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: metadataOf(name),
    spec: {
      interval: "1h",
      timeout: "10m",
      releaseName: name,
      ...(namespace === undefined ? {} : { targetNamespace: namespace, storageNamespace: namespace }),
      chart: { spec: { ...chartSource(name, chart), interval: "1h" } },
      ...(needs.length === 0 ? {} : { dependsOn: needs.map((need) => ({ name: need })) }),
      install: {
        ...(namespace === undefined ? {} : { createNamespace: true }),
        crds: "CreateReplace",
        ...wait,
        remediation: { retries: 5 },
      },
      upgrade: { crds: "CreateReplace", ...wait, remediation: { retries: 5 } },
      valuesFrom: [{ kind: "ConfigMap", name: valuesName(name) }],
    },
  };
}

function chartSource(name: string, { archive, chart, version }: ChartInstallation): TreeMap {
  if (archive !== undefined)
    return { chart: `./${archive}`, sourceRef: { kind: "GitRepository", name: BUNDLE_SOURCE } };
  return {
    chart,
    ...(version === undefined ? {} : { version }),
    sourceRef: { kind: "HelmRepository", name },
  };
}

/** The ConfigMap that holds the values of a component. */
export function valuesName(component: string): string {
  return `${component}-values`;
}

/** A step of a deployment: a Kustomization of Flux (kustomize.toolkit.fluxcd.io/v1) that waits until all is ready. */
export interface SyncStep {
  readonly name: string;
  readonly source: SourceRef;
  /** Folder in that source. */
  readonly path: string;
  /** Names of the steps that must be ready first. */
  readonly needs: readonly string[];
}

/** The object of a step. */
export function fluxKustomization({ name, source, path, needs }: SyncStep): TreeMap {
  return {
    apiVersion: KUSTOMIZE_API,
    kind: "Kustomization",
    metadata: metadataOf(name),
    spec: {
      interval: "1h",
      retryInterval: "1m",
      timeout: "15m",
      prune: true,
      wait: true,
      sourceRef: { ...source },
      path,
      ...(needs.length === 0 ? {} : { dependsOn: needs.map((need) => ({ name: need })) }),
    },
  };
}

function metadataOf(name: string): TreeMap {
  return { name, namespace: FLUX_NAMESPACE };
}
