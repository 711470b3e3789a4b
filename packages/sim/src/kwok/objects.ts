import { writeYaml } from "@slipway/base";

/** The kinds that kwok reads from the cluster, so that tests can change them while it runs. */
const KINDS = {
  Stage: "stages",
  Logs: "logs",
  ClusterLogs: "clusterlogs",
  PortForward: "portforwards",
  ClusterPortForward: "clusterportforwards",
} as const;

/** Group and version of kwok's kinds. */
export const KWOK_API = "kwok.x-k8s.io/v1alpha1";

/** kwok's configuration file. */
export const KWOK_CONFIGURATION = writeYaml({
  apiVersion: "config.kwok.x-k8s.io/v1alpha1",
  kind: "KwokConfiguration",
  options: {
    enableCRDs: Object.keys(KINDS),
    podPlayStageParallelism: 16,
    nodePlayStageParallelism: 16,
    nodeLeaseParallelism: 16,
    podsOnNodeSyncParallelism: 16,
  },
});

/** What creates objects: a path and YAML in, an error when the server refuses. */
type Create = (path: string, yaml: string) => Promise<unknown>;

/**
 * Makes kwok's kinds known and creates the objects that steer it: its own stages, and a log for every pod.
 *
 * @param served resolves when the server knows the plurals of a group
 */
export async function createKwokObjects(
  content: {
    readonly definitions: string;
    readonly stages: string;
    readonly logFile: string;
  },
  create: Create,
  served: (group: string, plurals: readonly string[]) => Promise<void>,
): Promise<void> {
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  await Promise.all(documents(content.definitions).map(async (yaml) => await create(definitions, yaml)));
  await served(KWOK_API, Object.values(KINDS));
  const logs = {
    apiVersion: KWOK_API,
    kind: "ClusterLogs",
    metadata: { name: "every-pod" },
    spec: { selector: {}, logs: [{ logsFile: content.logFile, follow: true }] },
  };
  await Promise.all([
    ...documents(content.stages).map(async (yaml) => await create(`/apis/${KWOK_API}/stages`, yaml)),
    create(`/apis/${KWOK_API}/clusterlogs`, writeYaml(logs)),
  ]);
}

function documents(yaml: string): readonly string[] {
  return yaml.split(/^---\n/m).filter((document) => document.trim() !== "");
}
