import { SlipwayError, isTreeMap, kindOf, own, type Tree, type TreeMap } from "@slipway/base";

/** What every object says about itself (ObjectMeta of the Kubernetes API). */
export type ObjectMeta = TreeMap & {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly uid?: string;
  /** Opaque; only compared for equality. */
  readonly resourceVersion?: string;
  readonly generation?: number;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  /** RFC 3339; there when the object is being deleted. */
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
};

/** An object that, once gone, takes this one along. */
export type OwnerReference = TreeMap & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
};

/** An object of the Kubernetes API. Fields beyond these are read with `own` or a cursor of base. */
export type KubeObject = TreeMap & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
};

/** One page of a list. */
export interface KubeList {
  readonly items: readonly KubeObject[];
  /** The state of the cluster that the list shows; a watch goes on from here. */
  readonly resourceVersion: string;
  /** Asks for the next page; absent on the last one. */
  readonly continue?: string;
  /** How many are behind the next pages, where the server says it. */
  readonly remainingItemCount?: number;
}

/** Whether a value has what every object has. */
export function isKubeObject(value: Tree | undefined): value is KubeObject {
  return (
    isTreeMap(value) &&
    typeof own(value, "apiVersion") === "string" &&
    typeof own(value, "kind") === "string" &&
    isTreeMap(own(value, "metadata"))
  );
}

/**
 * The same value as an object.
 *
 * @param what names the value in the message, e.g. `the answer to GET /api/v1/pods`
 * @throws SlipwayError INVALID_INPUT when it lacks apiVersion, kind or metadata
 */
export function kubeObject(value: Tree | undefined, what: string): KubeObject {
  if (isKubeObject(value)) return value;
  throw new SlipwayError(
    "INVALID_INPUT",
    `${what}: expected an object with apiVersion, kind and metadata, found ${kindOf(value)}`,
  );
}

/** The name of an object; empty for one that the server has yet to name. */
export function nameOf(object: KubeObject): string {
  return object.metadata.name ?? "";
}

/** `Kind namespace/name`, as messages name an object. */
export function describeObject(object: KubeObject): string {
  const { namespace } = object.metadata;
  const name = nameOf(object) || `${object.metadata.generateName ?? ""}*`;
  return `${object.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
