import { valueAt } from "@slipway/base";
import { RESOURCES, nameOf, type KubeApi, type KubeObject } from "@slipway/kube";
import type { RunningWorkload } from "../drift/drift-model.ts";
import { mapsAt, textsAt } from "./at.ts";
import { foldList, type Fold } from "./fold-list.ts";
import { parseChartLabel } from "./helm-labels.ts";

const KINDS = [
  { resource: RESOURCES.deployments, wanted: ["spec", "replicas"], ready: ["status", "readyReplicas"] },
  { resource: RESOURCES.statefulSets, wanted: ["spec", "replicas"], ready: ["status", "readyReplicas"] },
  {
    resource: RESOURCES.daemonSets,
    wanted: ["status", "desiredNumberScheduled"],
    ready: ["status", "numberReady"],
  },
] as const;

/**
 * The Deployments, StatefulSets and DaemonSets of a cluster: the release and the chart that their labels name (as Helm,
 * Argo CD and Flux set them), their images, and how many of their pods are ready.
 *
 * @throws SlipwayError as `KubeApi.list` does; NOT_ALLOWED where one kind may not be listed
 */
export async function runningWorkloads(
  api: Pick<KubeApi, "list">,
  signal?: AbortSignal,
): Promise<readonly RunningWorkload[]> {
  const lists = await Promise.all(
    KINDS.map(({ resource, wanted, ready }) => {
      const fold: Fold<RunningWorkload[]> = {
        start: () => [],
        add: (found, object) =>
          found.push(
            workloadOf(object, resource.kind, { wanted: numberAt(object, wanted), ready: numberAt(object, ready) }),
          ),
      };
      return foldList(api, resource, { signal }, fold);
    }),
  );
  return lists.flat();
}

function workloadOf(
  object: KubeObject,
  kind: string,
  pods: { readonly wanted: number | undefined; readonly ready: number | undefined },
): RunningWorkload {
  const labels = textsAt(object, "metadata", "labels");
  const annotations = textsAt(object, "metadata", "annotations");
  const release = annotations.get("meta.helm.sh/release-name") ?? labels.get("app.kubernetes.io/instance");
  const { version: chartVersion } = parseChartLabel(labels.get("helm.sh/chart") ?? "");
  return {
    kind,
    namespace: object.metadata.namespace ?? "",
    name: nameOf(object),
    release: release === "" ? undefined : release,
    chartVersion: chartVersion === "" ? undefined : chartVersion,
    appVersion: labels.get("app.kubernetes.io/version"),
    images: imagesOf(object),
    // A Deployment without replicas has one (apps/v1); a DaemonSet without a status has none yet.
    wanted: pods.wanted ?? (kind === "DaemonSet" ? 0 : 1),
    ready: pods.ready ?? 0,
  };
}

function imagesOf(object: KubeObject): readonly string[] {
  return mapsAt(object, "spec", "template", "spec", "containers").flatMap((container) => {
    const image = valueAt(container, "image");
    return typeof image === "string" ? [image] : [];
  });
}

function numberAt(object: KubeObject, path: readonly string[]): number | undefined {
  const found = valueAt(object, ...path);
  return typeof found === "number" ? found : undefined;
}
