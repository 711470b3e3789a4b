import { randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { join } from "node:path";
import {
  SlipwayError,
  group,
  isTreeList,
  isTreeMap,
  messageOf,
  own,
  compactJson,
  type TreeList,
  type TreeMap,
} from "@slipway/base";
import { RESOURCES, nameOf, type KubeApi, type KubeObject } from "@slipway/kube";
import type { ControlPlane } from "../control-plane/control-plane.ts";
import { ETCD_SOCKET } from "../control-plane/flags.ts";
import { loadPods, type PodOptions } from "./pods.ts";

/**
 * Pods on their way to etcd. Each is a change of its own, as the API server's cache wants it: objects that share a
 * revision would be seen only in part.
 */
const AT_ONCE = 32;

/**
 * Puts pods that run into a cluster's etcd, past the API server: ten thousand in seconds. They are what the server
 * would have stored: it is asked for one of each kind (a dry run), the others are copies with names of their own.
 *
 * @returns their names
 */
export async function seedPods(
  api: Pick<KubeApi, "create">,
  cluster: Pick<ControlPlane, "directory">,
  options: PodOptions & { readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  const { namespace, signal } = options;
  const pods = loadPods(options);
  const kinds = Map.groupBy(pods, (pod) => imagesOf(pod).join(" "));
  const stored: KubeObject[] = [];
  for (const [first, ...others] of kinds.values()) {
    if (first === undefined) continue;
    const model = await api.create(RESOURCES.pods, first, { namespace, dryRun: true, signal });
    for (const pod of [first, ...others]) stored.push(running(model, pod, stored.length));
  }
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const socketPath = join(cluster.directory, ETCD_SOCKET);
  const tasks = stored.map((pod) => async (signal: AbortSignal) => {
    await put({ socketPath, agent, signal }, `/registry/pods/${namespace}/${nameOf(pod)}`, pod);
  });
  try {
    await group(AT_ONCE, tasks, signal);
  } finally {
    agent.destroy();
  }
  return pods.map(nameOf);
}

/** A copy of a pod as the server stores it, under another name, on another node, and running. */
function running(model: KubeObject, pod: KubeObject, index: number): KubeObject {
  // Who set which field is half of an object, and nothing that a reader of pods looks at.
  const { resourceVersion: _, managedFields: __, ...metadata } = model.metadata;
  const spec = { ...mapOf(model, "spec"), ...nodeOf(pod) };
  const started = metadata.creationTimestamp ?? new Date(0).toISOString();
  const condition = (type: string): TreeMap => ({
    type,
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: started,
  });
  const address = `10.244.${(index >> 8) & 255}.${index & 255}`;
  return {
    ...model,
    metadata: { ...metadata, name: nameOf(pod), labels: pod.metadata.labels ?? {}, uid: randomUUID() },
    spec,
    status: {
      phase: "Running",
      conditions: ["PodScheduled", "Initialized", "ContainersReady", "Ready"].map(condition),
      hostIP: "127.0.0.1",
      podIP: address,
      podIPs: [{ ip: address }],
      qosClass: "Guaranteed",
      startTime: started,
      containerStatuses: containersOf(pod).map(({ name, image }) => ({
        name,
        image,
        imageID: `${image.replace(/[:@].*$/, "")}@sha256:${"0".repeat(64)}`,
        containerID: `containerd://${randomUUID().replaceAll("-", "").repeat(2)}`,
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: started } },
      })),
    },
  };
}

function mapOf(map: TreeMap, key: string): TreeMap {
  const value = own(map, key);
  return isTreeMap(value) ? value : {};
}

function nodeOf(pod: KubeObject): TreeMap {
  const nodeName = own(mapOf(pod, "spec"), "nodeName");
  return nodeName === undefined ? {} : { nodeName };
}

function containersOf(pod: KubeObject): readonly { readonly name: string; readonly image: string }[] {
  const containers = own(mapOf(pod, "spec"), "containers");
  const list: TreeList = isTreeList(containers) ? containers : [];
  return list
    .filter(isTreeMap)
    .map((container) => ({ name: textOf(container, "name"), image: textOf(container, "image") }));
}

function textOf(map: TreeMap, key: string): string {
  const value = own(map, key);
  return typeof value === "string" ? value : "";
}

function imagesOf(pod: KubeObject): readonly string[] {
  return containersOf(pod).map(({ image }) => image);
}

/** One object through etcd's JSON gateway. */
async function put(
  etcd: { readonly socketPath: string; readonly agent: Agent; readonly signal: AbortSignal },
  key: string,
  object: KubeObject,
): Promise<void> {
  const body = JSON.stringify({ key: base64(key), value: base64(compactJson(object)) });
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new SlipwayError("UNAVAILABLE", `etcd did not take ${key}: ${why}`));
    const sent = request({ ...etcd, path: "/v3/kv/put", method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("error", (error) => fail(messageOf(error)));
      response.on("end", () => (response.statusCode === 200 ? resolve() : fail(text.slice(0, 500))));
    });
    sent.on("error", (error) => fail(messageOf(error)));
    sent.end(body);
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
