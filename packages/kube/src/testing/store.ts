import { equalTrees, isTreeMap, mapAt, textAt, type Tree, type TreeMap } from "@slipway/base";
import {
  FOREGROUND,
  PLAIN_DELETION,
  checkPreconditions,
  hasFinalizers,
  isLeaving,
  leaving,
  ownersOf,
  withoutFinalizer,
  withoutOwner,
  type Deletion,
} from "./deletion.ts";
import { ApiFailure, alreadyExists, notFound, outdated } from "./failure.ts";
import { History, type Change } from "./history.ts";
import { BUILT_IN_KINDS, NAMESPACE, apiVersionOf, kindsOfDefinition, type Kind } from "./kinds.ts";
import { settled } from "./status.ts";

/** A change that was made, for tests: dry runs are not among them. */
export interface Write {
  readonly verb: "create" | "update" | "patch" | "apply" | "delete";
  readonly kind: string;
  /** Empty for objects of the cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** Where an object is. */
export interface Address {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

/** What a store is made with. */
export interface StoreOptions {
  readonly namespaces: readonly string[];
  /** Kinds beside the built-in ones and those of definitions. */
  readonly kinds: readonly Kind[];
  /** Names of kinds whose status is left to the test; all others are ready at once. */
  readonly unsettled: readonly string[];
}

interface Stored {
  readonly address: Address;
  readonly object: TreeMap;
}

/** The objects of a cluster, in memory. Every failure is an ApiFailure. */
export class Store {
  readonly writes: Write[] = [];
  readonly listeners = new Set<(change: Change) => void>();
  readonly history = new History();
  readonly #options: StoreOptions;
  readonly #objects = new Map<string, Stored>();
  readonly #applied = new Map<string, Map<string, TreeMap>>();
  #version = 1;

  constructor(options: StoreOptions) {
    this.#options = options;
    for (const name of options.namespaces) {
      const address = { kind: NAMESPACE, namespace: "", name };
      this.#put("ADDED", address, this.#settle(this.#born(address, {})));
    }
  }

