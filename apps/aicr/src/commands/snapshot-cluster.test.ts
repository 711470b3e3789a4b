import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gpuNode } from "@slipway/snapshot/testing";
import { expect, test } from "vitest";
import { inCluster } from "../testing/in-cluster.ts";
import { NODE_ROOT, SMI_REPORT, nodePrograms } from "../testing/node-tree.ts";

const exec = nodePrograms({ report: SMI_REPORT });

test("rights that are missing are named, and the rest is read", async () => {
  await inCluster(NODE_ROOT, async ({ both, cluster }) => {
    cluster.allow(({ resource }) => resource !== "nodes" && resource !== "secrets");
    const { exit, err } = await both("snapshot --host-root root --filter k8s,topology", { exec });
    expect({ exit, err }).toEqual({
      exit: 0,
      err:
        "[cli] warning: The node could not be read: that needs the right get and list on nodes.\n" +
        "[cli] warning: The releases of Helm are known by the labels of workloads alone, which tell no status and no revision: " +
        "reading Helm's own Secrets needs the rights get and list on secrets in all namespaces.\n" +
        "[cli] warning: The taints and labels of nodes could not be read: that needs the right list on nodes.\n",
    });
  });
});

test("a cluster that does not answer is told, and the machine is measured", async () => {
  await inCluster(NODE_ROOT, async ({ both, cluster }) => {
    await cluster.stop();
    const refused = "the server $SERVER refuses the connection. Is the cluster running, and is the port right?\n";
    const { exit, err } = await both("snapshot --host-root root", { exec });
    expect({ exit, err }).toEqual({ exit: 0, err: `[cli] warning: Nothing was read from a cluster: ${refused}` });
    const written = await both("snapshot --host-root root --filter os -o cm://gpu/s", { exec });
    expect(written).toEqual({
      exit: 6,
      out: "",
      err: `error: cm://gpu/s: ${refused.replace(". Is", "\n  Is")}`,
    });
  });
});

test.each([
  ["--filter k8s,topology", 6, /^error: (.*: )?the server \$SERVER refuses the connection\n/],
  ["--filter os,k8s", 6, /^error: the server \$SERVER refuses the connection\n/],
  ["-k config", 3, /^error: config: there is no such kubeconfig\n/],
])(
  "a cluster that %s asks for, and that is not reached, is an error, and what is there stays",
  async (flags, exit, err) => {
    await inCluster({ ...NODE_ROOT, "keep.yaml": "good" }, async ({ cluster, cwd, both }) => {
      await cluster.stop();
      const seen = await both(`snapshot --host-root root ${flags} -o keep.yaml`, { exec });
      expect([seen.exit, seen.out, await readFile(join(cwd, "keep.yaml"), "utf8")]).toEqual([exit, "", "good"]);
      expect(seen.err).toMatch(err);
    });
  },
);

test("nothing that was asked for may be read, so nothing is written", async () => {
  await inCluster({ "keep.yaml": "good" }, async ({ cluster, cwd, both }) => {
    cluster.allow(({ resource }) => resource !== "nodes");
    const { exit, err } = await both("snapshot --filter topology -o keep.yaml", { exec });
    expect([exit, await readFile(join(cwd, "keep.yaml"), "utf8")]).toEqual([4, "good"]);
    expect(err).toMatch(/^error: nothing could be measured: topology: nodes is forbidden: /);
  });
});

test("a machine that is no node of the cluster is told apart from the node that stands in the snapshot", async () => {
  await inCluster(NODE_ROOT, async ({ cluster, both }) => {
    cluster.put(gpuNode("gpu-9"));
    const { exit, err } = await both("snapshot --host-root root", { exec });
    expect({ exit, err }).toEqual({
      exit: 0,
      err:
        "[cli] warning: this machine is no node of the cluster: OS, SystemD and GPU are of this machine, " +
        "K8s.node of the node gpu-9; --agent measures on a node\n",
    });
    expect((await both("snapshot --filter k8s", { exec })).err).toBe("");
  });
});
