import { group, listAt, textAt } from "@slipway/base";
import { RESOURCES, eachObject, nameOf, type KubeApi, type KubeObject, type Resource } from "@slipway/kube";
import { foundOr, look, all } from "../related/look.ts";
import { cacheNameOf, secretNames } from "../explain/references.ts";
import { NIM_RESOURCES, type NimKind } from "../resources.ts";
import { claimOf, readNimCache, readNimService } from "../status/nim-object.ts";

/** What becomes of owned objects when their owner goes (`propagationPolicy` of the Kubernetes API). */
export type Cascade = "background" | "foreground" | "orphan";

/** What the deletion of one object brings about; every entry is `kind/name`. */
export interface Consequences {
  readonly kind: NimKind;
  readonly name: string;
  /** What the cluster deletes with it, because the object owns it. */
  readonly goes: readonly string[];
  /** Claims among them: their data is lost, if their class deletes volumes. */
  readonly claims: readonly string[];
  readonly stays: readonly string[];
  /** Services that take their model from it. */
  readonly usedBy: readonly string[];
  /** When it was deleted already, RFC 3339; empty otherwise. */
  readonly deletedAt: string;
}

/** Kinds that the operator makes, and that are worth telling of. */
const OWNED: Readonly<Record<NimKind, readonly Resource[]>> = {
  NIMService: [
    RESOURCES.deployments,
    RESOURCES.services,
    RESOURCES.persistentVolumeClaims,
    resource("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    resource("networking.k8s.io", "v1", "ingresses", "Ingress"),
    resource("leaderworkerset.x-k8s.io", "v1", "leaderworkersets", "LeaderWorkerSet"),
    NIM_RESOURCES.inferenceServices,
  ],
  NIMCache: [RESOURCES.jobs, RESOURCES.persistentVolumeClaims, RESOURCES.configMaps],
};

function resource(group: string, version: string, plural: string, kind: string): Resource {
  return { group, version, plural, kind, namespaced: true };
}

/**
 * Finds out what the deletion of objects of one namespace brings about. What may not be read is left out: it is asked for
 * to tell people, and no right to it is needed to delete.
 *
 * @throws SlipwayError UNAVAILABLE, INTERRUPTED
 */
export async function consequencesOf(
  api: Pick<KubeApi, "list">,
  objects: readonly KubeObject[],
  {
    namespace,
    cascade,
    signal,
  }: { readonly namespace: string; readonly cascade: Cascade; readonly signal: AbortSignal },
): Promise<readonly Consequences[]> {
  const kinds = new Set(objects.map(kindOf));
  const lists = [...new Map([...kinds].flatMap((kind) => OWNED[kind]).map((each) => [each.plural, each])).values()];
  const options = { namespace, signal, metadataOnly: true };
  const [services, ...found] = await Promise.all([
    kinds.has("NIMCache") ? read(api, NIM_RESOURCES.nimServices, { namespace, signal }) : [],
    ...lists.map((each) => read(api, each, options)),
  ]);
  const dependents = found.flat();
  const all = objects.map((object) => {
    const uid = textAt(object, "metadata", "uid");
    const owned = dependents.filter((dependent) => isOwnedBy(dependent, uid));
    return consequences(object, owned, services, cascade);
  });
  const absent = await absentOf(api, new Set(all.flatMap(({ stays }) => stays)), { namespace, signal });
  return all.map((each) => ({ ...each, stays: each.stays.filter((name) => !absent.has(name)) }));
}

/** Kinds of what an object only uses, by their short name. */
const USED: ReadonlyMap<string, Resource> = new Map([
  ["nimcache", NIM_RESOURCES.nimCaches],
  ["persistentvolumeclaim", RESOURCES.persistentVolumeClaims],
  ["secret", RESOURCES.secrets],
]);
/** Requests at the same time. */
const AT_ONCE = 8;

/** Those of some names, `kind/name`, that are certainly not there: an object may name what was never made. */
async function absentOf(
  api: Pick<KubeApi, "list">,
  names: ReadonlySet<string>,
  { namespace, signal }: { readonly namespace: string; readonly signal: AbortSignal },
): Promise<ReadonlySet<string>> {
  const absent = new Set<string>();
  const check = async (each: string): Promise<void> => {
    const [kind = "", name = ""] = each.split("/");
    const used = USED.get(kind);
    if (used === undefined) return;
    // A list of one and not the object itself: what is in a secret is nobody's business here.
    const options = { namespace, signal, fieldSelector: `metadata.name=${name}`, limit: 1, metadataOnly: true };
    const looked = await look(api.list(used, options));
    if (looked.state === "found" && looked.value.items.length === 0) absent.add(each);
  };
  await group(
    AT_ONCE,
    [...names].map((each) => () => check(each)),
    signal,
  );
  return absent;
}

function consequences(
  object: KubeObject,
  owned: readonly KubeObject[],
  services: readonly KubeObject[],
  cascade: Cascade,
): Consequences {
  const kind = kindOf(object);
  const name = nameOf(object);
  const cache = cacheNameOf({ kind, object });
  const claim = claimOf(kind === "NIMService" ? readNimService(object) : readNimCache(object));
  const told = owned.map(shortName);
  const isKept = claim !== "" && !told.includes(`persistentvolumeclaim/${claim}`);
  const others = [
    ...(cache === "" ? [] : [`nimcache/${cache}`]),
    ...(isKept ? [`persistentvolumeclaim/${claim}`] : []),
    ...secretNames({ kind, object }).map((secret) => `secret/${secret}`),
  ];
  const goes = cascade === "orphan" ? [] : told;
  return {
    kind,
    name,
    goes,
    claims: goes.filter((each) => each.startsWith("persistentvolumeclaim/")),
    stays: cascade === "orphan" ? [...told, ...others] : others,
    usedBy:
      kind === "NIMCache"
        ? services
            .filter((service) => cacheNameOf({ kind: "NIMService", object: service }) === name)
            .map((service) => `nimservice/${nameOf(service)}`)
        : [],
    deletedAt: textAt(object, "metadata", "deletionTimestamp"),
  };
}

async function read(
  api: Pick<KubeApi, "list">,
  each: Resource,
  options: { readonly namespace: string; readonly signal: AbortSignal; readonly metadataOnly?: boolean },
): Promise<readonly KubeObject[]> {
  return foundOr(await look(all(eachObject(api, each, options))), []);
}

function isOwnedBy(object: KubeObject, uid: string): boolean {
  return uid !== "" && listAt(object, "metadata", "ownerReferences").some((owner) => textAt(owner, "uid") === uid);
}

function shortName(object: KubeObject): string {
  return `${object.kind.toLowerCase()}/${nameOf(object)}`;
}

function kindOf(object: KubeObject): NimKind {
  return object.kind === "NIMCache" ? "NIMCache" : "NIMService";
}
