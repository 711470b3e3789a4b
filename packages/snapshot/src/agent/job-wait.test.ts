import { textAt, type TreeMap } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { afterEach, expect, test } from "vitest";
import { gpuNode } from "../collect-cluster/testing/nodes.ts";
import { runAgent, type RunAgentOptions } from "./run-agent.ts";
import {
  OPTIONS,
  agentCluster,
  jobEvent,
  putPodStatus,
  type AgentCluster,
  type Behaviour,
} from "./testing/agent-cluster.ts";

const open: AgentCluster[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (agents) => agents.close()));
});

async function started(behaviour?: Behaviour): Promise<AgentCluster> {
  const agents = await agentCluster(behaviour);
  open.push(agents);
  agents.cluster.put(gpuNode("gpu-1"));
  return agents;
}

/** A cluster whose pods stay as they are told, whatever they would do. */
async function stuck(status: TreeMap): Promise<AgentCluster> {
  const agents = await started({
    play: (job) => {
      setTimeout(() => putPodStatus(agents.cluster, job, { phase: "Pending", ...status }), 1);
      return undefined;
    },
  });
  return agents;
}

function run({ deps }: AgentCluster, options: Partial<RunAgentOptions> = {}) {
  return runAgent(deps, { ...OPTIONS, ...options });
}

function waits({ progress }: AgentCluster): readonly string[] {
  return progress.filter(({ kind }) => kind === "waiting").map(({ message }) => message);
}

test("a pod that no node takes is waited for until time runs out, with the scheduler's reason", async () => {
  const message = "0/1 nodes are available: 1 node(s) had untolerated taint {gpu: }.";
  const agents = await stuck({ conditions: [{ type: "PodScheduled", status: "False", message }] });
  const error = await rejectionOf(run(agents, { timeoutMs: 400 }));
  expect([error.code, error.describe()]).toEqual([
    "TIMED_OUT",
    `the agent was not done within 0.4 s: no node takes the pod: ${message}\nTolerate the taint with --toleration.`,
  ]);
  expect(waits(agents)).toContain(`no node takes the pod: ${message}`);
  expect(agents.left()).toEqual([]);
});

test("an image that cannot be pulled is given a while, one without a name is not", async () => {
  const waiting = (reason: string) => ({
    containerStatuses: [{ state: { waiting: { reason, message: "no such image" } } }],
  });
  const backOff = await stuck(waiting("ImagePullBackOff"));
  const error = await rejectionOf(run(backOff, { timeoutMs: 300 }));
  expect([error.code, error.message]).toEqual([
    "UNAVAILABLE",
    "the image registry.test/aicr:1 cannot be pulled (ImagePullBackOff: no such image)",
  ]);
  const invalid = await stuck(waiting("InvalidImageName"));
  expect((await rejectionOf(run(invalid))).message).toContain("(InvalidImageName: no such image)");
});

test("a pod that admission refuses is told from the Job's events, at once", async () => {
  const agents = await started({ idle: true });
  agents.cluster.onCreate("Job", (job) => {
    agents.cluster.put(jobEvent(job, 'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged'));
  });
  const error = await rejectionOf(run(agents));
  expect([error.code, error.describe()]).toEqual([
    "NOT_ALLOWED",
    'the pod is refused: pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged\n' +
      "Run it with --privileged=false, in another namespace, or label the namespace " +
      "pod-security.kubernetes.io/enforce=privileged.",
  ]);
  expect(agents.left()).toEqual([]);
});

test("without the right to events, a pod that is not made runs into the time limit", async () => {
  const agents = await started({ idle: true });
  agents.cluster.allow(({ resource }) => resource !== "events");
  const error = await rejectionOf(run(agents, { timeoutMs: 200 }));
  expect(error.describe()).toBe("the agent was not done within 0.2 s\nGive it more time with --timeout.");
});

test("an agent that fails is told with its exit status, and its log was passed on", async () => {
  const agents = await started({ play: () => ({ exitCode: 4, log: "one\nerror: forbidden" }) });
  const error = await rejectionOf(run(agents));
  expect([error.code, error.message]).toEqual(["NOT_ALLOWED", "the agent ended with exit status 4"]);
  expect(agents.log).toEqual(["one", "error: forbidden"]);
  expect(agents.left()).toEqual([]);
});

test("progress is told once for each state", async () => {
  const agents = await started({
    play: async (job) => {
      const at = async (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
      putPodStatus(agents.cluster, job, { phase: "Pending" });
      await at(150);
      putPodStatus(agents.cluster, job, { phase: "Running" });
      await at(150);
      return {};
    },
  });
  await run(agents);
  expect(waits(agents)).toEqual(["waiting for a node", "the agent measures"]);
});

test("a server that is away for a while is waited for", async () => {
  const agents = await started({
    play: async () => {
      await agents.cluster.stop();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await agents.cluster.start();
      return {};
    },
  });
  expect((await run(agents)).runId).toBe("1a2b3c4d");
  expect(agents.left()).toEqual([]);
});

test("a Job that somebody removes is told", async () => {
  const agents = await started({
    play: (job) => {
      setTimeout(() => agents.cluster.remove("Job", "gpu", textAt(job, "metadata", "name")), 50);
      return undefined;
    },
  });
  const error = await rejectionOf(run(agents));
  expect([error.code, error.message]).toEqual(["NOT_FOUND", "the Job gpu/aicr-1a2b3c4d was removed while it ran"]);
  expect(agents.left()).toEqual([]);
});

test("a log that cannot be read does not matter", async () => {
  const agents = await started();
  agents.cluster.fault({ when: ({ path }) => path.endsWith("/log"), reason: "Forbidden" });
  expect((await run(agents)).runId).toBe("1a2b3c4d");
  expect(agents.log).toEqual([]);
});

test("a log line that does not end is passed on in parts", async () => {
  const agents = await started({ play: () => ({ log: `${"x".repeat(200_000)}\r\nend` }) });
  await run(agents);
  expect(agents.log.join("")).toBe(`${"x".repeat(200_000)}end`);
  expect(agents.log.length).toBeGreaterThan(2);
});
