import { equalTrees, type Tree, type TreeMap } from "@slipway/base";
import { ApiFailure, alreadyExists, notFound, outdated } from "./failure.ts";
import { BUILT_IN_KINDS, NAMESPACE, apiVersionOf, kindsOfDefinition, mapAt, textAt, type Kind } from "./kinds.ts";
import { settled } from "./status.ts";

/** A change that was made, for tests: dry runs are not among them. */
export interface Write {
  readonly verb: "create" | "update" | "patch" | "apply" | "delete";
  readonly kind: string;
  /** Empty for objects of the cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** What watchers are told. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: Kind;
  readonly object: TreeMap;
}

/** Where an object is. */
export interface Address {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

/** The objects of a cluster, in memory. Every failure is an ApiFailure. */
export class Store {
  readonly writes: Write[] = [];
  readonly listeners = new Set<(change: Change) => void>();
  readonly #objects = new Map<string, { readonly kind: Kind; readonly object: TreeMap }>();
  readonly #applied = new Map<string, TreeMap>();
  #version = 1;

  constructor(namespaces: readonly string[]) {
    for (const name of namespaces) {
      const address = { kind: NAMESPACE, namespace: "", name };
      this.#put("ADDED", address, this.#born(address, {}));
    }
  }

  /** The built-in kinds and those of the definitions that are there. */
  kinds(): readonly Kind[] {
    const definitions = [...this.#objects.values()].filter(({ kind }) => kind.kind === "CustomResourceDefinition");
    return [...BUILT_IN_KINDS, ...definitions.flatMap(({ object }) => kindsOfDefinition(object))];
  }

  get version(): string {
    return String(this.#version);
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
    const born = this.#born(address, object);
    return dryRun ? born : this.#put("ADDED", address, born, verb);
  }

  /** Replaces an object; one that says which version it was made from must be from the newest. */
  replace(address: Address, object: TreeMap, dryRun: boolean, verb: Write["verb"]): TreeMap {
    const current = this.get(address);
    const from = textAt(object, "metadata", "resourceVersion");
    if (from !== "" && from !== textAt(current, "metadata", "resourceVersion"))
      throw outdated(address.kind, address.name);
    const next = this.#grown(address, current, object);
    if (dryRun || equalTrees(current, next)) return next;
    return this.#put("MODIFIED", address, next, verb);
  }

  remove(address: Address, dryRun: boolean): TreeMap {
    const object = this.get(address);
    if (dryRun) return object;
    this.#drop(address, object);
    this.writes.push({ verb: "delete", kind: address.kind.kind, namespace: address.namespace, name: address.name });
    if (address.kind.kind === "Namespace") this.#dropWhere((key) => key.split("/")[2] === address.name);
    if (address.kind.kind === "CustomResourceDefinition")
      for (const kind of kindsOfDefinition(object))
        this.#dropWhere((key) => key.startsWith(`${kind.group}/${kind.plural}/`));
    return object;
  }

  /** What a manager applied last, for server-side apply. */
  applied(address: Address, manager: string): TreeMap | undefined {
    return this.#applied.get(`${keyOf(address)} ${manager}`);
  }

  rememberApplied(address: Address, manager: string, object: TreeMap): void {
    this.#applied.set(`${keyOf(address)} ${manager}`, object);
  }

  #dropWhere(matches: (key: string) => boolean): void {
    for (const [key, { kind, object }] of this.#objects) {
      if (matches(key)) this.#drop({ kind, namespace: key.split("/")[2] ?? "", name: key.split("/")[3] ?? "" }, object);
    }
  }

  #drop(address: Address, object: TreeMap): void {
    this.#objects.delete(keyOf(address));
    for (const key of this.#applied.keys()) if (key.startsWith(`${keyOf(address)} `)) this.#applied.delete(key);
    this.#version++;
    this.#tell({ type: "DELETED", kind: address.kind, object });
  }

  #requireNamespace({ kind, namespace }: Address): void {
    if (kind.namespaced && this.find({ kind: NAMESPACE, namespace: "", name: namespace }) === undefined)
      throw notFound(NAMESPACE, namespace);
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
    return settled({ ...object, apiVersion: apiVersionOf(address.kind), kind: address.kind.kind, metadata });
  }

  #grown(address: Address, current: TreeMap, object: TreeMap): TreeMap {
    const old = mapAt(current, "metadata");
    const changed = !equalTrees(current["spec"], object["spec"]);
    const generation = Number(old["generation"] ?? 1) + (changed ? 1 : 0);
    const fixed = Object.fromEntries(
      ["uid", "creationTimestamp", "resourceVersion", "name", "namespace"].flatMap((key) => keep(old, key)),
    );
    return settled({
      ...object,
      apiVersion: apiVersionOf(address.kind),
      kind: address.kind.kind,
      metadata: { ...mapAt(object, "metadata"), ...fixed, generation },
    });
  }

  #put(type: "ADDED" | "MODIFIED", address: Address, object: TreeMap, verb?: Write["verb"]): TreeMap {
    const stored = { ...object, metadata: { ...mapAt(object, "metadata"), resourceVersion: String(++this.#version) } };
    this.#objects.set(keyOf(address), { kind: address.kind, object: stored });
    if (verb !== undefined)
      this.writes.push({ verb, kind: address.kind.kind, namespace: address.namespace, name: address.name });
    this.#tell({ type, kind: address.kind, object: stored });
    return stored;
  }

  #tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}

function keyOf({ kind, namespace, name }: Address): string {
  return `${kind.group}/${kind.plural}/${namespace}/${name}`;
}

function keep(metadata: TreeMap, key: string): readonly (readonly [string, Tree])[] {
  const value = metadata[key];
  return value === undefined ? [] : [[key, value]];
}

/** The name that an object gives itself; one is made up where it only gives the start of one. */
export function nameOf(object: TreeMap, version: string): string {
  const name = textAt(object, "metadata", "name");
  const start = textAt(object, "metadata", "generateName");
  if (name === "" && start === "") throw new ApiFailure("Invalid", "name or generateName is required");
  return name === "" ? `${start}${version.padStart(5, "0")}` : name;
}
