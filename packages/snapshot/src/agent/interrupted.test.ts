import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { gpuNode } from "../collect-cluster/testing/nodes.ts";
import type { AgentDeps } from "./deps.ts";
import { runAgent } from "./run-agent.ts";
import { runFleet } from "./run-fleet.ts";
import { OPTIONS, agentCluster, type AgentCluster } from "./testing/agent-cluster.ts";

const RUNS = {
  "an agent": (deps: AgentDeps) => runAgent(deps, OPTIONS),
  "an agent with an account of the user": (deps: AgentDeps) =>
    runAgent(deps, { ...OPTIONS, serviceAccountName: "snapshots" }),
  "a fleet": (deps: AgentDeps) => runFleet(deps, { ...OPTIONS, nodes: { kind: "all" }, workers: 2 }),
} as const;

async function cluster(): Promise<AgentCluster> {
  const agents = await agentCluster({ namespaces: [] });
  agents.cluster.put({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "snapshots", namespace: "gpu" } });
  for (const name of ["gpu-1", "gpu-2", "gpu-3"]) agents.cluster.put(gpuNode(name));
  return agents;
}

const ctrlC = (): SlipwayError => new SlipwayError("INTERRUPTED", "interrupted");

/** The number of requests that a run makes when nobody stops it. */
async function requestsOf(run: (deps: AgentDeps) => Promise<unknown>): Promise<number> {
  const agents = await cluster();
  await run(agents.deps);
  await agents.close();
  return agents.cluster.requests.length;
}

test.each(Object.entries(RUNS))("%s that is stopped at any request leaves nothing", async (_what, run) => {
  const total = await requestsOf(run);
  expect(total).toBeGreaterThan(20);
  const stopAt = async (stage: number): Promise<string | undefined> => {
    const agents = await cluster();
    let seen = 0;
    // Told of each request before it is carried out: what is under way at Ctrl-C is made all the same.
    agents.cluster.fault({
      when: () => {
        seen++;
        if (seen === stage) agents.stop.abort(ctrlC());
        return false;
      },
    });
    const outcome = await run(agents.deps).then(
      () => "done",
      (error: unknown) => (error instanceof SlipwayError ? error.code : String(error)),
    );
    const left = agents.left();
    await agents.close();
    // The last requests remove what is left; a run that has its snapshot by then is done.
    const isRight = left.length === 0 && (outcome === "INTERRUPTED" || outcome === "done");
    return isRight ? undefined : `stopped at request ${stage}: ${outcome}, left ${left.join(", ")}`;
  };
  const stages = Array.from({ length: total }, (_, index) => index + 1);
  const wrong: (string | undefined)[] = [];
  while (stages.length > 0) wrong.push(...(await Promise.all(stages.splice(0, 8).map(stopAt))));
  expect(wrong.filter((text) => text !== undefined)).toEqual([]);
});

test("an object that the server is still making at Ctrl-C is removed when it is there", async () => {
  const agents = await cluster();
  agents.cluster.fault({
    when: ({ method, path }) => method === "POST" && path.endsWith("/clusterroles"),
    delayMs: 200,
  });
  const running = runAgent(agents.deps, OPTIONS);
  setTimeout(() => agents.stop.abort(ctrlC()), 100);
  expect((await rejectionOf(running)).code).toBe("INTERRUPTED");
  expect(agents.left()).toEqual([]);
  await agents.close();
});

test("an object that is made after its removal was sent is removed once more", async () => {
  const agents = await cluster();
  agents.cluster.fault({
    when: ({ method, path }) => method === "POST" && path.endsWith("/clusterroles"),
    delayMs: 700,
  });
  const running = runAgent(agents.deps, OPTIONS);
  setTimeout(() => agents.stop.abort(ctrlC()), 150);
  expect((await rejectionOf(running)).code).toBe("INTERRUPTED");
  expect(agents.left()).toEqual([]);
  await agents.close();
});

test("what cannot be removed is told with the command that does it", async () => {
  const agents = await cluster();
  agents.cluster.fault({
    when: ({ method, path }) => method === "DELETE" && /clusterroles|jobs/.test(path),
    reason: "Forbidden",
  });
  await runAgent(agents.deps, OPTIONS);
  expect(agents.progress.at(-1)).toEqual({
    kind: "warning",
    message: expect.stringMatching(
      /^not everything could be removed \(.+\); remove it with:\n {2}kubectl delete --ignore-not-found clusterroles\.rbac\.authorization\.k8s\.io\/aicr-node-reader-1a2b3c4d\n {2}kubectl delete --ignore-not-found --namespace gpu jobs\.batch\/aicr-1a2b3c4d$/,
    ),
  });
  await agents.close();
});

test("a run that was stopped before it began asks for nothing", async () => {
  const agents = await cluster();
  agents.stop.abort(ctrlC());
  expect((await rejectionOf(runAgent(agents.deps, OPTIONS))).code).toBe("INTERRUPTED");
  expect(agents.cluster.requests).toEqual([]);
  await agents.close();
});
