import type { Collected, Collector } from "../collector.ts";
import type { Subtype } from "../model.ts";
import { chooseNode, type ChosenNode } from "./choose-node.ts";
import { collectParts, type Part } from "./collect-parts.ts";
import { clusterGpuSubtypes, nodeGpuSubtypes } from "./gpu-labels.ts";
import { helmReadings } from "./helm-releases.ts";
import { imageReadings } from "./images.ts";
import { nodeReadings } from "./nodes.ts";
import { policyReadings } from "./policies.ts";
import type { ClusterReader } from "./reader.ts";
import { nodeServiceSubtypes } from "./services.ts";
import { topologySubtypes } from "./topology.ts";

/** What cluster collectors are told. */
export interface ClusterCollectorOptions {
  /** Name of the node that the snapshot is of (NODE_NAME). */
  readonly nodeName?: string | undefined;
  /** Name of this machine; a node of the name is the one that the snapshot is of. */
  readonly hostname?: string | undefined;
  /** Names of nodes that an entry of NodeTopology holds at most; 0, or nothing, holds all. */
  readonly maxNodesPerEntry?: number | undefined;
}

const LIST_NODES = "list on nodes";

/** Measures K8s: `server`, `image`, `policy`, `node`, `helm`. */
export function k8sCollector(reader: ClusterReader, options: ClusterCollectorOptions = {}): Collector {
  const parts: readonly Part[] = [
    {
      what: "the version of the server",
      right: "get on /version",
      subtypes: ["server"],
      read: async (signal) => only("server", Object.entries(await reader.server(signal)).filter(isKnown)),
    },
    {
      what: "the images of pods",
      right: "list on pods in all namespaces",
      subtypes: ["image"],
      read: async (signal) => only("image", imageReadings(await reader.images(signal))),
    },
    {
      what: "the policy of the GPU operator",
      right: "list on clusterpolicies.nvidia.com",
      subtypes: ["policy"],
      read: async (signal) => {
        const { data, followed } = policyReadings(await reader.policies(signal));
        return only("policy", data, followed === undefined ? [] : [["source", `ClusterPolicy ${followed}`]]);
      },
    },
    {
      what: "the node",
      right: "get and list on nodes",
      subtypes: ["node"],
      read: async (signal) => nodeCollected(await chosenNode(reader, options, signal)),
    },
    {
      what: "the releases of Helm",
      right: "list on deployments.apps in all namespaces",
      subtypes: ["helm"],
      read: async (signal) => {
        const { releases, notes } = await reader.helm(signal);
        const sources = [...new Set(releases.map(({ source }) => source))].sort().join(", ");
        const context = sources === "" ? [] : [["source", sources] as const];
        return { ...only("helm", helmReadings(releases), context), notes };
      },
    },
  ];
  return { name: "k8s", type: "K8s", collect: async (signal) => collectParts(parts, signal) };
}

/** Measures NodeTopology: `summary`, `taint`, `label`. */
export function topologyCollector(reader: ClusterReader, options: ClusterCollectorOptions = {}): Collector {
  const part: Part = {
    what: "the taints and labels of nodes",
    right: LIST_NODES,
    subtypes: ["summary", "taint", "label"],
    read: async (signal) => withoutNotes(topologySubtypes(await reader.nodes(signal), options.maxNodesPerEntry)),
  };
  return { name: "topology", type: "NodeTopology", collect: async (signal) => collectParts([part], signal) };
}

/**
 * Measures GPUs without a driver: `device` and `labels` of the node that the snapshot is of, `cluster` of all nodes. No
 * subtypes where nothing tells of a GPU.
 */
export function clusterGpuCollector(reader: ClusterReader, options: ClusterCollectorOptions = {}): Collector {
  const part: Part = {
    what: "what the cluster knows of GPUs",
    right: LIST_NODES,
    subtypes: [],
    read: async (signal) => {
      const [nodes, dra] = await Promise.all([reader.nodes(signal), reader.draDevices(signal).catch(() => new Map())]);
      const chosen = chooseNode(nodes, { named: options.nodeName, host: options.hostname });
      const ofNode = chosen === undefined ? [] : nodeGpuSubtypes(chosen.node, dra.get(chosen.node.name));
      return withoutNotes([...ofNode, ...clusterGpuSubtypes(nodes, dra)]);
    },
  };
  return { name: "gpu", type: "GPU", collect: async (signal) => collectParts([part], signal) };
}

/** Measures SystemD where there is no systemd to ask (Talos): what the cluster knows of kubelet and container runtime. */
export function clusterServicesCollector(reader: ClusterReader, options: ClusterCollectorOptions = {}): Collector {
  const part: Part = {
    what: "the state of the node's services",
    right: "get and list on nodes",
    subtypes: [],
    read: async (signal) => {
      const chosen = await chosenNode(reader, options, signal);
      return withoutNotes(chosen === undefined ? [] : nodeServiceSubtypes(chosen.node));
    },
  };
  return { name: "systemd", type: "SystemD", collect: async (signal) => collectParts([part], signal) };
}

async function chosenNode(
  reader: ClusterReader,
  { nodeName, hostname }: ClusterCollectorOptions,
  signal: AbortSignal,
): Promise<ChosenNode | undefined> {
  if (nodeName !== undefined) return { node: await reader.node(nodeName, signal), reason: "named" };
  return chooseNode(await reader.nodes(signal), { host: hostname });
}

function nodeCollected(chosen: ChosenNode | undefined): Collected {
  if (chosen === undefined) return { ...only("node", []), notes: ["The cluster has no nodes."] };
  const { node, reason } = chosen;
  return only("node", nodeReadings(node), [["chosen-as", reason]]);
}

function only(
  name: string,
  data: Iterable<readonly [string, string | number]>,
  context: readonly (readonly [string, string])[] = [],
): Collected {
  const subtype: Subtype = { name, data: new Map(data) };
  return withoutNotes([context.length === 0 ? subtype : { ...subtype, context: new Map(context) }]);
}

function withoutNotes(subtypes: readonly Subtype[]): Collected {
  return { subtypes, notes: [] };
}

function isKnown([, value]: readonly [string, string]): boolean {
  return value !== "";
}
