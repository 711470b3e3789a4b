import { messageOf } from "@slipway/base";
import { RESOURCES, waitFor, type KubeObject } from "@slipway/kube";
import { connect, type NodeKubeClient } from "@slipway/kube/node";
import {
  GENERATIONS,
  KWOK_RESOURCES,
  createGpuNodes,
  everyPodPort,
  nimDefinitions,
  nimStages,
  operatorInstallation,
  provideVolumes,
  runNimOperator,
  startModelServer,
  storageClass,
  type Generation,
} from "@slipway/sim";
import { conditionsOf } from "@slipway/serving";
import { nodeFiles } from "@slipway/terminal";

/** Milliseconds that a model takes to be cached, so that people see it happen. */
const CACHE_MS = 20_000;
const TOKENS_PER_SECOND = 40;

/** The release of the operator that a word of the command line asks for: `--nim`, `--nim=3.0`; nothing for another word. */
export function releaseOf(word: string): Generation | undefined {
  return word === "--nim" ? "head" : GENERATIONS.find((release) => word === `--nim=${release}`);
}

/**
 * Furnishes a cluster for `kubectl nim`, until `signal` is aborted: nodes with GPUs, storage, the kinds of the NIM Operator,
 * an operator that is played, and a model behind every port that is forwarded.
 */
export async function furnishForNim(
  kubeconfig: string,
  options: {
    readonly release: Generation;
    readonly log: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { release, log, signal } = options;
  const client = await connect({
    kubeconfig,
    env: {},
    files: nodeFiles({ cwd: "/" }),
    userAgent: "slipway-cluster",
    onWarning: () => {},
  });
  await Promise.all([
    createGpuNodes(client, { count: 2, model: "h100", signal }),
    createGpuNodes(client, { count: 1, model: "l40s", signal }),
    ...nimDefinitions(release).map(async (definition) => await define(client, definition, signal)),
    ...nimStages({ cacheMs: CACHE_MS }).map(async (stage) => {
      await client.create(KWOK_RESOURCES.stages, stage, { signal });
    }),
    client.create(RESOURCES.storageClasses, storageClass("standard", { isDefault: true }), { signal }),
    client.create(RESOURCES.storageClasses, storageClass("nfs-storage"), { signal }),
  ]);
  for (const object of operatorInstallation(release)) {
    const { namespaces, deployments } = RESOURCES;
    const resource = object.kind === "Namespace" ? namespaces : deployments;
    await client.create(resource, object, { namespace: object.metadata.namespace, signal });
  }
  const models: string[] = [];
  const server = await startModelServer({ models, tokensPerSecond: TOKENS_PER_SECOND, firstTokenMs: 200 });
  signal.addEventListener("abort", () => void server.close(), { once: true });
  await client.create(KWOK_RESOURCES.clusterPortForwards, everyPodPort(server), { signal });
  provideVolumes(client, { signal });
  const operator = runNimOperator(client, {
    signal,
    generation: release,
    onError: log,
    onModel: (model) => {
      if (!models.includes(model)) models.push(model);
    },
  });
  operator.ended.catch((error: unknown) => log(messageOf(error)));
  await operator.synced;
  log(`furnished for kubectl nim: the NIM kinds of release ${release}, GPU nodes, an operator, a model server`);
}

async function define(client: NodeKubeClient, definition: KubeObject, signal: AbortSignal): Promise<void> {
  const { customResourceDefinitions } = RESOURCES;
  await client.create(customResourceDefinitions, definition, { signal });
  const isEstablished = (object: KubeObject | undefined): boolean =>
    object !== undefined &&
    conditionsOf(object).some(({ type, status }) => type === "Established" && status === "True");
  const name = definition.metadata.name ?? "";
  await waitFor(client, customResourceDefinitions, name, isEstablished, { signal, until: "to be established" });
}
