import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { applyPatch, type Operation } from "rfc6902";
import { expect, test } from "vitest";
import { agentSnapshot } from "../testing/agents.ts";
import { documentOf, inCluster, putConfigMap, type ClusterPlace } from "../testing/in-cluster.ts";

function snapshot(driver: string, version: string, hugepages = "0"): string {
  return `${agentSnapshot("gpu-1", driver)}  - type: K8s
    subtypes:
      - subtype: server
        data:
          version: ${version}
  - type: OS
    subtypes:
      - subtype: sysctl
        data:
          /proc/sys/vm/nr_hugepages: "${hugepages}"
`;
}

function fleet(driver: string, nodes: readonly string[]): string {
  const text = nodes
    .map((node) => `  - node: ${node}\n    pool: h100\n    metadata: {source-node: ${node}}\n`)
    .join("");
  return `kind: FleetSnapshot
apiVersion: aicr.nvidia.com/v1alpha1
common:
  - type: GPU
    subtypes:
      - subtype: smi
        data: {driver: "${driver}"}
nodes:
${text}`;
}

const FILES: Readonly<Record<"a.yaml" | "b.yaml" | "f.yaml" | "g.yaml", string>> = {
  "a.yaml": snapshot("580.105.08", "v1.33.1"),
  "b.yaml": snapshot("570.158.01", "v1.34.0"),
  "f.yaml": fleet("580.105.08", ["gpu-1", "gpu-2"]),
  "g.yaml": fleet("570.158.01", ["gpu-1", "gpu-3"]),
};

const CHANGES = `Kubernetes version
  ~ K8s.server.version: v1.33.1 -> v1.34.0 (upgrade)

GPU driver
  ~ GPU.smi.driver: 580.105.08 -> 570.158.01 (downgrade)

2 differences: 2 changed.
`;

function withFiles(action: (place: ClusterPlace) => Promise<void>): Promise<void> {
  return inCluster(FILES, action);
}

test("two snapshots, by what differs", async () => {
  await withFiles(async ({ both }) => {
    expect(await both("diff a.yaml b.yaml")).toEqual({ exit: 0, out: CHANGES, err: "" });
    expect(await both("diff a.yaml b.yaml --exit-code")).toEqual({ exit: 1, out: CHANGES, err: "" });
    expect(await both("diff a.yaml a.yaml --exit-code")).toEqual({ exit: 0, out: "No differences.\n", err: "" });
  });
});

test("as a document for programs", async () => {
  await withFiles(async ({ both }) => {
    const { exit, out, err } = await both("diff a.yaml b.yaml -t json");
    expect([exit, err, JSON.parse(out)]).toEqual([
      0,
      "",
      {
        kind: "SnapshotDifference",
        summary: { added: 0, removed: 0, changed: 2 },
        groups: [
          {
            subject: "Kubernetes version",
            changes: [
              { change: "changed", path: "K8s.server.version", from: "v1.33.1", to: "v1.34.0", meaning: "upgrade" },
            ],
          },
          {
            subject: "GPU driver",
            changes: [
              { change: "changed", path: "GPU.smi.driver", from: "580.105.08", to: "570.158.01", meaning: "downgrade" },
            ],
          },
        ],
      },
    ]);
  });
});

test.each([
  ["a.yaml", "b.yaml"],
  ["b.yaml", "a.yaml"],
  ["f.yaml", "g.yaml"],
] as const)("the patch from %s makes it %s", async (from, to) => {
  await withFiles(async ({ both }) => {
    const { exit, out, err } = await both(`diff ${from} ${to} -t patch --exit-code`);
    expect([exit, err]).toEqual([1, ""]);
    const [patched, wanted] = [documentOf(FILES[from]), documentOf(FILES[to])];
    const operations: Operation[] = JSON.parse(out);
    expect(applyPatch(patched, operations).filter((failure) => failure !== null)).toEqual([]);
    expect(patched).toEqual(wanted);
  });
});