  /** The built-in kinds, those of the test and those of the definitions that are there. */
  kinds(): readonly Kind[] {
    const definitions = [...this.#objects.values()].filter(
      ({ address }) => address.kind.kind === "CustomResourceDefinition",
    );
    const defined = definitions.flatMap(({ object }) => kindsOfDefinition(object));
    return [...BUILT_IN_KINDS, ...this.#options.kinds, ...defined];
  }

  get version(): number {
    return this.#version;
  }

  find(address: Address): TreeMap | undefined {
    return this.#objects.get(keyOf(address))?.object;
  }

  get(address: Address): TreeMap {
    const object = this.find(address);
    if (object === undefined) throw notFound(address.kind, address.name);
    return object;
  }

  /** Objects of a kind by namespace and name; an empty namespace is all of them. */
  list(kind: Kind, namespace: string): readonly TreeMap[] {
    const prefix = `${kind.group}/${kind.plural}/${namespace === "" ? "" : `${namespace}/`}`;
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
    return keys.map((key) => this.#objects.get(key)?.object).filter((object) => object !== undefined);
  }

  create(address: Address, object: TreeMap, dryRun: boolean, verb: Write["verb"] = "create"): TreeMap {
    if (this.find(address) !== undefined) throw alreadyExists(address.kind, address.name);
    this.#requireNamespace(address);
    const born = this.#settle(this.#born(address, object));
    return dryRun ? born : this.#put("ADDED", address, born, verb);
  }

  /**
   * Replaces an object; one that says which version it was made from must be from the newest. The status changes only
   * through its subresource.
   */
  replace(
    address: Address & { readonly subresource?: string },
    object: TreeMap,
    dryRun: boolean,
    verb: Write["verb"],
  ): TreeMap {
    const current = this.get(address);
    const from = textAt(object, "metadata", "resourceVersion");
    if (from !== "" && from !== textAt(current, "metadata", "resourceVersion"))
      throw outdated(address.kind, address.name);
    const next = this.#next(address, current, object);
    if (dryRun || equalTrees(current, next)) return next;
    const stored = this.#put("MODIFIED", address, next, verb);
    if (isLeaving(stored) && !hasFinalizers(stored)) this.#drop({ address, object: stored });
    return stored;
  }

  /** Puts an object as it is, as kubelets and controllers would: its status stays what it says, and so does its age. */
  put(address: Address, object: TreeMap): TreeMap {
    if (address.kind.namespaced) this.#ensureNamespace(address.namespace);
    const current = this.find(address);
    if (current === undefined) return this.#put("ADDED", address, aged(this.#born(address, object), object));
    return this.#put("MODIFIED", address, this.#grown(address, current, object));
  }

  /** @returns the object, as it was or as it waits for its finalizers */
  remove(address: Address, deletion: Deletion = PLAIN_DELETION): TreeMap {
    const object = this.get(address);
    checkPreconditions(address, object, deletion);
    if (deletion.dryRun) return object;
    this.writes.push({ verb: "delete", kind: address.kind.kind, namespace: address.namespace, name: address.name });
    const uid = textAt(object, "metadata", "uid");
    if (deletion.propagation === "Orphan") this.#orphan(uid);
    const waits = deletion.propagation === "Foreground" && this.#hasDependents(uid);
    if (!waits && !hasFinalizers(object)) {
      this.#drop({ address, object });
      return object;
    }
    if (isLeaving(object)) return object;
    const left = this.#put("MODIFIED", address, leaving(object, waits ? FOREGROUND : undefined));
    if (waits) this.#dropDependents(uid);
    return left;
  }

  /** What each manager applied last, for server-side apply. */
  applied(address: Address): ReadonlyMap<string, TreeMap> {
    return this.#applied.get(keyOf(address)) ?? new Map();
  }

  rememberApplied(address: Address, manager: string, object: TreeMap): void {
    const managers = this.#applied.get(keyOf(address)) ?? new Map<string, TreeMap>();
    this.#applied.set(keyOf(address), managers.set(manager, object));
  }

  #drop({ address, object }: Stored): void {
    this.#objects.delete(keyOf(address));
    this.#applied.delete(keyOf(address));
    const gone = withVersion(object, ++this.#version);
    this.#tell({ type: "DELETED", kind: address.kind, object: gone, previous: object, version: this.#version });
    if (address.kind.kind === "Namespace") this.#dropWhere((key) => key.split("/")[2] === address.name);
    if (address.kind.kind === "CustomResourceDefinition")
      for (const kind of kindsOfDefinition(object))
        this.#dropWhere((key) => key.startsWith(`${kind.group}/${kind.plural}/`));
    this.#dropDependents(textAt(object, "metadata", "uid"));
    for (const owner of ownersOf(object)) this.#release(owner);
  }

  #dropWhere(matches: (key: string) => boolean): void {
    for (const [key, stored] of this.#objects) if (matches(key)) this.#drop(stored);
  }

  #dependents(uid: string): readonly Stored[] {
    return [...this.#objects.values()].filter(({ object }) => ownersOf(object).includes(uid));
  }

  #hasDependents(uid: string): boolean {
    return this.#dependents(uid).length > 0;
  }

  /** An object goes with the last of its owners. */
  #dropDependents(uid: string): void {
    for (const { address, object } of this.#dependents(uid)) {
      if (this.find(address) === undefined) continue;
      if (ownersOf(object).length > 1) this.#put("MODIFIED", address, withoutOwner(object, uid));
      else if (!hasFinalizers(object)) this.#drop({ address, object });
      else if (!isLeaving(object)) this.#put("MODIFIED", address, leaving(object));
    }
  }

  #orphan(uid: string): void {
    for (const { address, object } of this.#dependents(uid)) this.#put("MODIFIED", address, withoutOwner(object, uid));
  }

  /** Lets an owner go that waited for its dependents, when the last one is gone. */
  #release(uid: string): void {
    const owner = [...this.#objects.values()].find(({ object }) => textAt(object, "metadata", "uid") === uid);
    if (owner === undefined || !isLeaving(owner.object) || this.#hasDependents(uid)) return;
    const free = withoutFinalizer(owner.object, FOREGROUND);
    if (hasFinalizers(free)) this.#put("MODIFIED", owner.address, free);
    else this.#drop({ address: owner.address, object: free });
  }

  #requireNamespace({ kind, namespace }: Address): void {
    if (kind.namespaced && this.find({ kind: NAMESPACE, namespace: "", name: namespace }) === undefined)
      throw notFound(NAMESPACE, namespace);
  }

  #ensureNamespace(name: string): void {
    const address = { kind: NAMESPACE, namespace: "", name };
    if (this.find(address) === undefined) this.#put("ADDED", address, this.#settle(this.#born(address, {})));
  }

