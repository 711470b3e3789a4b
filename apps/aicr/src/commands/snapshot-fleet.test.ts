import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { gpuNode, node } from "@slipway/snapshot/testing";
import { expect, test } from "vitest";
import { AGENT_CLUSTER, QUICK, agentSnapshot, leftIn, playAgents } from "../testing/agents.ts";
import { configMap, documentOf, inCluster, type ClusterPlace } from "../testing/in-cluster.ts";

const AGENT = { timer: QUICK, clock: { now: () => new Date() } };
const OUTLIER =
  "[cli] warning: gpu-3 is unlike most of its pool: reading=GPU.smi.driver expected=580.105.08 actual=570.158.01\n";

/** A cluster with three GPU nodes, the last of which has an older driver; agents of the named ones fail. */
function withFleet(
  failing: readonly string[],
  action: (place: ClusterPlace) => Promise<void>,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  return inCluster(
    files,
    async (place) => {
      for (const name of ["gpu-1", "gpu-2", "gpu-3"]) place.cluster.put(gpuNode(name));
      place.cluster.put(node("cpu-1"));
      playAgents(place.cluster, (name) =>
        failing.includes(name)
          ? { exitCode: 6, log: "cannot\n" }
          : { snapshot: agentSnapshot(name, name === "gpu-3" ? "570.158.01" : "580.105.08") },
      );
      await action(place);
    },
    AGENT_CLUSTER,
  );
}

test("all GPU nodes, in one document that names the outlier", async () => {
  await withFleet([], async ({ both, cluster }) => {
    const { exit, out, err } = await both("snapshot --nodes all -n gpu", { timer: QUICK });
    expect({ exit, err }).toEqual({ exit: 0, err: OUTLIER });
    expect(out).toMatchInlineSnapshot(`
      "kind: FleetSnapshot
      apiVersion: aicr.nvidia.com/v1alpha1
      metadata:
        timestamp: "2026-01-02T03:04:05Z"
        version: 1.2.3
      summary:
        nodes: 3
        notMeasured: 0
        groups: 2
        outliers: 1
      outliers:
        - node: gpu-3
          pool: NVIDIA H100 80GB HBM3
          subject: GPU driver
          reading: GPU.smi.driver
          expected: 580.105.08
          actual: 570.158.01
          alike: 2
          poolSize: 3
      notMeasured: []
      groups:
        - traits:
            GPU model: NVIDIA H100 80GB HBM3
            GPUs: "1"
            Driver: 580.105.08
          nodes:
            - gpu-1
            - gpu-2
        - traits:
            GPU model: NVIDIA H100 80GB HBM3
            GPUs: "1"
            Driver: 570.158.01
          nodes:
            - gpu-3
      common:
        - type: GPU
          subtypes:
            - subtype: smi
              data:
                driver: 580.105.08
                gpu-count: 1
                gpu.model: NVIDIA H100 80GB HBM3
      nodes:
        - node: gpu-1
          pool: NVIDIA H100 80GB HBM3
          metadata:
            source-node: gpu-1
        - node: gpu-2
          pool: NVIDIA H100 80GB HBM3
          metadata:
            source-node: gpu-2
        - node: gpu-3
          pool: NVIDIA H100 80GB HBM3
          metadata:
            source-node: gpu-3
          measurements:
            - type: GPU
              subtypes:
                - subtype: smi
                  data:
                    driver: 570.158.01
      "
    `);
    expect(leftIn(cluster)).toEqual([]);
  });
});

