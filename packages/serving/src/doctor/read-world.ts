import { valueAt } from "@slipway/base";
import {
  RESOURCES,
  apiVersionOf,
  eachObject,
  type KubeApi,
  type KubeObject,
  type ListOptions,
  type Resource,
} from "@slipway/kube";
import type { Looked } from "../related/look.ts";
import { all, look } from "../related/look.ts";
import { OPERATOR_SELECTOR, operatorStateOf } from "../explain/operator-state.ts";
import { secretFactsOf } from "../explain/secret-facts.ts";
import { readNodes, usedGpus } from "../gpus/gpu-nodes.ts";
import { NIM_RESOURCES } from "../resources.ts";
import { SECRET_NAMES, type Right, type SecretName, type World } from "./world.ts";

/** What the world is read with. */
export interface WorldDeps {
  readonly api: Pick<KubeApi, "get" | "list" | "create" | "read">;
  /** Address, for the report. */
  readonly server: string;
  readonly namespace: string;
  readonly storageClass: string | undefined;
  readonly signal: AbortSignal;
}

/** Requests that are under way at the same time. */
const AT_ONCE = 8;

function resource(group: string, plural: string, kind: string, namespaced: boolean): Resource {
  return { group, version: "v1", plural, kind, namespaced };
}

const WEBHOOKS = resource(
  "admissionregistration.k8s.io",
  "validatingwebhookconfigurations",
  "ValidatingWebhookConfiguration",
  false,
);
const QUOTAS = resource("", "resourcequotas", "ResourceQuota", true);
const SLICES = resource("discovery.k8s.io", "endpointslices", "EndpointSlice", true);

/** What people need to work with NIM: verb, group, kind of object, part of it. */
const RIGHTS = [
  ["create", NIM_RESOURCES.nimServices.group, "nimservices", ""],
  ["delete", NIM_RESOURCES.nimServices.group, "nimservices", ""],
  ["create", NIM_RESOURCES.nimCaches.group, "nimcaches", ""],
  ["get", "", "pods", "log"],
  ["create", "", "pods", "portforward"],
] as const;

/**
 * Looks at a cluster, a bounded number of requests at a time. What must not be seen, or is not there, is part of the answer.
 *
 * @throws SlipwayError UNAVAILABLE when the server is not reached, NOT_ALLOWED for credentials that it does not take, and
 * what `signal` was aborted with
 */
export async function readWorld(deps: WorldDeps): Promise<World> {
  const { api, server, namespace, storageClass, signal } = deps;
  // Asked alone: where no server answers, every other request would only wait for the same.
  const version = await api.read("/version", { signal });
  const reader = readerOf(deps);
  const [cluster, hardware, home] = await Promise.all([
    readCluster(reader),
    readHardware(deps, reader),
    readHome(deps, reader),
  ]);
  return { server, namespace, storageClass, version, ...cluster, ...hardware, ...home };
}

/** Reads in turn with others. */
interface Reader {
  readonly run: <Value>(task: () => Promise<Value>) => Promise<Value>;
  readonly find: (kind: Resource, name: string, namespace?: string) => Promise<Looked<KubeObject>>;
  readonly list: (kind: Resource, options?: ListOptions) => Promise<Looked<readonly KubeObject[]>>;
}

function readerOf({ api, signal }: WorldDeps): Reader {
  const run = limiter(AT_ONCE);
  return {
    run,
    find: (kind, name, namespace) => run(() => look(api.get(kind, name, { namespace, signal }))),
    list: (kind, options = {}) => run(() => look(all(eachObject(api, kind, { ...options, signal })))),
  };
}

type Part<Keys extends keyof World> = Promise<Pick<World, Keys>>;

async function readCluster({
  find,
  list,
}: Reader): Part<
  "serviceDefinition" | "cacheDefinition" | "kserveDefinition" | "operator" | "webhooks" | "endpointSlices"
> {
  const pods = list(RESOURCES.pods, { labelSelector: OPERATOR_SELECTOR }).then(operatorStateOf);
  const slices = pods.then(({ namespace }) => list(SLICES, { namespace: namespace ?? "nim-operator" }));
  const [serviceDefinition, cacheDefinition, kserveDefinition, webhooks, operator, endpointSlices] = await Promise.all([
    find(RESOURCES.customResourceDefinitions, definitionOf(NIM_RESOURCES.nimServices)),
    find(RESOURCES.customResourceDefinitions, definitionOf(NIM_RESOURCES.nimCaches)),
    find(RESOURCES.customResourceDefinitions, definitionOf(NIM_RESOURCES.inferenceServices)),
    list(WEBHOOKS),
    pods,
    slices,
  ]);
  return { serviceDefinition, cacheDefinition, kserveDefinition, webhooks, operator, endpointSlices };
}

async function readHardware(
  { api, signal }: WorldDeps,
  { run, find, list }: Reader,
): Part<"clusterPolicies" | "storageClasses" | "runtimeClass" | "nodes" | "usedGpus"> {
  const [clusterPolicies, storageClasses, runtimeClass, nodes, used] = await Promise.all([
    list(RESOURCES.clusterPolicies),
    list(RESOURCES.storageClasses),
    find(RESOURCES.runtimeClasses, "nvidia"),
    run(() => look(readNodes(api, signal))),
    run(() => look(usedGpus(api, signal))),
  ]);
  return { clusterPolicies, storageClasses, runtimeClass, nodes, usedGpus: used };
}

async function readHome(
  deps: WorldDeps,
  { run, find, list }: Reader,
): Part<"namespaceObject" | "quotas" | "services" | "secrets" | "rights"> {
  const { api, namespace, signal } = deps;
  const secret = async (name: SecretName) =>
    [name, await run(() => look(api.get(RESOURCES.secrets, name, { namespace, signal }).then(secretFactsOf)))] as const;
  const [namespaceObject, quotas, services, secrets, rights] = await Promise.all([
    find(RESOURCES.namespaces, namespace),
    list(QUOTAS, { namespace }),
    list(NIM_RESOURCES.nimServices, { namespace }),
    Promise.all(SECRET_NAMES.map(secret)),
    Promise.all(RIGHTS.map((right) => run(() => ask(deps, right)))),
  ]);
  return { namespaceObject, quotas, services, secrets: new Map(secrets), rights };
}

function definitionOf({ plural, group }: Resource): string {
  return `${plural}.${group}`;
}

/** Asks the server whether the user may do something. */
async function ask(
  { api, namespace, signal }: WorldDeps,
  [verb, group, kind, subresource]: (typeof RIGHTS)[number],
): Promise<Right> {
  const { selfSubjectAccessReviews } = RESOURCES;
  const attributes = { verb, group, resource: kind, subresource, namespace };
  const review = {
    apiVersion: apiVersionOf(selfSubjectAccessReviews),
    kind: selfSubjectAccessReviews.kind,
    metadata: {},
    spec: { resourceAttributes: attributes },
  };
  const answer = await look(api.create(selfSubjectAccessReviews, review, { signal }));
  const text = `${verb} ${kind}${subresource === "" ? "" : `/${subresource}`}`;
  if (answer.state !== "found") return { text, answer };
  return { text, answer: { state: "found", value: valueAt(answer.value, "status", "allowed") === true } };
}

/** Lets so many tasks run at the same time; the others wait for their turn. */
function limiter(limit: number): <Value>(task: () => Promise<Value>) => Promise<Value> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    try {
      return await task();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
