import { sortedTree, type Tree, type TreeMap } from "@slipway/base";
import { withoutOciScheme } from "../../installation.ts";
import type { BundleComponent } from "../../model.ts";
import type { BundleSource } from "../../bundle-source.ts";

const API_VERSION = "argoproj.io/v1alpha1";
const ARGOCD_NAMESPACE = "argocd";
/** The Application that has all others. */
export const PARENT = "nvidia-stack";
const CLUSTER = "https://kubernetes.default.svc";
/** Deleting the Application then deletes what it installed. */
const FINALIZER = "resources-finalizer.argocd.argoproj.io";

/**
 * The Application of a component (argoproj.io/v1alpha1): its chart with the values of the bundle, or its
 * kustomization, and the manifests of the bundle. The sync wave is its place in the order of deployment.
 */
export function applicationOf(component: BundleComponent, wave: number, source: BundleSource): TreeMap {
  const sources = sourcesOf(component, source);
  const [only, ...more] = sources;
  return {
    apiVersion: API_VERSION,
    kind: "Application",
    metadata: {
      name: component.name,
      namespace: ARGOCD_NAMESPACE,
      annotations: { "argocd.argoproj.io/sync-wave": String(wave) },
      finalizers: [FINALIZER],
    },
    spec: {
      project: "default",
      ...(only !== undefined && more.length === 0 ? { source: only } : { sources }),
      destination: {
        server: CLUSTER,
        ...(component.namespace === undefined ? {} : { namespace: component.namespace }),
      },
      syncPolicy: syncPolicy([
        ...(component.namespace === undefined ? [] : ["CreateNamespace=true"]),
        // Definitions of several hundred kilobytes do not fit the annotation of client-side apply.
        "ServerSideApply=true",
        "SkipDryRunOnMissingResource=true",
      ]),
    },
  };
}

/** The parent Application: every `application.yaml` of the bundle, which Argo CD then installs wave by wave. */
export function appOfApps(source: BundleSource): TreeMap {
  return {
    apiVersion: API_VERSION,
    kind: "Application",
    metadata: { name: PARENT, namespace: ARGOCD_NAMESPACE, finalizers: [FINALIZER] },
    spec: {
      project: "default",
      source: {
        repoURL: source.url,
        targetRevision: source.revision,
        path: ".",
        directory: { recurse: true, include: "*/application.yaml" },
      },
      destination: { server: CLUSTER, namespace: ARGOCD_NAMESPACE },
      syncPolicy: syncPolicy([]),
    },
  };
}

/** The sources of a component; none when it has neither a chart, nor a kustomization, nor manifests. */
export function sourcesOf(component: BundleComponent, source: BundleSource): readonly TreeMap[] {
  return [...softwareSources(component, source), ...manifestSources(component, source)];
}

function softwareSources({ installation, name, values }: BundleComponent, bundle: BundleSource): readonly TreeMap[] {
  if (installation.kind === "manifests") return [];
  if (installation.kind === "kustomize") {
    const { path, source, tag } = installation;
    return [{ repoURL: source, targetRevision: tag ?? "HEAD", path: path ?? "." }];
  }
  const chart = {
    repoURL: withoutOciScheme(installation.repository),
    chart: installation.chart,
    // As written: a tag of an OCI registry must be met to the letter, and a chart repository takes a leading v.
    targetRevision: installation.version ?? "*",
  };
  // Argo CD takes `ref` sources from Git only (argo-cd issue 24376), so the values are written where they are used.
  if (bundle.kind === "oci") {
    const inline = Object.keys(values).length === 0 ? {} : { valuesObject: sortedTree(values) };
    return [{ ...chart, helm: { releaseName: name, ...inline } }];
  }
  return [
    { ...chart, helm: { releaseName: name, valueFiles: [`$values/${name}/values.yaml`] } },
    { repoURL: bundle.url, targetRevision: bundle.revision, ref: "values" },
  ];
}

function manifestSources({ manifests, name }: BundleComponent, source: BundleSource): readonly TreeMap[] {
  if (manifests.length === 0) return [];
  return [{ repoURL: source.url, targetRevision: source.revision, path: `${name}/manifests` }];
}

function syncPolicy(options: readonly string[]): Tree {
  return {
    automated: { prune: true, selfHeal: true },
    ...(options.length === 0 ? {} : { syncOptions: options }),
    // A kind that a component brings may be missing at the first try.
    retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "3m" } },
  };
}
