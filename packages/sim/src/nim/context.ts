import { createHash } from "node:crypto";
import { compactJson, equalTrees, mapAt, own, textAt, type Clock, type TreeMap } from "@slipway/base";
import {
  RESOURCES,
  isAlreadyExists,
  isNotFound,
  nameOf,
  type KubeApi,
  type KubeObject,
  type ObjectMeta,
  type Resource,
} from "@slipway/kube";
import type { Generation } from "./definitions/generation.ts";
import type { Script } from "./script.ts";

/** Labels, or annotations. */
export type Labels = Readonly<Record<string, string>>;

/** What every step of the operator has. */
export interface Context {
  readonly api: KubeApi;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly generation: Generation;
  readonly script: Script;
  /** Told the name of each model that is ready to be asked. */
  readonly onModel: (model: string) => void;
}

const MANAGER = "k8s-nim-operator";
/** Annotation with the digest of what the operator wants an object to be. */
const DIGEST = "sim.slipway.dev/digest";

/** An object, or nothing when there is none. */
export async function find(
  { api, signal }: Context,
  resource: Resource,
  name: string,
  namespace?: string,
): Promise<KubeObject | undefined> {
  try {
    return await api.get(resource, name, { namespace, signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Makes an object what the operator wants it to be, unless it is that already. @returns it */
export async function ensure(context: Context, resource: Resource, wanted: KubeObject): Promise<KubeObject> {
  const { api, signal } = context;
  const { namespace } = wanted.metadata;
  const digest = createHash("sha256").update(compactJson(wanted)).digest("hex").slice(0, 16);
  const annotations = { ...wanted.metadata.annotations, [DIGEST]: digest };
  const object: KubeObject = { ...wanted, metadata: { ...wanted.metadata, annotations } };
  const there = await find(context, resource, nameOf(wanted), namespace);
  if (own(there?.metadata.annotations ?? {}, DIGEST) === digest && there !== undefined) return there;
  const patch = { type: "apply", object, force: true } as const;
  return await api.patch(resource, nameOf(wanted), patch, { namespace, fieldManager: MANAGER, signal });
}

/** Creates an object unless one of its name is there. */
export async function ensureOnce(context: Context, resource: Resource, wanted: KubeObject): Promise<KubeObject> {
  const there = await find(context, resource, nameOf(wanted), wanted.metadata.namespace);
  return there ?? (await created(context, resource, wanted));
}

async function created(context: Context, resource: Resource, object: KubeObject): Promise<KubeObject> {
  const { api, signal } = context;
  const { namespace } = object.metadata;
  try {
    return await api.create(resource, object, { namespace, fieldManager: MANAGER, signal });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return await api.get(resource, nameOf(object), { namespace, signal });
  }
}

/** Puts a finalizer on an object, unless it is there. */
export async function keep(context: Context, resource: Resource, object: KubeObject, finalizer: string): Promise<void> {
  const { finalizers = [] } = object.metadata;
  if (!finalizers.includes(finalizer)) await setFinalizers(context, resource, object, [...finalizers, finalizer]);
}

/** Lets an object go that is being deleted. */
export async function release(
  context: Context,
  resource: Resource,
  object: KubeObject,
  finalizer: string,
): Promise<void> {
  const { finalizers = [] } = object.metadata;
  const others = finalizers.filter((name) => name !== finalizer);
  if (others.length < finalizers.length) await setFinalizers(context, resource, object, others);
}

async function setFinalizers(
  { api, signal }: Context,
  resource: Resource,
  object: KubeObject,
  finalizers: readonly string[],
): Promise<void> {
  const { namespace } = object.metadata;
  const patch = { type: "merge", value: { metadata: { finalizers } } } as const;
  await api.patch(resource, nameOf(object), patch, { namespace, fieldManager: MANAGER, signal });
}

/** Writes a status where it differs. A `null` in it takes a field away. @returns whether the state is another one now */
export async function setStatus(
  { api, signal }: Context,
  resource: Resource,
  object: KubeObject,
  status: TreeMap,
): Promise<boolean> {
  const before = mapAt(object, "status");
  const isSame = Object.entries(status).every(([key, value]) => equalTrees(own(before, key) ?? null, value));
  if (isSame) return false;
  const { namespace } = object.metadata;
  const options = { namespace, subresource: "status", fieldManager: MANAGER, signal };
  await api.patch(resource, nameOf(object), { type: "merge", value: { status } }, options);
  return textAt(before, "state") !== textAt(status, "state");
}

/** What an event tells. */
export interface NewEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** Tells an event of an object, as the operator's controllers do. */
export async function tell(context: Context, source: string, object: KubeObject, event: NewEvent): Promise<void> {
  const { api, signal, clock } = context;
  const { name = "", namespace = "", uid = "", resourceVersion = "" } = object.metadata;
  const time = `${clock.now().toISOString().slice(0, 19)}Z`;
  const { apiVersion, kind } = object;
  await api.create(
    RESOURCES.events,
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: { generateName: `${name}.`, namespace },
      ...event,
      involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
      source: { component: source },
      reportingComponent: source,
      reportingInstance: "",
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    },
    { namespace, signal },
  );
}

/** Metadata of an object that goes with its owner, in the owner's namespace. */
export function ownedBy(
  { apiVersion, kind, metadata }: KubeObject,
  own: { readonly name: string; readonly labels?: Labels; readonly annotations?: Labels },
): ObjectMeta {
  const { name = "", uid = "", namespace = "" } = metadata;
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  return { ...own, namespace, ownerReferences: [owner] };
}
