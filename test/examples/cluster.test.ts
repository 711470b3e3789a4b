import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { listAt, mapAt, parseJson, parseYaml, parseYamlDocuments, textAt, type Tree } from "@slipway/base";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../aicr.ts";
import { eventually, sharedControlPlane, started, type TestCluster } from "../control-plane.ts";
import { NODE_RECIPE, nodeSnapshot } from "./snapshots.ts";
import { EXAMPLES, PATIENT, workplace, type Workplace } from "./workplace.ts";

const NAMESPACE = "gpu-audit";
const RING = [0, 1, 2, 3, 4, 5, 6].map((slot) => `aicr-audit-${slot}`);
const shared = sharedControlPlane();
const hasCluster = (await shared) !== undefined;

let place: Workplace;

beforeEach(async () => {
  place = await workplace();
  await place.take(".", "examples");
  await place.write({ "gpu/recipe.yaml": NODE_RECIPE, "good.yaml": nodeSnapshot() });
});

afterEach(async () => {
  await place.close();
});

describe.skipIf(!hasCluster)("the CronJob, on a real API server", PATIENT, () => {
  let cluster: TestCluster;
  /** Of the service account that the pod has. */
  let kubeconfig: string;

  async function applyAll(...flags: readonly string[]): Promise<string> {
    return await cluster.kubectl(["apply", "-k", join(EXAMPLES, "cronjob"), ...flags]);
  }

  async function get(...what: readonly string[]): Promise<Tree> {
    return parseJson(await cluster.kubectl(["get", ...what, "-o", "json", "-n", NAMESPACE]));
  }

  /** Runs what the container runs, with its environment, on a day. */
  async function audit(day: number, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    await place.program("date", `#!/bin/sh\n[ "$*" = "-u +%s" ] && echo ${day * 86_400 + 7200}\n`);
    const job = parseYaml(await readFile(join(EXAMPLES, "cronjob/cronjob.yaml"), "utf8"));
    const [container] = listAt(job, "spec", "jobTemplate", "spec", "template", "spec", "containers");
    const given = listAt(container, "env").filter(
      (entry) => textAt(entry, "value") !== "" && textAt(entry, "name") !== "HOME",
    );
    const settings = Object.fromEntries(given.map((entry) => [textAt(entry, "name"), textAt(entry, "value")]));
    expect(listAt(container, "command")).toEqual(["sh", "/scripts/audit.sh"]);
    const from = { ...settings, NAMESPACE, KUBECONFIG: kubeconfig, ...env };
    return await place.run(["sh", "examples/cronjob/audit.sh"], from);
  }

  async function baseline(): Promise<void> {
    const command = ["aicr", "snapshot", "--filter", "k8s,topology", "-o", `cm://${NAMESPACE}/aicr-baseline`];
    expect(await place.run(command, { KUBECONFIG: cluster.controlPlane.kubeconfig })).toMatchObject({ exit: 0 });
  }

  /** Names of the ConfigMaps of the ring that hold a snapshot. */
  async function filled(): Promise<readonly string[]> {
    const maps = listAt(await get("configmaps"), "items");
    const held = maps.filter((map) => textAt(map, "data", "snapshot.yaml") !== "");
    return held.map((map) => textAt(map, "metadata", "name")).sort();
  }

  beforeAll(async () => {
    cluster = await started(shared);
    await applyAll();
    const token = await eventually(async () => cluster.kubectl(["create", "token", "aicr-audit", "-n", NAMESPACE]));
    kubeconfig = await cluster.controlPlane.kubeconfigFor({ token: token.trim() });
  });

  async function emptyRing(): Promise<void> {
    await cluster.kubectl(["delete", "configmaps", "-n", NAMESPACE, "--ignore-not-found", ...RING, "aicr-baseline"]);
    await applyAll();
  }

  test("is accepted with strict validation, without a warning", async () => {
    const flags = ["--dry-run=server", "--validate=strict", "--warnings-as-errors"];
    const lines = (await applyAll(...flags)).trimEnd().split("\n");
    expect(lines.filter((line) => !/(unchanged|configured) \(server dry run\)$/.test(line))).toEqual([]);
    expect(lines).toHaveLength(15);
  });

  test("makes a pod that the restricted level lets in", async () => {
    await cluster.kubectl(["create", "job", "--from=cronjob/aicr-audit", "try", "-n", NAMESPACE]);
    try {
      const pods = await eventually(async () => {
        const found = listAt(await get("pods", "-l", "batch.kubernetes.io/job-name=try"), "items");
        if (found.length === 0) throw new Error(JSON.stringify(await get("events")));
        return found;
      });
      expect(pods).toHaveLength(1);
    } finally {
      await cluster.kubectl(["delete", "job", "try", "-n", NAMESPACE, "--wait=false"]);
    }
  });

  test("is in a namespace that lets no privileged pod in", async () => {
    const container = { name: "a", image: "a", securityContext: { privileged: true } };
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", namespace: NAMESPACE },
      spec: { containers: [container] },
    };
    const creation = cluster.kubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(pod));
    await expect(creation).rejects.toThrow('violates PodSecurity "restricted:latest"');
  });

  test("says that there is no baseline yet, and keeps the snapshot", async () => {
    await emptyRing();
    const outcome = await audit(20_000);
    expect(outcome.exit).toBe(3);
    expect(outcome.stderr).toContain("aicr-baseline");
    expect(await filled()).toEqual(["aicr-audit-1"]);
  });

  test("says yes to a cluster like the baseline and no to one that changed", async () => {
    await emptyRing();
    await baseline();
    expect(await audit(20_000)).toMatchObject({ exit: 0 });
    const node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "audit-node", labels: { "example.com/new": "yes" } },
    };
    await cluster.kubectl(["create", "-f", "-"], JSON.stringify(node));
    try {
      const outcome = await audit(20_001);
      expect(outcome.exit).toBe(1);
      expect(outcome.stdout).toContain("example.com/new");
    } finally {
      await cluster.kubectl(["delete", "node", "audit-node"]);
    }
  });

  test("writes over the ring in turn, repeats within a day in one place, and survives another apply", async () => {
    await emptyRing();
    for (const day of [20_000, 20_000, 20_001, 20_002])
      expect(await audit(day, { KEEP: "2", BASELINE: "" })).toMatchObject({ exit: 0 });
    expect(await filled()).toEqual(["aicr-audit-0", "aicr-audit-1"]);
    const before = await get("configmap", "aicr-audit-0");
    await applyAll();
    expect(mapAt(await get("configmap", "aicr-audit-0"), "data")).toEqual(mapAt(before, "data"));
  });

  test("reads what --print-rbac lists, and nothing else", async () => {
    const printed = parseYamlDocuments((await place.run(["aicr", "snapshot", "--print-rbac"])).stdout);
    const wanted = printed.find((document) => textAt(document, "kind") === "ClusterRole");
    const rules = parseYamlDocuments(await readFile(join(EXAMPLES, "cronjob/rbac.yaml"), "utf8"));
    const given = rules.find((document) => textAt(document, "kind") === "ClusterRole");
    expect(listAt(given, "rules")).toEqual(listAt(wanted, "rules"));
  });

  test.each([
    ["get", "secrets"],
    ["list", "secrets"],
    ["list", "configmaps"],
    ["create", "configmaps"],
    ["delete", "configmap/aicr-audit-0"],
    ["patch", "configmap/aicr-baseline"],
    ["create", "pods"],
    ["patch", "nodes"],
    ["create", "jobs"],
    ["impersonate", "users"],
  ])("may not %s %s", async (verb, resource) => {
    const user = `system:serviceaccount:${NAMESPACE}:aicr-audit`;
    const question = ["auth", "can-i", verb, resource, "-n", NAMESPACE, `--as=${user}`];
    await expect(cluster.kubectl(question)).rejects.toMatchObject({ stdout: "no\n" });
  });
});

