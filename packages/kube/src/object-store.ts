import { compareBytes } from "@slipway/base";
import { nameOf, type KubeObject } from "./objects.ts";

/** What became of an object. */
export interface ObjectChange {
  /** `updated` also when a resync shows an object again; `previous` is then the object itself. */
  readonly type: "added" | "updated" | "deleted";
  /** The object as it is, or as it was last when it is deleted. */
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

/** Objects of one kind by namespace and name, and what changes when news of them come in. */
export class ObjectStore {
  readonly #objects = new Map<string, KubeObject>();
  /** Versions at which objects went, so that older news do not bring them back. */
  readonly #gone = new Map<string, string>();

  get(name: string, namespace = ""): KubeObject | undefined {
    return this.#objects.get(`${namespace}/${name}`);
  }

  /** By namespace and name, in byte order. */
  list(namespace?: string): readonly KubeObject[] {
    const keys = [...this.#objects.keys()].filter((key) => namespace === undefined || key.startsWith(`${namespace}/`));
    return keys.toSorted(compareBytes).flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** Takes a whole list: what it does not hold is deleted. */
  replace(objects: readonly KubeObject[]): readonly ObjectChange[] {
    this.#gone.clear();
    const next = new Map(objects.map((object) => [keyOf(object), object]));
    const deleted = [...this.#objects].filter(([key]) => !next.has(key)).map(([, object]) => this.#drop(object));
    return [...deleted, ...[...next.values()].flatMap((object) => this.#set(object))];
  }

  /** Takes an object that was added or changed; one older than what is known changes nothing. */
  put(object: KubeObject): readonly ObjectChange[] {
    const key = keyOf(object);
    const known = this.#objects.get(key)?.metadata.resourceVersion ?? this.#gone.get(key);
    return isOlder(object.metadata.resourceVersion, known) ? [] : this.#set(object);
  }

  /** Takes the news that an object is gone. */
  remove(object: KubeObject): readonly ObjectChange[] {
    const known = this.#objects.get(keyOf(object));
    const { resourceVersion } = object.metadata;
    if (isOlder(resourceVersion, known?.metadata.resourceVersion)) return [];
    if (resourceVersion !== undefined) this.#gone.set(keyOf(object), resourceVersion);
    return known === undefined ? [] : [this.#drop(object)];
  }

  #set(object: KubeObject): readonly ObjectChange[] {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#gone.delete(key);
    if (previous === undefined) return [{ type: "added", object }];
    if (previous.metadata.resourceVersion === object.metadata.resourceVersion) return [];
    if (previous.metadata.uid === object.metadata.uid) return [{ type: "updated", object, previous }];
    return [
      { type: "deleted", object: previous },
      { type: "added", object },
    ];
  }

  #drop(object: KubeObject): ObjectChange {
    this.#objects.delete(keyOf(object));
    return { type: "deleted", object };
  }
}

/** `namespace/name`; nothing before the slash for objects of the cluster. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${nameOf(object)}`;
}

/**
 * Whether a version is older than another, where that can be said: versions are opaque in general, and numbers on every
 * server that keeps its objects in etcd.
 */
export function isOlder(version: string | undefined, than: string | undefined): boolean {
  if (version === undefined || than === undefined || !/^\d+$/.test(version) || !/^\d+$/.test(than)) return false;
  return BigInt(version) < BigInt(than);
}
