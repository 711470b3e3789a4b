import { SlipwayError, didYouMean, group, listAt, own, textAt, type Task } from "@slipway/base";
import { RESOURCES, eachObject, isForbidden, isNotFound, nameOf, type KubeObject } from "@slipway/kube";
import { NIM_KINDS } from "../resources.ts";
import { OPERATOR_NAME, cacheManifestName, isOwnPod, podSelectorsOf } from "../related/pods.ts";
import { CLUSTER_LISTS, NEMO_LISTS, NIM_LISTS, OPERATOR_LISTS, fileName, type ListFile } from "./bundle-files.ts";
import { bundleIndex, type BundleIndex } from "./bundle-index.ts";
import { Collector, type CollectDeps } from "./collector.ts";
import { eventsText } from "./describe.ts";
import { listText } from "./list-text.ts";
import { clusterFiles } from "./node-files.ts";
import { podFiles, type LogLimits } from "./pod-files.ts";
import { redactObject } from "./redact-object.ts";

/** What is collected. */
export interface CollectOptions {
  readonly namespace: string;
  /** Where the operator runs; found by its label unless given. */
  readonly operatorNamespace?: string | undefined;
  /** Where NeMo microservices run; none of them unless given. */
  readonly nemoNamespace?: string | undefined;
  readonly limits: LogLimits;
  /** Of the program, for the index. */
  readonly version: string;
}

/** How many requests are under way at once. */
const AT_ONCE = 8;
const OPERATOR_PODS = `app.kubernetes.io/name=${OPERATOR_NAME}`;
const USUAL_OPERATOR_NAMESPACE = "nim-operator";
const MANAGED = `app.kubernetes.io/managed-by=${OPERATOR_NAME}`;

/**
 * Gathers what is needed to help from afar: cluster, operator, storage, NIM and NeMo, each in a folder of its own, and
 * `index.json` about all of it. What cannot be read is told there and ends nothing; secrets are taken out of everything.
 *
 * @throws SlipwayError NOT_FOUND for a namespace that is not there, before anything is written; what `signal` was aborted
 * with; what the target cannot write
 */
export async function collectBundle(deps: CollectDeps, options: CollectOptions): Promise<BundleIndex> {
  const { namespace, nemoNamespace, limits } = options;
  await checkNamespaces(deps, [namespace, nemoNamespace, options.operatorNamespace]);
  const operatorNamespace = options.operatorNamespace ?? (await findOperator(deps));
  const collector = new Collector(deps);
  const areas = [
    new Area(collector, "operator", operatorNamespace, OPERATOR_LISTS, [OPERATOR_PODS]),
    new Area(collector, "nim", namespace, NIM_LISTS, [MANAGED]),
    ...(nemoNamespace === undefined ? [] : [new Area(collector, "nemo", nemoNamespace, NEMO_LISTS, [MANAGED])]),
  ];
  const first: Task<void>[] = [
    ...clusterFiles(collector),
    ...CLUSTER_LISTS.map((file) => collector.list(file, {})),
    ...areas.flatMap((area) => area.lists()),
  ];
  await group(AT_ONCE, first, deps.signal);
  await group(
    AT_ONCE,
    areas.flatMap((area) => area.details(limits)),
    deps.signal,
  );
  const index = bundleIndex(collector.entries, { ...options, operatorNamespace, now: deps.now });
  await deps.target.write("index.json", index.text);
  return index;
}

/** Who may not look at namespaces is not kept from looking into one. */
async function checkNamespaces({ api, signal }: CollectDeps, names: readonly (string | undefined)[]): Promise<void> {
  for (const name of new Set(names)) {
    if (name === undefined) continue;
    try {
      await api.get(RESOURCES.namespaces, name, { signal });
    } catch (error) {
      if (isForbidden(error)) continue;
      if (!isNotFound(error)) throw error;
      const known = await namespaceNames({ api, signal });
      throw new SlipwayError("NOT_FOUND", `namespace "${name}" not found`, {
        hint: didYouMean(name, known) ?? "kubectl get namespaces shows what there is.",
        cause: error,
      });
    }
  }
}

/** @returns none where they may not be listed */
async function namespaceNames({ api, signal }: Pick<CollectDeps, "api" | "signal">): Promise<readonly string[]> {
  const known: string[] = [];
  try {
    for await (const object of eachObject(api, RESOURCES.namespaces, { signal })) known.push(nameOf(object));
  } catch (error) {
    signal.throwIfAborted();
    if (!isForbidden(error)) throw error;
  }
  return known;
}

