import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { listAt, parseYaml, textAt, type Tree } from "@slipway/base";
import { startFaultProxy } from "@slipway/sim/testing";
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { eventually, testPrograms } from "../control-plane.ts";
import { playAgents, type ActorOptions, type AgentActor } from "./agent-actor.ts";
import { BINARY, GPU_NODES, POOL, PROGRAMS, TEST_MS, folder, live, objectsOf, type Folder, type Live } from "./live.ts";

const hasPrograms = (await testPrograms()) !== undefined;
const OUTLIER = "live-gpu-3";
const DRIVERS = { usual: "570.172.08", other: "550.90.07" };

describe.skipIf(!hasPrograms).for(PROGRAMS)("the agent, started by %s", { timeout: TEST_MS }, ([, program]) => {
  let stand: Live;
  let place: Folder;
  let namespace: string;

  beforeAll(async () => {
    stand = await live();
    await program();
  });

  beforeEach(async () => {
    place = await folder(stand);
    namespace = await stand.cluster.namespace();
  });

  afterEach(async () => {
    await place.close();
  });

  async function actors(options: Partial<ActorOptions> = {}): Promise<AgentActor> {
    const actor = await playAgents(stand, { namespace, program: BINARY, driver, ...options });
    onTestFinished(async () => actor.close());
    return actor;
  }

  function driver(node: string): string {
    return node === OUTLIER ? DRIVERS.other : DRIVERS.usual;
  }

  async function nothingIsLeft(prefix: string): Promise<void> {
    await eventually(async () => expect(await objectsOf(stand, prefix)).toEqual([]));
  }

  async function document(path: string): Promise<Tree> {
    return parseYaml(await readFile(join(place.path, path), "utf8"));
  }

  test("measures a GPU node, passes its log on, and leaves nothing", async () => {
    const { played } = await actors();
    const argv = ["snapshot", "--agent", "-n", namespace, "--job-name", "solo", "-o", "snapshot.yaml"];
    const outcome = await place.aicr(program, argv);
    expect(outcome).toMatchObject({ exit: 0, stdout: "" });
    expect(outcome.stderr).toMatch(/^\[agent\] snapshot written: file=cm:\/\//m);
    const snapshot = await document("snapshot.yaml");
    expect(played).toEqual([textAt(snapshot, "metadata", "source-node")]);
    expect(listAt(snapshot, "measurements").map((measurement) => textAt(measurement, "type"))).toEqual([
      "K8s",
      "SystemD",
      "OS",
      "GPU",
      "NodeTopology",
    ]);
    await nothingIsLeft("solo");
  });

  test("lets two runs at once each have its own, in one namespace", async () => {
    await actors();
    const proxies = await Promise.all([1, 2].map(async () => startFaultProxy(stand.cluster.controlPlane)));
    const outcomes = await Promise.all(
      proxies.map(async ({ kubeconfig }, index) => {
        const argv = ["snapshot", "--agent", "-n", namespace, "--job-name", "pair", "--filter", "gpu"];
        return place.aicr(program, [...argv, "-o", `${index}.yaml`], { kubeconfig });
      }),
    );
    expect(outcomes.map(({ exit }) => exit)).toEqual([0, 0]);
    const runs = proxies.map(({ requests }) => [
      ...new Set(requests.flatMap((line) => /pair-[\da-f]{8}/.exec(line) ?? [])),
    ]);
    expect(runs.map((names) => names.length)).toEqual([1, 1]);
    expect(runs[0]).not.toEqual(runs[1]);
    expect(await readdir(place.path)).toEqual(["0.yaml", "1.yaml"]);
    await nothingIsLeft("pair");
    await Promise.all(proxies.map(async (proxy) => proxy.close()));
  });

  test("measures all GPU nodes in one run, and names the one that is unlike the others", async () => {
    await actors();
    const argv = ["snapshot", "--nodes", POOL, "--workers", "3", "-n", namespace, "--job-name", "fleet"];
    const outcome = await place.aicr(program, [...argv, "--filter", "gpu", "-o", "fleet/"]);
    expect(outcome).toMatchObject({ exit: 0, stdout: "" });
    const files = await readdir(join(place.path, "fleet"));
    expect(files.sort()).toEqual(["fleet.yaml", ...GPU_NODES.map((node) => `${node}.yaml`)]);
    const outliers = listAt(await document("fleet/fleet.yaml"), "outliers");
    expect(new Set(outliers.map((outlier) => textAt(outlier, "node")))).toEqual(new Set([OUTLIER]));
    expect(outliers).toContainEqual(
      expect.objectContaining({ reading: "GPU.smi.driver", expected: DRIVERS.usual, actual: DRIVERS.other }),
    );
    expect(outcome.stderr).toContain(`${OUTLIER} is unlike most of its pool`);
    for (const node of GPU_NODES) expect(outcome.stderr).toContain(`[${node}] [agent] snapshot written`);
    await nothingIsLeft("fleet");
  });

  test("tells which node failed and why, and keeps the others", async () => {
    await actors({
      play: async (pod) => {
        if (pod.node !== OUTLIER) return await pod.run();
        return { exitCode: 137, reason: "OOMKilled" };
      },
    });
    const argv = ["snapshot", "--nodes", "live-gpu-2,live-gpu-3,live-gpu-4", "-n", namespace, "--job-name", "part"];
    const outcome = await place.aicr(program, [...argv, "--filter", "gpu"]);
    expect(outcome.exit).toBe(1);
    expect(outcome.stderr).toContain("live-gpu-3: not measured: the agent needed more memory than it may have");
    expect(outcome.stderr).toContain("1 of 3 nodes were not measured: live-gpu-3");
    const fleet = parseYaml(outcome.stdout);
    expect(textAt(fleet, "kind")).toBe("FleetSnapshot");
    expect(listAt(fleet, "notMeasured")).toEqual([
      { node: OUTLIER, reason: "the agent needed more memory than it may have" },
    ]);
    await nothingIsLeft("part");
  });
});
