import { SlipwayError, textAt } from "@slipway/base";
import { RESOURCES, isNotFound, type KubeApi, type Resource } from "@slipway/kube";
import { foldList } from "./fold-list.ts";
import { DRA_DEVICES, type DraDevices } from "./gpu-labels.ts";
import { helmReleases, type HelmReleases } from "./helm-releases.ts";
import { IMAGES_OF_PODS, type Images } from "./images.ts";
import { NODE_FACTS, nodeFacts, type NodeFacts } from "./nodes.ts";
import { POLICIES, type Policy } from "./policies.ts";
import { shared, type SharedWork } from "./shared.ts";

/** What the server says about itself at `/version`. */
export interface ServerVersion {
  readonly version: string;
  readonly platform: string;
  readonly goVersion: string;
}

/**
 * What collectors ask a cluster for. Each list is read once, whoever asks, and only what is kept of its objects stays in
 * memory. All throw as {@link KubeApi} does.
 */
export interface ClusterReader {
  /** Also shows whether there is a cluster at all: {@link noClusterReason} tells it of the error. */
  readonly server: SharedWork<ServerVersion>;
  readonly nodes: SharedWork<readonly NodeFacts[]>;
  /** One node, without reading them all. */
  node(name: string, signal: AbortSignal): Promise<NodeFacts>;
  readonly images: SharedWork<Images>;
  /** None when the cluster has no such kind. */
  readonly policies: SharedWork<readonly Policy[]>;
  readonly draDevices: SharedWork<DraDevices>;
  readonly helm: SharedWork<HelmReleases>;
}

/**
 * Pods of a page. They are the many and the large: with ten thousand of them, pages of 250 cost 30 MB more at the peak,
 * and fewer requests save little, because the next page is always under way.
 */
const PODS_AT_ONCE = 50;

/** Why a cluster cannot be asked, as an error carries it. */
export class NoCluster extends SlipwayError {
  constructor(cause: SlipwayError) {
    super(cause.code, cause.message, { cause, hint: cause.hint, place: cause.place });
  }
}

/**
 * @param connect makes the client when something is asked for the first time
 */
export function clusterReader(connect: () => Promise<Pick<KubeApi, "list" | "get" | "read">>): ClusterReader {
  const client = shared(async () => connect().catch(rethrowAsNoCluster));
  const server = shared(async (signal): Promise<ServerVersion> => {
    const api = await client(signal);
    const answer = await api.read("/version", { signal }).catch(rethrowAsNoCluster);
    const [version, platform] = [textAt(answer, "gitVersion"), textAt(answer, "platform")];
    return { version, platform, goVersion: textAt(answer, "goVersion") };
  });
  /** Everything waits for the first answer: of a cluster that is not there, one failure is enough. */
  const reached: SharedWork<Pick<KubeApi, "list" | "get">> = async (signal) => {
    await server(signal);
    return client(signal);
  };
  const listed = <State>(
    resource: Resource,
    fold: Parameters<typeof foldList<State>>[3],
    limit?: number,
  ): SharedWork<State> =>
    shared(async (signal) =>
      foldList(await reached(signal), resource, { signal, ...(limit === undefined ? {} : { limit }) }, fold),
    );
  return {
    server,
    nodes: listed(RESOURCES.nodes, NODE_FACTS),
    node: async (name, signal) => nodeFacts(await (await reached(signal)).get(RESOURCES.nodes, name, { signal })),
    images: listed(RESOURCES.pods, IMAGES_OF_PODS, PODS_AT_ONCE),
    policies: noneWhenUnknown(listed(RESOURCES.clusterPolicies, POLICIES), []),
    draDevices: noneWhenUnknown(listed(RESOURCES.resourceSlices, DRA_DEVICES), new Map()),
    helm: shared(async (signal) => helmReleases(await reached(signal), signal)),
  };
}

function noneWhenUnknown<Result>(work: SharedWork<Result>, none: Result): SharedWork<Result> {
  return async (signal) => {
    try {
      return await work(signal);
    } catch (error) {
      if (isNotFound(error)) return none;
      throw error;
    }
  };
}

function rethrowAsNoCluster(error: unknown): never {
  const isOurs = error instanceof SlipwayError && error.code !== "INTERRUPTED" && error.code !== "BUG";
  throw isOurs ? new NoCluster(error) : error;
}