test("--ignore leaves readings out, also of the patch; a pattern that fits nothing is named", async () => {
  await withFiles(async ({ both }) => {
    expect(await both("diff a.yaml b.yaml --ignore GPU.smi.driver --exit-code")).toEqual({
      exit: 1,
      out: "Kubernetes version\n  ~ K8s.server.version: v1.33.1 -> v1.34.0 (upgrade)\n\n1 difference: 1 changed.\n",
      err: "",
    });
    const line = "diff a.yaml b.yaml --ignore GPU.* --ignore K8s.server --exit-code";
    expect(await both(line)).toEqual({ exit: 0, out: "No differences.\n", err: "" });
    expect(await both(`${line} -t patch`)).toEqual({ exit: 0, out: "[]\n", err: "" });
    expect((await both("diff a.yaml b.yaml --ignore GPU.smi.drvier")).err).toBe(
      '[cli] warning: --ignore "GPU.smi.drvier" matches no reading of either snapshot. Did you mean "GPU.smi.driver"?\n',
    );
  });
});

test("two fleets, node by node", async () => {
  await withFiles(async ({ both }) => {
    const { exit, out, err } = await both("diff f.yaml g.yaml --exit-code");
    expect([exit, err]).toEqual([1, ""]);
    expect(out).toMatchInlineSnapshot(`
      "+ nodes gpu-3

      - nodes gpu-2

      On gpu-1
      GPU driver
        ~ GPU.smi.driver: 580.105.08 -> 570.158.01 (downgrade)

      1 difference: 1 changed.
      "
    `);
    expect((await both("diff f.yaml f.yaml --exit-code")).exit).toBe(0);
  });
});

test("either side may be in the cluster", async () => {
  await withFiles(async ({ both, cluster }) => {
    putConfigMap(cluster, "new", { "snapshot.yaml": FILES["b.yaml"] });
    putConfigMap(cluster, "old", { "snapshot.json": JSON.stringify(documentOf(FILES["a.yaml"])), format: "json" });
    for (const line of ["diff a.yaml cm://gpu/new", "diff cm://gpu/old b.yaml", "diff cm://gpu/old cm://gpu/new"])
      expect(await both(line)).toEqual({ exit: 0, out: CHANGES, err: "" });
  });
});

test("a snapshot on standard input, against a file", async () => {
  await withFiles(async ({ both, cwd }) => {
    const stdin = await readFile(join(cwd, "b.yaml"), "utf8");
    expect((await both("diff a.yaml -", { stdin })).out).toBe(CHANGES);
  });
});

test.each([
  [
    "diff a.yaml r.yaml",
    2,
    "error: a snapshot and a recipe cannot be compared\n" +
      "  To test a cluster against a recipe, run aicr validate -r RECIPE -s SNAPSHOT.\n",
  ],
  [
    "diff f.yaml a.yaml",
    2,
    "error: a fleet and a snapshot cannot be compared\n" +
      "  With aicr snapshot --nodes all -o DIR/, each node of a fleet has a snapshot of its own.\n",
  ],
  [
    "diff f.yaml g.yaml -t patch --ignore GPU.*",
    2,
    "error: a patch of fleets leaves nothing out, so --ignore has no place beside it\n",
  ],
  ["diff r.yaml r.yaml --ignore x", 2, "error: --ignore names readings, which only snapshots have\n"],
  ["diff a.yaml b.yaml --ignore ''", 2, /^error: --ignore: is an empty pattern\n/],
  [
    "diff cm://gpu/none a.yaml",
    3,
    "error: cm://gpu/none: there is no ConfigMap none in the namespace gpu\n" +
      "  See what is there with: kubectl get configmaps -n gpu\n",
  ],
])("%s", async (line, exit, err) => {
  await withFiles(async ({ both, run }) => {
    await run("recipe -o r.yaml");
    const seen = await both(line);
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
  });
});