describe.skipIf(!hasCluster)("drift-nightly/drift.sh", PATIENT, () => {
  beforeEach(async () => {
    await place.program("notify", `#!/bin/sh\ncat >'${place.folder}/told'\n`);
  });

  async function drift(env: Readonly<Record<string, string>>): Promise<Outcome> {
    return await place.run(["sh", "examples/drift-nightly/drift.sh"], { NOTIFY: "notify", ...env });
  }

  test("reports what the recipe wants and the cluster lacks, keeps the report and hands it on", async () => {
    const { controlPlane } = await started(shared);
    const outcome = await drift({ KUBECONFIG: controlPlane.kubeconfig });
    expect(outcome.exit).toBe(1);
    expect(outcome.stdout).toContain("gpu-operator");
    const [report = "", ...others] = await readdir(join(place.folder, "drift-reports"));
    expect(others).toEqual([]);
    expect(await readFile(join(place.folder, "drift-reports", report), "utf8")).toBe(outcome.stdout);
    expect(await readFile(join(place.folder, "told"), "utf8")).toBe(outcome.stdout);
  });

  test("a cluster that cannot be asked is no drift: no report, and nobody is told", async () => {
    const { controlPlane } = await started(shared);
    const closed = await controlPlane.kubeconfigFor({ token: "none" }, { server: "https://127.0.0.1:1" });
    const outcome = await drift({ KUBECONFIG: closed });
    expect(outcome).toMatchObject({ exit: 6, stdout: "" });
    expect(await readdir(join(place.folder, "drift-reports"))).toEqual([]);
    expect(await readdir(place.folder)).not.toContain("told");
  });

  test("keeps as many reports as it is told", async () => {
    const { controlPlane } = await started(shared);
    const reports = join(place.folder, "drift-reports");
    await place.write({
      "drift-reports/drift-20200101T000000Z.txt": "",
      "drift-reports/drift-20200102T000000Z.txt": "",
    });
    await drift({ KUBECONFIG: controlPlane.kubeconfig, KEEP: "2" });
    const kept = await readdir(reports);
    expect(kept).toHaveLength(2);
    expect(kept).toContain("drift-20200102T000000Z.txt");
  });
});

test.skipIf(!hasCluster)("remediation/plan.sh looks for drift where there is a cluster", PATIENT, async () => {
  const { controlPlane } = await started(shared);
  const env = { SNAPSHOT: "good.yaml", KUBECONFIG: controlPlane.kubeconfig };
  const outcome = await place.run(["sh", "examples/remediation/plan.sh"], env);
  expect(outcome).toMatchObject({ exit: 1 });
  expect(await readFile(join(place.folder, "gpu-plan/2-drift.txt"), "utf8")).toContain("gpu-operator");
});
