import { spawn } from "node:child_process";
import { appendFile, chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isTreeMap, listAt, textAt, type TreeMap } from "@slipway/base";
import { RESOURCES, isNotFound, nameOf, type KubeObject } from "@slipway/kube";
import { KWOK_RESOURCES, jobStage, logLine, podLogs, waitingStage } from "@slipway/sim";
import { fakeNvidiaSmi } from "../examples/fake-gpu.ts";
import type { Live, Program } from "./live.ts";

/** A pod of the agent on its node, with the container that is to run. */
export interface AgentPod {
  readonly name: string;
  readonly node: string;
  readonly pod: KubeObject;
  /** Aborted when the actor is closed. */
  readonly signal: AbortSignal;
  /** A line of the container's log. */
  log(line: string): Promise<void>;
  /** Runs aicr as the container would: its arguments and environment, with the token of its own service account. */
  run(): Promise<Ending>;
}

/** How a container ends. */
export interface Ending {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

/** How agents are played. */
export interface ActorOptions {
  readonly namespace: string;
  /** What the image holds. */
  readonly program: Program;
  /** What a container does in place of running aicr; without an ending it runs on. */
  readonly play?: (pod: AgentPod) => Promise<Ending | undefined>;
  /** Driver that nvidia-smi tells on a node. */
  readonly driver?: (node: string) => string;
}

/** Plays the containers of agents. */
export interface AgentActor {
  /** The pods that were played, by name of their node. */
  readonly played: readonly string[];
  /** Ends what runs. */
  close(): Promise<void>;
}

const POLL_MS = 150;
const FOREVER_MS = 3_600_000;
const DRIVER = "570.172.08";

/**
 * Plays the agents of a namespace, whose image no node of kwok can run: each pod waits until its log is there, then it runs
 * on this machine what its container says, and ends as that does. kwok's own ways with pods are off in the namespace.
 */
export async function playAgents(live: Live, options: ActorOptions): Promise<AgentActor> {
  const { namespace } = options;
  const { client } = live;
  await client.create(KWOK_RESOURCES.stages, waitingStage({ namespace, reason: "ContainerCreating" }));
  await client.create(KWOK_RESOURCES.stages, jobStage({ namespace, runsMs: FOREVER_MS }));
  const stop = new AbortController();
  const played = new Map<string, Promise<void>>();
  const nodes: string[] = [];
  const watching = (async () => {
    while (!stop.signal.aborted) {
      const { items } = await client.list(RESOURCES.pods, { namespace, labelSelector: "job-name" }).catch(() => EMPTY);
      for (const pod of items.filter((item) => isCreated(item) && !played.has(nameOf(item)))) {
        nodes.push(textAt(pod, "spec", "nodeName"));
        played.set(nameOf(pod), playOne(live, options, pod, stop.signal));
      }
      await sleep(POLL_MS);
    }
  })();
  return {
    played: nodes,
    close: async () => {
      stop.abort();
      await watching;
      await Promise.all(played.values());
    },
  };
}

const EMPTY: { readonly items: readonly KubeObject[] } = { items: [] };

/** Whether the pod is on a node, and kwok has let it wait. */
function isCreated(pod: KubeObject): boolean {
  const [status] = listAt(pod, "status", "containerStatuses");
  return textAt(status, "state", "waiting", "reason") === "ContainerCreating";
}

async function playOne(live: Live, options: ActorOptions, pod: KubeObject, signal: AbortSignal): Promise<void> {
  const { client, cluster } = live;
  const { namespace, play = async (agent) => agent.run() } = options;
  const name = nameOf(pod);
  const file = join(cluster.controlPlane.directory, `${namespace}-${name}.log`);
  const agent: AgentPod = {
    name,
    node: textAt(pod, "spec", "nodeName"),
    pod,
    signal,
    log: async (line) => appendFile(file, logLine(line)),
    run: async () => runContainer(live, options, agent),
  };
  try {
    await writeFile(file, "");
    await client.create(KWOK_RESOURCES.logs, podLogs({ namespace, pod: name, file }));
    await setStatus(live, pod, "Running", { running: { startedAt: now() } });
    const ending = await play(agent);
    if (ending === undefined) return;
    const { exitCode, reason = exitCode === 0 ? "Completed" : "Error", message = "" } = ending;
    const terminated = { exitCode, reason, message, startedAt: now(), finishedAt: now() };
    await setStatus(live, pod, exitCode === 0 ? "Succeeded" : "Failed", { terminated });
  } catch (error) {
    // Runs that are stopped take their pods with them.
    if (!isNotFound(error) && !signal.aborted) throw error;
  }
}

async function setStatus({ client }: Live, pod: KubeObject, phase: string, state: TreeMap): Promise<void> {
  const { namespace } = pod.metadata;
  const isRunning = phase === "Running";
  const containerStatuses = listAt(pod, "spec", "containers").map((container): TreeMap => ({
    name: textAt(container, "name"),
    image: textAt(container, "image"),
    imageID: "",
    ready: isRunning,
    started: isRunning,
    restartCount: 0,
    state,
  }));
  const status = { phase, startTime: now(), podIP: "10.1.1.1", podIPs: [{ ip: "10.1.1.1" }], containerStatuses };
  const value = { status };
  await client.patch(RESOURCES.pods, nameOf(pod), { type: "merge", value }, { namespace, subresource: "status" });
}

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

async function runContainer({ cluster }: Live, options: ActorOptions, agent: AgentPod): Promise<Ending> {
  const { namespace, program, driver = () => DRIVER } = options;
  const [container] = listAt(agent.pod, "spec", "containers");
  const account = textAt(agent.pod, "spec", "serviceAccountName");
  const token = await cluster.kubectl(["create", "token", account, `--namespace=${namespace}`]);
  const kubeconfig = await cluster.controlPlane.kubeconfigFor({ token: token.trim() });
  const bin = join(cluster.controlPlane.directory, `${namespace}-${agent.name}`);
  await mkdir(bin);
  await writeFile(join(bin, "nvidia-smi"), fakeNvidiaSmi({ driver: driver(agent.node), gpus: 8 }));
  await chmod(join(bin, "nvidia-smi"), 0o755);
  const env = { PATH: `${bin}:${process.env["PATH"]}`, HOME: bin, KUBECONFIG: kubeconfig, ...environmentOf(agent) };
  const [command = "", ...first] = await program();
  const child = spawn(command, [...first, ...listAt(container, "args").map(String)], { cwd: bin, env });
  agent.signal.addEventListener("abort", () => child.kill("SIGKILL"));
  child.stdin.end();
  const told = Promise.all([child.stdout, child.stderr].map(async (input) => passOn(agent, input)));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 137));
  });
  await told;
  return { exitCode };
}

async function passOn(agent: AgentPod, input: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input })) await agent.log(line);
}

/** As the kubelet fills it in; the root of the node is that of this machine, which is the program's own already. */
function environmentOf({ pod, node }: AgentPod): Readonly<Record<string, string>> {
  const [container] = listAt(pod, "spec", "containers");
  const entries = listAt(container, "env").filter(isTreeMap);
  const given = entries.map((entry) => [textAt(entry, "name"), textAt(entry, "value")] as const);
  const named = given.filter(([name, value]) => value !== "" && name !== "AICR_HOST_ROOT");
  return { ...Object.fromEntries(named), NODE_NAME: node };
}
