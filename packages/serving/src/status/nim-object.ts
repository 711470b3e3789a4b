import { listAt, mapAt, numberAt, textAt, valueAt, type Tree } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { conditionsOf, type Condition } from "./condition.ts";

/** What both kinds say about themselves; empty where the object says nothing. */
interface NimObjectView {
  readonly name: string;
  readonly namespace: string;
  /** `Ready`, `NotReady`, `Failed`, `Pending`, …; empty before the operator has looked. */
  readonly state: string;
  readonly conditions: readonly Condition[];
  /** RFC 3339. */
  readonly created: string;
  /** RFC 3339; there when the object is being deleted. */
  readonly deleted: string;
}

/** How many copies of a service are asked for. */
export type WantedReplicas =
  | { readonly kind: "fixed"; readonly count: number }
  | { readonly kind: "scaled"; readonly least: number; readonly most: number };

/** Where the model's files of a service come from. */
export type ServiceStorage =
  | { readonly kind: "nimcache"; readonly name: string; readonly profile: string }
  | { readonly kind: "pvc"; readonly name: string; readonly size: string; readonly create: boolean }
  | { readonly kind: "hostPath"; readonly path: string }
  | { readonly kind: "emptyDir"; readonly size: string }
  | { readonly kind: "none" };

/** A NIMService, as far as people look at it. */
export interface NimServiceView extends NimObjectView {
  readonly kind: "NIMService";
  readonly wanted: WantedReplicas;
  /** What the status says; nothing where it is silent, as the operator's mostly is. */
  readonly available: number | undefined;
  readonly storage: ServiceStorage;
  /** The profile that the spec asks for. */
  readonly profile: string;
  readonly model: string;
  readonly clusterEndpoint: string;
  readonly externalEndpoint: string;
  readonly image: string;
  readonly platform: string;
  /** What `resources.limits` says of GPUs. */
  readonly gpus: string;
  readonly serviceType: string;
  readonly port: number | undefined;
}

/** Which of the sources a cache is filled from. */
export type CacheSource = "ngc" | "hf" | "dataStore";

/** One model profile that a cache holds. */
export interface CachedProfile {
  readonly name: string;
  readonly model: string;
  readonly release: string;
  /** By key, in byte order. */
  readonly config: readonly (readonly [key: string, value: string])[];
}

/** A NIMCache, as far as people look at it. */
export interface NimCacheView extends NimObjectView {
  readonly kind: "NIMCache";
  readonly source: CacheSource | undefined;
  /** The claim that the status names, once there is one. */
  readonly pvc: string;
  /** What the spec asks for. */
  readonly storage: ServiceStorage;
  readonly profiles: readonly CachedProfile[];
  readonly modelPuller: string;
  /** The model's address: `ngc://…`, or `namespace/name` at a hub. */
  readonly model: string;
}

/**
 * Reads a NIMService of any operator, whatever shape it has. What most rows of a list do not need is read when it is asked
 * for: there may be thousands of them.
 */
export function readNimService(object: KubeObject): NimServiceView {
  const { spec, status } = partsOf(object);
  const storage = storageOf(spec);
  return {
    kind: "NIMService",
    ...common(object),
    get conditions() {
      return conditionsOf(object);
    },
    wanted: wantedOf(spec),
    available: numberAt(status, "availableReplicas"),
    storage,
    profile: storage.kind === "nimcache" ? storage.profile : "",
    model: textAt(status, "model", "name"),
    clusterEndpoint: textAt(status, "model", "clusterEndpoint"),
    externalEndpoint: textAt(status, "model", "externalEndpoint"),
    platform: textAt(spec, "inferencePlatform") || "standalone",
    get image() {
      return [textAt(spec, "image", "repository"), textAt(spec, "image", "tag")]
        .filter((part) => part !== "")
        .join(":");
    },
    get gpus() {
      return scalarText(valueAt(spec, "resources", "limits", "nvidia.com/gpu"));
    },
    get serviceType() {
      return textAt(spec, "expose", "service", "type");
    },
    get port() {
      return numberAt(spec, "expose", "service", "port");
    },
  };
}

