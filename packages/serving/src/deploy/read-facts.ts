import { SlipwayError, mapAt } from "@slipway/base";
import { RESOURCES, eachObject, isForbidden, isNotFound, nameOf, type KubeApi, type KubeObject } from "@slipway/kube";
import { gpuNodesOf, gpuProducts, readNodes } from "../gpus/gpu-nodes.ts";
import { readOperatorTraits } from "../operator/traits.ts";
import { NIM_RESOURCES } from "../resources.ts";
import { readNimCache } from "../status/nim-object.ts";
import { isDefaultClass, provisionerOf } from "../storage-classes/provisioners.ts";
import type { CacheFact, DeployFacts, Fact, GpuFact, SecretFact, StorageClassFact } from "./facts.ts";
import { SECRET_KINDS } from "../secrets/kinds.ts";
import type { DeployTarget } from "./plan.ts";

type Reader = Pick<KubeApi, "get" | "list">;

/**
 * What the questions offer, read from a cluster all at once. What may not be read is unknown, and nothing else is: of
 * secrets no value is kept.
 *
 * @throws SlipwayError NOT_FOUND where the kinds of the NIM Operator are not installed; as {@link KubeApi.list} does when
 * the cluster cannot be reached
 */
export async function readDeployFacts(
  api: Reader,
  { name, namespace }: Pick<DeployTarget, "name" | "namespace">,
  signal?: AbortSignal,
): Promise<DeployFacts> {
  const [storageClasses, caches, serviceExists, secrets, gpus, hubTokenFromAuthSecret] = await Promise.all([
    unlessForbidden("storage classes", storageClassesOf(api, signal)),
    unlessForbidden("caches", cachesOf(api, namespace, signal)),
    unlessForbidden("services", isService(api, name, namespace, signal)),
    unlessForbidden("secrets", secretsOf(api, namespace, signal)),
    unlessForbidden("nodes", gpusOf(api, signal)),
    unlessForbidden("definitions", tokenRuleOf(api, signal)),
  ]);
  return {
    storageClasses,
    caches,
    serviceExists,
    secrets,
    gpus,
    hubTokenFromAuthSecret: knownRule(hubTokenFromAuthSecret),
  };
}

async function unlessForbidden<Value>(what: string, value: Promise<Value>): Promise<Fact<Value>> {
  try {
    return { known: await value };
  } catch (error) {
    if (isForbidden(error)) return { unknown: what };
    if (isNotFound(error) && (what === "caches" || what === "services"))
      throw new SlipwayError("NOT_FOUND", "the cluster does not know NIMService and NIMCache", {
        hint: "The NIM Operator brings them. See what is missing with kubectl nim doctor.",
        cause: error,
      });
    throw error;
  }
}

async function collected<Value>(
  objects: AsyncIterable<KubeObject>,
  read: (object: KubeObject) => Value,
): Promise<readonly Value[]> {
  const values: Value[] = [];
  for await (const object of objects) values.push(read(object));
  return values;
}

function storageClassesOf(api: Reader, signal?: AbortSignal): Promise<readonly StorageClassFact[]> {
  return collected(eachObject(api, RESOURCES.storageClasses, { signal }), (found) => ({
    name: nameOf(found),
    isDefault: isDefaultClass(found),
    provisioner: provisionerOf(found),
  }));
}

function cachesOf(api: Reader, namespace: string, signal?: AbortSignal): Promise<readonly CacheFact[]> {
  return collected(eachObject(api, NIM_RESOURCES.nimCaches, { namespace, signal }), (found) => {
    const { name, state, model, source } = readNimCache(found);
    return { name, state, model, isFromHub: source === "hf" || source === "dataStore" };
  });
}

async function isService(api: Reader, name: string, namespace: string, signal?: AbortSignal): Promise<boolean> {
  const { items } = await api.list(NIM_RESOURCES.nimServices, {
    namespace,
    signal,
    fieldSelector: `metadata.name=${name}`,
    limit: 1,
  });
  return items.length > 0;
}

/** Those of the two types that matter: releases of Helm, which are large, are not read. */
async function secretsOf(api: Reader, namespace: string, signal?: AbortSignal): Promise<readonly SecretFact[]> {
  const { type: pullType, key } = SECRET_KINDS.pullSecret;
  const { type: keyType } = SECRET_KINDS.authSecret;
  const ofType = (type: string): AsyncIterable<KubeObject> =>
    eachObject(api, RESOURCES.secrets, {
      namespace,
      signal,
      fieldSelector: `type=${type}`,
      metadataOnly: type === pullType,
    });
  const [pull, keys] = await Promise.all([
    collected(ofType(pullType), (found) => ({ name: nameOf(found), type: pullType, keys: [key] })),
    collected(ofType(keyType), (found) => ({
      name: nameOf(found),
      type: keyType,
      keys: Object.keys(mapAt(found, "data")),
    })),
  ]);
  return [...pull, ...keys].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

async function gpusOf(api: Reader, signal?: AbortSignal): Promise<GpuFact> {
  const nodes = gpuNodesOf(await readNodes(api, signal), new Map());
  return {
    most: Math.max(0, ...nodes.map(({ total }) => total)),
    products: gpuProducts(nodes).map(({ product }) => product),
  };
}

/** @returns nothing when there is no definition to see */
async function tokenRuleOf(api: Reader, signal?: AbortSignal): Promise<boolean | undefined> {
  try {
    return (await readOperatorTraits(api, signal))?.hubTokenFromAuthSecret;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

function knownRule(rule: Fact<boolean | undefined>): Fact<boolean> {
  if (!("known" in rule)) return rule;
  return rule.known === undefined ? { unknown: "definitions" } : { known: rule.known };
}
