import type { Tree, TreeMap } from "@slipway/base";
import { withoutOciScheme } from "../../installation.ts";
import type { BundleComponent } from "../../model.ts";
import type { GitSource } from "../git-source.ts";

const API_VERSION = "argoproj.io/v1alpha1";
const ARGOCD_NAMESPACE = "argocd";
const CLUSTER = "https://kubernetes.default.svc";
/** Deleting the Application then deletes what it installed. */
const FINALIZER = "resources-finalizer.argocd.argoproj.io";

/**
 * The Application of a component (argoproj.io/v1alpha1): its chart with the values file of the bundle, or its
 * kustomization, and the manifests of the bundle. The sync wave is its place in the order of deployment.
 */
export function applicationOf(component: BundleComponent, wave: number, git: GitSource): TreeMap {
  const sources = sourcesOf(component, git);
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
export function appOfApps(git: GitSource): TreeMap {
  return {
    apiVersion: API_VERSION,
    kind: "Application",
    metadata: { name: "nvidia-stack", namespace: ARGOCD_NAMESPACE, finalizers: [FINALIZER] },
    spec: {
      project: "default",
      source: {
        repoURL: git.url,
        targetRevision: git.revision,
        path: ".",
        directory: { recurse: true, include: "*/application.yaml" },
      },
      destination: { server: CLUSTER, namespace: ARGOCD_NAMESPACE },
      syncPolicy: syncPolicy([]),
    },
  };
}

/** The sources of a component; none when it has neither a chart, nor a kustomization, nor manifests. */
export function sourcesOf(component: BundleComponent, git: GitSource): readonly TreeMap[] {
  return [...softwareSources(component, git), ...manifestSources(component, git)];
}

function softwareSources({ installation, name }: BundleComponent, git: GitSource): readonly TreeMap[] {
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
    helm: { releaseName: name, valueFiles: [`$values/${name}/values.yaml`] },
  };
  return [chart, { repoURL: git.url, targetRevision: git.revision, ref: "values" }];
}

function manifestSources({ manifests, name }: BundleComponent, git: GitSource): readonly TreeMap[] {
  if (manifests.length === 0) return [];
  return [{ repoURL: git.url, targetRevision: git.revision, path: `${name}/manifests` }];
}

function syncPolicy(options: readonly string[]): Tree {
  return {
    automated: { prune: true, selfHeal: true },
    ...(options.length === 0 ? {} : { syncOptions: options }),
    // A kind that a component brings may be missing at the first try.
    retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "3m" } },
  };
}