test("a table for people, of so many nodes", async () => {
  await withFleet([], async ({ both }) => {
    const { exit, out, err } = await both("snapshot --nodes 2 --workers 1 -n gpu -t table", { timer: QUICK });
    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "NODES      2
      POOLS      1 (NVIDIA H100 80GB HBM3)
      GROUPS     1
      OUTLIERS   none
      TAKEN      2026-01-02T03:04:05Z

      GROUP 1: 2 nodes (gpu-1, gpu-2)
        GPU model   NVIDIA H100 80GB HBM3
        GPUs        1
        Driver      580.105.08
      "
    `);
  });
});

test("a directory gets a file for each node and the fleet", async () => {
  await withFleet(
    [],
    async ({ both, cwd }) => {
      const line = "snapshot --nodes nodes.txt -n gpu -o out/fleet/";
      expect(await both(line, AGENT)).toEqual({
        exit: 0,
        out: "",
        err: `[cli] fleet written: directory=out/fleet/ nodes=2 outliers=0\n`,
      });
      expect((await readdir(join(cwd, "out/fleet"))).sort()).toEqual(["fleet.yaml", "gpu-1.yaml", "gpu-3.yaml"]);
      const one = documentOf(await readFile(join(cwd, "out/fleet/gpu-3.yaml"), "utf8"));
      expect(one).toEqual(documentOf(agentSnapshot("gpu-3", "570.158.01")));
      // A directory that is there needs no slash.
      expect((await both("snapshot --nodes gpu-2 -n gpu -t json -o out", AGENT)).exit).toBe(0);
      expect((await readdir(join(cwd, "out"))).sort()).toEqual(["fleet", "fleet.json", "gpu-2.json"]);
      expect(await both("diff out/fleet/gpu-3.yaml out/gpu-2.json --exit-code")).toMatchObject({ exit: 1, err: "" });
    },
    { "nodes.txt": "# those of rack 1\ngpu-1\r\n\ngpu-3 # the old one\ngpu-1\n" },
  );
});

test("a file, and a ConfigMap", async () => {
  await withFleet([], async ({ run, cluster, cwd }) => {
    expect(await run("snapshot --nodes 1 -n gpu -o fleet.yaml", AGENT)).toMatchObject({
      exit: 0,
      err: "[cli] fleet written: file=fleet.yaml nodes=1 outliers=0\n",
    });
    expect(documentOf(await readFile(join(cwd, "fleet.yaml"), "utf8"))).toMatchObject({ kind: "FleetSnapshot" });
    expect(await run("snapshot --nodes all -n gpu -o cm://gpu/fleet", AGENT)).toMatchObject({
      exit: 0,
      err: `[cli] fleet written: file=cm://gpu/fleet nodes=3 outliers=1\n${OUTLIER}`,
    });
    expect(configMap(cluster, "fleet")).toMatchObject({
      metadata: { labels: { "app.kubernetes.io/component": "FleetSnapshot" } },
    });
  });
});

test("nodes that fail are in the document with their reason, and the answer is no", async () => {
  await withFleet(["gpu-2"], async ({ both, cluster, cwd }) => {
    expect(await both("snapshot --nodes gpu-1,gpu-2 -n gpu -o fleet.yaml", AGENT)).toEqual({
      exit: 1,
      out: "",
      err:
        "[gpu-2] cannot\n" +
        "[cli] warning: gpu-2: not measured: the agent ended with exit status 6\n" +
        "[cli] fleet written: file=fleet.yaml nodes=1 outliers=0\n" +
        "error: 1 of 2 nodes were not measured: gpu-2\n" +
        "  The warnings above, and notMeasured of the document, say why.\n",
    });
    expect(documentOf(await readFile(join(cwd, "fleet.yaml"), "utf8"))).toMatchObject({
      notMeasured: [{ node: "gpu-2", reason: "the agent ended with exit status 6" }],
    });
    expect(leftIn(cluster)).toEqual([]);
  });
});

test.each([
  ["./names.txt", "error: ./names.txt:2: this line is no name of a node\n  One name a line is expected.\n"],
  [
    "-1",
    'error: --nodes: "-1" names no nodes\n  Give all, a number, a label selector such as pool=gpu, or names of nodes.\n',
  ],
])("--nodes %s is refused, and nothing of a file is shown", async (nodes, err) => {
  await withFleet(
    [],
    async ({ both }) => expect(await both(`snapshot --nodes=${nodes} -n gpu`)).toEqual({ exit: 2, out: "", err }),
    {
      "names.txt": "gpu-1\nroot:x:0:0:root:/root:/bin/sh\n",
    },
  );
});
