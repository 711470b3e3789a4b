import { textAt, valueAt } from "@slipway/base";
import { RESOURCES, eachObject, nameOf, type KubeClient, type KubeObject } from "@slipway/kube";
import { gpusOfPod, type GpuNode } from "../gpus/gpu-nodes.ts";
import { readGpuNodes } from "../gpus/read-gpus.ts";
import { cacheJobName, podsOf, type NimAddress } from "../related/pods.ts";
import { NIM_KINDS, NIM_RESOURCES } from "../resources.ts";
import { conditionsOf } from "../status/condition.ts";
import type { ClaimFacts, Facts, OperatorState, SecretFacts } from "./facts.ts";
import type { ClusterEvent } from "../related/events.ts";
import type { Looked } from "../related/look.ts";
import { all, foundOr, gapOf, look } from "../related/look.ts";
import { OPERATOR_SELECTOR, operatorStateOf } from "./operator-state.ts";
import { isOfFamily, readEvents } from "../related/events.ts";
import { readLogs } from "./read-logs.ts";
import { cacheNameOf, secretNames } from "./references.ts";
import { secretFactsOf } from "./secret-facts.ts";

/** What facts are read with. */
export interface GatherDeps {
  readonly client: Pick<KubeClient, "get" | "list" | "logs">;
  readonly now: Date;
  readonly signal?: AbortSignal | undefined;
}

/** What is being read for the service that waits for a cache, and serves the cache as well. */
interface Shared {
  readonly operator: Promise<OperatorState>;
  readonly events: Promise<Looked<readonly ClusterEvent[]>>;
}

const NOT_LOOKED: Looked<never> = { state: "unknown", why: "" };

/**
 * Reads all that a diagnosis of an object needs; what must not be read becomes a gap, so that little rights give little
 * evidence and no failure.
 *
 * @throws SlipwayError NOT_FOUND when there is no such object, NOT_ALLOWED when it must not be read, UNAVAILABLE
 */
export async function gatherFacts(deps: GatherDeps, address: NimAddress, shared?: Shared): Promise<Facts> {
  const { client, now, signal } = deps;
  const { kind, namespace, name } = address;
  const object = await client.get(NIM_KINDS[kind].resource, name, { namespace, signal });
  const claimName = claimNameOf(address, object);
  const common = shared ?? { operator: readOperator(deps), events: look(readEvents(client, namespace, signal)) };
  const [pods, workload, events, secrets, claimObject, operator, cache] = await Promise.all([
    look(podsOf(client, address, signal)),
    look(readWorkload(deps, address, object)),
    common.events,
    readSecrets(deps, address, object),
    claimName === undefined
      ? NOT_LOOKED
      : look(client.get(RESOURCES.persistentVolumeClaims, claimName, { namespace, signal })),
    common.operator,
    readCache(deps, address, object, common),
  ]);
  const ownPods = foundOr(pods, []);
  const family = { kind, name, pods: ownPods.map(nameOf), claim: claimName };
  const claim = claimOf(claimName, object, claimObject);
  const base = {
    ...address,
    now,
    object,
    pods: ownPods,
    workload: foundOr(workload, undefined),
    events: foundOr(events, []).filter((event) => isOfFamily(family, event)),
    claim,
    secrets,
    cache,
    operator,
    gaps: [pods, workload, events, claimObject].flatMap(gapOf).filter((gap) => gap !== ""),
  };
  const [storageClasses, gpus] = await Promise.all([readClasses(deps, claim), readGpus(deps, ownPods)]);
  const facts = { ...base, storageClasses, gpus };
  return { ...facts, logs: await readLogs(client, facts, signal) };
}

function readWorkload(
  { client, signal }: GatherDeps,
  { kind, namespace, name }: NimAddress,
  object: KubeObject,
): Promise<KubeObject> {
  if (kind === "NIMCache") return client.get(RESOURCES.jobs, cacheJobName(name), { namespace, signal });
  const isKServe = textAt(object, "spec", "inferencePlatform") === "kserve";
  const resource = isKServe ? NIM_RESOURCES.inferenceServices : RESOURCES.deployments;
  return client.get(resource, name, { namespace, signal });
}

/** The claim that an object keeps its model in; nothing for a service that takes it from a cache, a host or nowhere. */
function claimNameOf({ kind, name }: NimAddress, object: KubeObject): string | undefined {
  const told = kind === "NIMCache" ? textAt(object, "status", "pvc") : "";
  if (told !== "") return told;
  if (valueAt(object, "spec", "storage", "pvc") === undefined || cacheNameOf({ kind, object }) !== "") return undefined;
  const named = textAt(object, "spec", "storage", "pvc", "name");
  if (named !== "") return named;
  return valueAt(object, "spec", "storage", "pvc", "create") === true ? `${name}-pvc` : undefined;
}

function claimOf(name: string | undefined, object: KubeObject, claim: Looked<KubeObject>): ClaimFacts | undefined {
  if (name === undefined) return undefined;
  return { name, isMade: valueAt(object, "spec", "storage", "pvc", "create") === true, object: claim };
}

async function readSecrets(
  { client, signal }: GatherDeps,
  { kind, namespace }: NimAddress,
  object: KubeObject,
): Promise<ReadonlyMap<string, Looked<SecretFacts>>> {
  const names = [...new Set([...secretNames({ kind, object }), "hf-api-secret"])];
  const found = await Promise.all(
    names.map((name) => look(client.get(RESOURCES.secrets, name, { namespace, signal }).then(secretFactsOf))),
  );
  return new Map(names.flatMap((name, index) => (found[index] === undefined ? [] : [[name, found[index]]])));
}

async function readOperator({ client, signal }: GatherDeps): Promise<OperatorState> {
  const options = { labelSelector: OPERATOR_SELECTOR, signal };
  return operatorStateOf(await look(all(eachObject(client, RESOURCES.pods, options))));
}

async function readCache(
  deps: GatherDeps,
  { kind, namespace }: NimAddress,
  object: KubeObject,
  shared: Shared,
): Promise<Facts["cache"]> {
  const name = cacheNameOf({ kind, object });
  if (name === "") return undefined;
  return { name, facts: await look(gatherFacts(deps, { kind: "NIMCache", namespace, name }, shared)) };
}

/** Only a claim that waits needs to know about classes. */
async function readClasses(
  { client, signal }: GatherDeps,
  claim: ClaimFacts | undefined,
): Promise<Looked<readonly KubeObject[]>> {
  if (claim?.object.state !== "found" || textAt(claim.object.value, "status", "phase") !== "Pending") return NOT_LOOKED;
  return look(all(eachObject(client, RESOURCES.storageClasses, { signal })));
}

/** Only a pod that wants GPUs and is not placed needs to know about nodes. */
async function readGpus(
  { client, signal }: GatherDeps,
  pods: readonly KubeObject[],
): Promise<Looked<readonly GpuNode[]>> {
  const waits = pods.some(
    (pod) =>
      conditionsOf(pod).some(({ type, status }) => type === "PodScheduled" && status === "False") && isPicky(pod),
  );
  if (!waits) return NOT_LOOKED;
  return look(readGpuNodes(client, signal));
}

function isPicky(pod: KubeObject): boolean {
  return gpusOfPod(pod) > 0 || valueAt(pod, "spec", "nodeSelector") !== undefined;
}
