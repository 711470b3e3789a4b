import type { TreeMap } from "@slipway/base";
import type { BundleComponent, ChartInstallation, KustomizeInstallation } from "../../model.ts";
import type { GitSource } from "../git-source.ts";
import { isWaitedFor } from "../waiting.ts";

/** Where every object of Flux lives, so that no reference crosses namespaces. */
export const FLUX_NAMESPACE = "flux-system";
/** The GitRepository that the bundle is in. */
export const BUNDLE_SOURCE = "gpu-cluster-bundle";

const SOURCE_API = "source.toolkit.fluxcd.io/v1";

/** The repository that the bundle is pushed to. */
export function bundleRepository({ url, revision }: GitSource): TreeMap {
  return gitRepository(BUNDLE_SOURCE, url, { branch: revision });
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
  /** Name of the GitRepository. */
  readonly source: string;
  /** Folder in that repository. */
  readonly path: string;
  /** Names of the steps that must be ready first. */
  readonly needs: readonly string[];
}

/** The object of a step. */
export function fluxKustomization({ name, source, path, needs }: SyncStep): TreeMap {
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: metadataOf(name),
    spec: {
      interval: "1h",
      retryInterval: "1m",
      timeout: "15m",
      prune: true,
      wait: true,
      sourceRef: { kind: "GitRepository", name: source },
      path,
      ...(needs.length === 0 ? {} : { dependsOn: needs.map((need) => ({ name: need })) }),
    },
  };
}

function metadataOf(name: string): TreeMap {
  return { name, namespace: FLUX_NAMESPACE };
}