/** Reads a NIMCache of any operator, whatever shape it has. */
export function readNimCache(object: KubeObject): NimCacheView {
  const { spec, status } = partsOf(object);
  const source = SOURCES.find((name) => valueAt(spec, "source", name) !== undefined);
  return {
    kind: "NIMCache",
    ...common(object),
    conditions: conditionsOf(object),
    source,
    pvc: textAt(status, "pvc"),
    storage: storageOf(spec),
    profiles: listAt(status, "profiles").map(profileOf),
    modelPuller: source === undefined ? "" : textAt(spec, "source", source, "modelPuller"),
    model: source === undefined ? "" : modelOf(valueAt(spec, "source", source)),
  };
}

/** The claim that an object mounts, made by the operator or there before: what the status names, else the spec, else the operator's name for it. */
export function claimOf(view: NimServiceView | NimCacheView): string {
  if (view.kind === "NIMCache" && view.pvc !== "") return view.pvc;
  const { storage, name } = view;
  if (storage.kind !== "pvc") return "";
  return storage.name === "" && storage.create ? `${name}-pvc` : storage.name;
}

/** Where a service can be reached: from outside if that is known, else inside the cluster; empty before it is ready. */
export function endpointOf({ externalEndpoint, clusterEndpoint }: NimServiceView): string {
  return externalEndpoint || clusterEndpoint;
}

const SOURCES = ["ngc", "dataStore", "hf"] as const satisfies readonly CacheSource[];

function partsOf(object: KubeObject): { readonly spec: Tree | undefined; readonly status: Tree | undefined } {
  return { spec: valueAt(object, "spec"), status: valueAt(object, "status") };
}

function common(object: KubeObject): Omit<NimObjectView, "conditions"> {
  return {
    name: textAt(object, "metadata", "name"),
    namespace: textAt(object, "metadata", "namespace"),
    state: textAt(object, "status", "state"),
    created: textAt(object, "metadata", "creationTimestamp"),
    deleted: textAt(object, "metadata", "deletionTimestamp"),
  };
}

function wantedOf(spec: Tree | undefined): WantedReplicas {
  const scale = valueAt(spec, "scale");
  if (valueAt(scale, "enabled") !== true) return { kind: "fixed", count: numberAt(spec, "replicas") ?? 1 };
  const least = numberAt(scale, "hpa", "minReplicas") ?? 1;
  return { kind: "scaled", least, most: numberAt(scale, "hpa", "maxReplicas") ?? least };
}

function storageOf(spec: Tree | undefined): ServiceStorage {
  const storage = mapAt(spec, "storage");
  const cache = textAt(storage, "nimCache", "name");
  if (cache !== "") return { kind: "nimcache", name: cache, profile: textAt(storage, "nimCache", "profile") };
  const path = textAt(storage, "hostPath");
  if (path !== "") return { kind: "hostPath", path };
  const claim = mapAt(storage, "pvc");
  if (Object.keys(claim).length > 0)
    return {
      kind: "pvc",
      name: textAt(claim, "name"),
      size: textAt(claim, "size"),
      create: valueAt(claim, "create") === true,
    };
  if (valueAt(storage, "emptyDir") === undefined) return { kind: "none" };
  return { kind: "emptyDir", size: scalarText(valueAt(storage, "emptyDir", "sizeLimit")) };
}

function modelOf(source: Tree | undefined): string {
  const endpoint = textAt(source, "modelEndpoint");
  if (endpoint !== "") return endpoint;
  const name = textAt(source, "modelName") || textAt(source, "datasetName");
  return [textAt(source, "namespace"), name].filter((part) => part !== "" && name !== "").join("/");
}

function profileOf(profile: Tree): CachedProfile {
  return {
    name: textAt(profile, "name"),
    model: textAt(profile, "model"),
    release: textAt(profile, "release"),
    config: Object.entries(mapAt(profile, "config"))
      .map(([key, value]) => [key, scalarText(value)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  };
}

/** A quantity may be text or a number. */
function scalarText(value: Tree | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint" ? String(value) : "";
}
