import type { KubeObject } from "@slipway/kube";
import type { NimKind } from "../resources.ts";
import { ageText } from "./age.ts";
import {
  claimOf,
  endpointOf,
  readNimCache,
  readNimService,
  type CacheSource,
  type NimCacheView,
  type NimServiceView,
} from "./nim-object.ts";
import { availableReplicas, replicasText } from "./replicas.ts";

/** The columns of a kind; a name in `wide` shows with `-o wide` only. */
export interface GetColumns {
  readonly normal: readonly string[];
  readonly wide: readonly string[];
}

/** What `get` shows of each kind: the original's columns first, so that scripts go on to find them. */
export const GET_COLUMNS: Readonly<Record<NimKind, GetColumns>> = {
  NIMService: {
    normal: ["NAME", "STATUS", "AGE", "ENDPOINT", "REPLICAS", "PROFILE", "STORAGE"],
    wide: ["MODEL", "IMAGE", "GPUS", "PLATFORM", "SERVICE"],
  },
  NIMCache: { normal: ["NAME", "SOURCE", "STATUS", "PVC", "AGE", "PROFILES"], wide: ["MODEL", "PULLER"] },
};

/** What stands for nothing. */
export const NONE = "<none>";

/** The cells of an object under {@link GET_COLUMNS}. */
export function getCells(kind: NimKind, object: KubeObject, now: Date, wide: boolean): readonly string[] {
  return kind === "NIMService"
    ? serviceCells(readNimService(object), now, wide)
    : cacheCells(readNimCache(object), now, wide);
}

/** Where the model's files are: `nimcache/NAME`, `pvc/NAME (SIZE)`, `hostPath PATH`, `emptyDir`. */
export function storageText(view: NimServiceView | NimCacheView): string {
  const { storage } = view;
  if (storage.kind === "nimcache") return `nimcache/${storage.name}`;
  if (storage.kind === "hostPath") return `hostPath ${storage.path}`;
  if (storage.kind === "none") return NONE;
  const size = storage.size === "" ? "" : ` (${storage.size})`;
  return storage.kind === "emptyDir" ? `emptyDir${size}` : `pvc/${claimOf(view)}${size}`;
}

/** What a source is called. */
export function sourceText(source: CacheSource | undefined): string {
  return source === undefined ? NONE : SOURCES[source];
}

const SOURCES: Readonly<Record<CacheSource, string>> = {
  ngc: "NGC",
  dataStore: "NVIDIA NeMo DataStore",
  hf: "HuggingFace Hub",
};

function serviceCells(service: NimServiceView, now: Date, wide: boolean): readonly string[] {
  const cells = [
    service.name,
    service.state || NONE,
    ageText(service.created, now),
    endpointOf(service) || NONE,
    replicasText(availableReplicas(service), service.wanted),
    service.profile || NONE,
    storageText(service),
  ];
  if (!wide) return cells;
  const { serviceType, port } = service;
  const exposed = [serviceType || "ClusterIP", ...(port === undefined ? [] : [port])].join(":");
  return [...cells, service.model || NONE, service.image || NONE, service.gpus || NONE, service.platform, exposed];
}

function cacheCells(cache: NimCacheView, now: Date, wide: boolean): readonly string[] {
  const cells = [
    cache.name,
    sourceText(cache.source),
    cache.state || NONE,
    claimText(cache),
    ageText(cache.created, now),
    String(cache.profiles.length),
  ];
  return wide ? [...cells, cache.model || NONE, cache.modelPuller || NONE] : cells;
}

/** As the original: the claim that the spec names, and its size. */
function claimText(cache: NimCacheView): string {
  const { storage } = cache;
  if (storage.kind !== "pvc") return cache.pvc || storageText(cache);
  return [storage.name, storage.size].filter((part) => part !== "").join(", ") || claimOf(cache) || NONE;
}
