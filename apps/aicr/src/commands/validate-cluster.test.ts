import { parseJson, textAt } from "@slipway/base";
import { runJobs, startCluster, type Cluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { recipe, snapshot, validationWorkplace as workplace } from "../testing/validation.ts";

/** Runs an action with a cluster whose Jobs end with 0 unless told. */
async function withCluster(action: (cluster: Cluster) => Promise<void>, exitCode = 0): Promise<void> {
  const cluster = await startCluster({ unsettled: ["Job", "Pod"], tls: true });
  const stop = runJobs(cluster, () => ({ exitCode, log: "looked\n" }));
  try {
    await action(cluster);
  } finally {
    stop();
    await cluster.close();
  }
}

const OPERATOR = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "gpu-operator", namespace: "gpu-operator" },
  spec: { replicas: 1 },
  status: { availableReplicas: 1 },
};

test("in a cluster: the checks that the recipe names, by the API and as Jobs; nothing is left", async () => {
  await withCluster(async (cluster) => {
    cluster.put(OPERATOR);
    await workplace(
      async ({ run }) => {
        const line = `validate -r all.yaml -s good.json --data data --kubeconfig ${cluster.kubeconfig} -t table`;
        const { exit, out, err } = await run(line);
        expect(out.split("\n").slice(2)).toEqual([
          "passed\tdeployment\tsmi\tlooked",
          "passed\tperformance\tnccl\tlooked",
          "skipped\treadiness\tOS.release.ID\tnot measured",
          "",
        ]);
        expect([exit, err.split("\n").at(-2)]).toEqual([0, "[cli] validation passed: 4 passed, 1 skipped"]);
        for (const kind of ["Job", "ServiceAccount", "ClusterRoleBinding"]) expect(cluster.objects(kind)).toEqual([]);
        expect(cluster.objects("ConfigMap", "aicr-validation")).toEqual([]);
        const kept = await run(`${line} --no-cleanup --phase performance -n team`);
        expect([kept.exit, cluster.objects("Job", "team").length]).toEqual([0, 1]);
        const reports = cluster
          .objects("ConfigMap", "team")
          .filter((map) => textAt(map, "metadata", "name").startsWith("aicr-ctrf-"));
        expect(reports.map((report) => parseJson(textAt(report, "data", "report.json")))).toMatchObject([
          { results: { tests: [{ name: "nccl", status: "passed" }] } },
        ]);
      },
      { "all.yaml": recipe("operator-health, smi", "  performance: {checks: [nccl]}\n") },
    );
  });
});

test("a check that failed: the later phases are skipped, its output and its remedy are reported; 0 when it need not fail", async () => {
  await withCluster(async (cluster) => {
    cluster.put(OPERATOR);
    await workplace(
      async ({ run }) => {
        const line = `validate -r all.yaml -s good.json --data data --kubeconfig ${cluster.kubeconfig}`;
        const { exit, out, err } = await run(line);
        expect([exit, err.split("\n").slice(-3)]).toEqual([
          1,
          ["error: validation failed: 2 passed, 1 failed, 3 skipped; first smi: looked", "  Look at the driver.", ""],
        ]);
        expect(JSON.parse(out)).toMatchObject({
          results: {
            tests: [
              { name: "K8s.server.version" },
              { name: "OS.release.ID" },
              {
                name: "operator-health",
                status: "passed",
                stdout: ["Deployment gpu-operator/gpu-operator: 1 of 1 ready"],
              },
              { name: "smi", status: "failed", stdout: ["looked"], extra: { remediation: "Look at the driver." } },
              { name: "nccl", status: "skipped", message: "skipped - the deployment phase failed" },
              { name: "dra-support", status: "skipped", message: "skipped - the deployment phase failed" },
            ],
          },
        });
        expect((await run(`${line} --fail-on-error=false`)).exit).toBe(0);
        const withheld = await run(`${line} --skip-check smi -t table`);
        expect([withheld.exit, withheld.out]).toEqual([
          0,
          expect.stringContaining("skipped\tdeployment\tsmi\tskipped - asked for with --skip-check\n"),
        ]);
      },
      { "all.yaml": recipe("operator-health, smi") },
    );
  }, 1);
});

test("checks that look through the API change nothing; without a snapshot the cluster itself is measured", async () => {
  await withCluster(async (cluster) => {
    cluster.put(OPERATOR);
    const before = cluster.writes.length;
    await workplace(async ({ run }) => {
      const { exit, out, err } = await run(`validate -r r.yaml --data data -k ${cluster.kubeconfig} -t table`);
      expect(cluster.writes.slice(before)).toEqual([]);
      expect([exit, out.split("\n").filter((line) => line.startsWith("passed"))]).toEqual([
        0,
        ["passed\treadiness\tK8s.server.version\t", "passed\tdeployment\toperator-health\tthe GPU Operator runs"],
      ]);
      expect(err).toContain("no --snapshot: the cluster was measured through its API");
    });
  });
});

test("snapshot and report may lie in the cluster", async () => {
  await withCluster(async (cluster) => {
    cluster.put({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "s", namespace: "team" },
      data: { format: "json", "snapshot.json": snapshot("v1.33.1") },
    });
    await workplace(async ({ run }) => {
      const line = `validate -r r.yaml -s cm://team/s --no-cluster --data data --phase readiness -k ${cluster.kubeconfig}`;
      expect(await run(`${line} -o cm://team/report`)).toMatchObject({ exit: 0, out: "" });
      const [report] = cluster
        .objects("ConfigMap", "team")
        .filter((map) => textAt(map, "metadata", "name") === "report");
      expect(JSON.stringify(report?.["data"])).toContain("K8s.server.version");
    });
  });
});

test("Ctrl-C while a Job runs: 130, and nothing is left", async () => {
  const cluster = await startCluster({ unsettled: ["Job", "Pod"], tls: true });
  const stop = new AbortController();
  runJobs(cluster, () => {
    setTimeout(() => stop.abort(new Error("interrupted")), 50);
    return undefined;
  });
  try {
    await workplace(
      async ({ run }) => {
        const line = `validate -r smi.yaml -s good.json --data data --phase deployment -k ${cluster.kubeconfig}`;
        const { exit, out } = await run(line, { signal: stop.signal });
        expect([exit, out]).toEqual([130, ""]);
        for (const kind of ["Job", "ServiceAccount", "ClusterRoleBinding", "ClusterRole"])
          expect(cluster.objects(kind)).toEqual([]);
        expect(cluster.objects("ConfigMap", "aicr-validation")).toEqual([]);
      },
      { "smi.yaml": recipe("smi") },
    );
  } finally {
    await cluster.close();
  }
});

test("a cluster that does not answer is 6", async () => {
  await withCluster(async (cluster) => {
    await cluster.stop();
    await workplace(async ({ run }) => {
      const { exit, out } = await run(`validate -r r.yaml -s good.json --data data -k ${cluster.kubeconfig}`);
      expect([exit, out]).toEqual([6, ""]);
    });
  });
});
