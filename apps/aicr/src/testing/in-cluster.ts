import { isTreeMap, parseYaml, type TreeMap } from "@slipway/base";
import { startCluster, type Cluster, type ClusterOptions } from "@slipway/kube/testing";
import type { FileTree } from "@slipway/terminal/testing";
import { inWorkplace, type Workplace } from "./aicr.ts";

/** A folder to run command lines in, and a cluster that they reach. */
export interface ClusterPlace extends Workplace {
  readonly cluster: Cluster;
}

/** Runs an action in a fresh folder with the given files, beside a cluster whose namespace `gpu` is empty. */
export async function inCluster(
  files: FileTree,
  action: (place: ClusterPlace) => Promise<void>,
  options: ClusterOptions = {},
): Promise<void> {
  const cluster = await startCluster({ namespaces: ["gpu"], ...options });
  try {
    await inWorkplace(files, async ({ cwd, run, both }) =>
      action({
        cluster,
        cwd,
        run: (line, given) => run(line, { cluster, ...given }),
        both: (line, given) => both(line, { cluster, ...given }),
      }),
    );
  } finally {
    await cluster.close();
  }
}

/** The ConfigMap of a name in the namespace `gpu`; throws when it is not there. */
export function configMap(cluster: Cluster, name: string): TreeMap {
  const found = cluster
    .objects("ConfigMap", "gpu")
    .find(({ metadata }) => isTreeMap(metadata) && metadata["name"] === name);
  if (found === undefined) throw new Error(`there is no ConfigMap ${name}`);
  return found;
}

/** Puts a document into the namespace `gpu`, as somebody's kubectl would. */
export function putConfigMap(cluster: Cluster, name: string, data: TreeMap): void {
  cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "gpu" }, data });
}

/** A document as a map. */
export function documentOf(text: string): TreeMap {
  const value = parseYaml(text);
  return isTreeMap(value) ? value : {};
}
