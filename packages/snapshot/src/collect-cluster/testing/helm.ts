import { gzipSync } from "node:zlib";
import { compactJson, type TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";

/** What a release of a test is. */
export interface TestRelease {
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly status: string;
  readonly chart: TreeMap;
  /** Values that the user gave. */
  readonly config?: TreeMap;
}

/** The Secret that Helm 3 stores a release in. */
export function helmSecret({ namespace, name, revision, status, chart, config = {} }: TestRelease): KubeObject {
  const release = compactJson({
    name,
    namespace,
    version: revision,
    info: { status },
    chart: { metadata: chart },
    config,
  });
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: {
      namespace,
      name: `sh.helm.release.v1.${name}.v${revision}`,
      labels: { owner: "helm", name, status, version: String(revision) },
    },
    data: { release: base64(gzipSync(release).toString("base64")) },
  };
}

/** @returns the text in base64 */
export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** A workload with the marks that charts put on it. */
export function workload(
  kind: "Deployment" | "DaemonSet" | "StatefulSet",
  address: string,
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>> = {},
): KubeObject {
  const [namespace = "", name = ""] = address.split("/");
  return { apiVersion: "apps/v1", kind, metadata: { namespace, name, labels, annotations } };
}