async function findOperator({ api, signal }: CollectDeps): Promise<string> {
  try {
    for await (const pod of eachObject(api, RESOURCES.pods, { labelSelector: OPERATOR_PODS, signal })) {
      const { namespace } = pod.metadata;
      if (namespace !== undefined) return namespace;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
  }
  return USUAL_OPERATOR_NAMESPACE;
}

/** A folder of the bundle about one namespace. */
class Area {
  readonly #collector: Collector;
  readonly #folder: string;
  readonly #namespace: string;
  readonly #lists: readonly ListFile[];
  readonly #selectors: readonly string[];
  /** Of the pods of services and caches that the lists told of. */
  readonly #learned: string[] = [];
  readonly #pods = new Map<string, KubeObject>();
  /** Names of the ConfigMaps with what caches offer. */
  readonly #manifests = new Set<string>();
  #configMaps: readonly KubeObject[] = [];
  #events: readonly KubeObject[] = [];

  constructor(
    collector: Collector,
    folder: string,
    namespace: string,
    lists: readonly ListFile[],
    selectors: readonly string[],
  ) {
    this.#collector = collector;
    this.#folder = folder;
    this.#namespace = namespace;
    this.#lists = lists;
    this.#selectors = selectors;
  }

  /** What tells which pods and documents there are. */
  lists(): readonly Task<void>[] {
    const at = { namespace: this.#namespace };
    const events = { path: `${this.#folder}/events.yaml`, resource: RESOURCES.events };
    const pods = { path: `${this.#folder}/pods.yaml`, resource: RESOURCES.pods };
    return [
      ...this.#lists.map((file) =>
        this.#collector.list({ ...file, path: `${this.#folder}/${file.path}` }, at, (found) =>
          this.#learn(file, found),
        ),
      ),
      this.#collector.list(events, at, (found) => {
        this.#events = found.map(redactObject);
      }),
      this.#collector.list(pods, at, (found) => {
        for (const pod of found) this.#pods.set(nameOf(pod), pod);
      }),
      ...(this.#folder === "operator" ? [] : [this.#configMapList()]),
    ];
  }

  /** What is to be had of each pod, and the documents of caches. */
  details(limits: LogLimits): readonly Task<void>[] {
    const { now } = this.#collector.deps;
    const source = { verb: "list", resource: "events", namespace: this.#namespace } as const;
    const pods = [...this.#pods.values()].filter((pod) => this.#isOurs(pod));
    const events = this.#collector.file(`${this.#folder}/events.status`, source, async () => ({
      content: eventsText(this.#events, now),
      objects: this.#events.length,
    }));
    const kept = this.#configMaps.filter((object) => isOfCache(object) || this.#manifests.has(nameOf(object)));
    const documents = kept.map((object) => {
      const path = `${this.#folder}/configmaps/${fileName(nameOf(object))}.yaml`;
      const about = { verb: "get", resource: "configmaps", namespace: this.#namespace, name: nameOf(object) } as const;
      return this.#collector.file(path, about, async () => {
        const { api, signal } = this.#collector.deps;
        const whole = await api.get(RESOURCES.configMaps, nameOf(object), { namespace: this.#namespace, signal });
        return { content: listText([whole]), objects: 1 };
      });
    });
    const details = pods.flatMap((pod) =>
      podFiles(this.#collector, this.#folder, pod, { events: this.#events, limits }),
    );
    return [events, ...documents, ...details];
  }

  /** Pods of services on KServe and those of caching jobs carry labels of their own. */
  #learn({ resource }: ListFile, found: readonly KubeObject[]): void {
    const kind = Object.values(NIM_KINDS).find(({ resource: { plural } }) => plural === resource.plural);
    if (kind === undefined) return;
    for (const object of found) {
      this.#learned.push(...podSelectorsOf({ kind: kind.kind, name: nameOf(object) }));
      if (kind.kind === "NIMCache") this.#manifests.add(cacheManifestName(nameOf(object)));
    }
  }

  /** A Helm release may be called like a service: its pods are not ours. */
  #isOurs(pod: KubeObject): boolean {
    const { labels = {} } = pod.metadata;
    const hasLabel = (selector: string): boolean => {
      const at = selector.indexOf("=");
      return own(labels, selector.slice(0, at)) === selector.slice(at + 1);
    };
    return this.#selectors.some(hasLabel) || (isOwnPod(pod) && this.#learned.some(hasLabel));
  }

  /** Only documents of caches are kept; the others of the namespace are nobody's business. */
  #configMapList(): Task<void> {
    const path = `${this.#folder}/configmaps.status`;
    const source = { verb: "list", resource: "configmaps", namespace: this.#namespace } as const;
    return this.#collector.file(path, source, async () => {
      const { api, signal } = this.#collector.deps;
      const found: KubeObject[] = [];
      const selection = { namespace: this.#namespace, metadataOnly: true, signal };
      for await (const object of eachObject(api, RESOURCES.configMaps, selection)) found.push(object);
      this.#configMaps = found;
      const names = found.map(nameOf);
      return { content: names.map((name) => `${name}\n`).join(""), objects: names.length };
    });
  }
}

function isOfCache(object: KubeObject): boolean {
  return listAt(object, "metadata", "ownerReferences").some((owner) => textAt(owner, "kind") === "NIMCache");
}