  #settle(object: TreeMap): TreeMap {
    return this.#options.unsettled.includes(textAt(object, "kind")) ? object : settled(object);
  }

  #born(address: Address, object: TreeMap): TreeMap {
    const metadata = {
      ...mapAt(object, "metadata"),
      name: address.name,
      ...(address.kind.namespaced ? { namespace: address.namespace } : {}),
      uid: `00000000-0000-4000-8000-${String(this.#version).padStart(12, "0")}`,
      creationTimestamp: "2024-01-01T00:00:00Z",
      generation: 1,
    };
    return readable({ ...object, apiVersion: apiVersionOf(address.kind), kind: address.kind.kind, metadata });
  }

  #next(address: Address & { readonly subresource?: string }, current: TreeMap, object: TreeMap): TreeMap {
    const status = object["status"];
    if (address.subresource === "status") return status === undefined ? current : { ...current, status };
    const kept = address.kind.hasStatus ? withStatus(object, current["status"]) : object;
    const grown = this.#grown(address, current, kept);
    const isOlder = mapAt(current, "metadata")["generation"] !== mapAt(grown, "metadata")["generation"];
    return isOlder ? this.#settle(grown) : grown;
  }

  #grown(address: Address, current: TreeMap, object: TreeMap): TreeMap {
    const old = mapAt(current, "metadata");
    const changed = !equalTrees(current["spec"] ?? null, object["spec"] ?? null);
    const generation = Number(old["generation"] ?? 1) + (changed ? 1 : 0);
    const fixed = Object.fromEntries(
      ["uid", "creationTimestamp", "deletionTimestamp", "resourceVersion", "name", "namespace"].flatMap((key) =>
        keep(old, key),
      ),
    );
    return readable({
      ...object,
      apiVersion: apiVersionOf(address.kind),
      kind: address.kind.kind,
      metadata: { ...mapAt(object, "metadata"), ...fixed, generation },
    });
  }

  #put(type: "ADDED" | "MODIFIED", { kind, namespace, name }: Address, object: TreeMap, verb?: Write["verb"]): TreeMap {
    const address = { kind, namespace, name };
    const previous = this.find(address);
    const stored = withVersion(object, ++this.#version);
    this.#objects.set(keyOf(address), { address, object: stored });
    if (verb !== undefined) this.writes.push({ verb, kind: kind.kind, namespace, name });
    this.#tell({ type, kind, object: stored, previous, version: this.#version });
    return stored;
  }

  #tell(change: Change): void {
    this.history.add(change);
    for (const listener of this.listeners) listener(change);
  }
}

function keyOf({ kind, namespace, name }: Address): string {
  return `${kind.group}/${kind.plural}/${namespace}/${name}`;
}

function withVersion(object: TreeMap, version: number): TreeMap {
  return { ...object, metadata: { ...mapAt(object, "metadata"), resourceVersion: String(version) } };
}

function withStatus(object: TreeMap, status: Tree | undefined): TreeMap {
  const { status: _mine, ...rest } = object;
  return status === undefined ? rest : { ...rest, status };
}

function keep(metadata: TreeMap, key: string): readonly (readonly [string, Tree])[] {
  const value = metadata[key];
  return value === undefined ? [] : [[key, value]];
}

/** The name that an object gives itself; one is made up where it only gives the start of one. */
export function nameOf(object: TreeMap, version: number): string {
  const name = textAt(object, "metadata", "name");
  const start = textAt(object, "metadata", "generateName");
  if (name === "" && start === "") throw new ApiFailure("Invalid", "name or generateName is required");
  return name === "" ? `${start}${String(version).padStart(5, "0")}` : name;
}

/** The object as old as another one says that it is. */
function aged(object: TreeMap, { metadata }: TreeMap): TreeMap {
  const made = isTreeMap(metadata) ? metadata["creationTimestamp"] : undefined;
  if (made === undefined) return object;
  return { ...object, metadata: { ...mapAt(object, "metadata"), creationTimestamp: made } };
}

/** A Secret as the server keeps it: what is given as text is base64 among the rest. */
function readable(object: TreeMap): TreeMap {
  const { stringData, ...rest } = object;
  if (object["kind"] !== "Secret" || !isTreeMap(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(typeof text === "string" ? text : "").toString("base64"),
  ]);
  return { ...rest, data: { ...mapAt(object, "data"), ...Object.fromEntries(encoded) } };
}
