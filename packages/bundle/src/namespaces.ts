import type { TreeMap } from "@slipway/base";
import type { BundleComponent } from "./model.ts";

/**
 * Namespaces that a cluster cannot be without, or that many share, as those of Argo CD and Flux: they are neither made nor
 * deleted.
 */
const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set([
  "argocd",
  "default",
  "flux-system",
  "kube-node-lease",
  "kube-public",
  "kube-system",
]);

/** Whether a namespace is one that no bundle makes or deletes. */
export function isSystemNamespace(namespace: string): boolean {
  return SYSTEM_NAMESPACES.has(namespace);
}

/** The namespaces of components, without those of the cluster, each once and sorted. */
export function ownNamespaces(components: readonly Pick<BundleComponent, "namespace">[]): readonly string[] {
  const names = components.flatMap(({ namespace }) =>
    namespace === undefined || isSystemNamespace(namespace) ? [] : [namespace],
  );
  return [...new Set(names)].sort();
}

/** A Namespace object. */
export function namespaceObject(name: string, annotations: Readonly<Record<string, string>> = {}): TreeMap {
  const metadata = Object.keys(annotations).length === 0 ? { name } : { name, annotations };
  return { apiVersion: "v1", kind: "Namespace", metadata };
}
