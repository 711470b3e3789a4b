/**
 * `npm run bench snapshot`: the collectors of the cluster on a real API server with 1,000 nodes and 1,000 or 10,000 pods, as
 * ratios to `kubectl get pods,nodes -A -o json`, and a local snapshot without a cluster.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RESOURCES } from "@slipway/kube";
import { connect } from "@slipway/kube/node";
import { controlPlanePrograms, createGpuNodes, seedPods, startControlPlane, type ControlPlane } from "@slipway/sim";
import { nodeFiles } from "@slipway/terminal";
import { kubectlBinary } from "../test/tools.ts";
import { measureInTurn, type Cost, type Measured } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const aicr = join(root, "dist/bin/aicr");
const NODES = 1000;
const NAMESPACE = "load";

const log = (line: string): void => console.error(`bench: ${line}`);

/** Measures and prints the table. Needs `dist/bin/aicr` (`npm run build`) and what a control plane needs. */
export async function benchSnapshot(runs: number): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  try {
    console.log("PROGRAM                              MEDIAN ms   LEAST ms   x KUBECTL   PEAK MiB");
    print(measureInTurn(new Map([["aicr snapshot, no cluster", local(work)]]), runs));
    await benchCluster(runs);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Nothing of the user's that would lead to a cluster. */
function local(home: string): Measured {
  return { command: ["env", "-i", `PATH=${process.env["PATH"]}`, `HOME=${home}`, aicr, "snapshot"] };
}

async function benchCluster(runs: number): Promise<void> {
  const kubectl = await kubectlBinary();
  const source = join(root, "test", "control-plane");
  const programs = await controlPlanePrograms({ source, env: process.env, log, signal: new AbortController().signal });
  if (kubectl === undefined) throw new Error("there is no kubectl to compare with");
  // Without kwok: nodes that report and pods that change are load of the machine, not of what is measured.
  const cluster = await startControlPlane({ programs, kwok: false });
  try {
    let pods = 0;
    for (const count of [1000, 10_000]) {
      log(`making ${count} pods`);
      await fill(cluster, count - pods, pods === 0);
      pods = count;
      const kubeconfig = `--kubeconfig=${cluster.kubeconfig}`;
      const get: Measured = { command: [kubectl, kubeconfig, "get", "pods,nodes", "-A", "-o", "json"] };
      const snapshot: Measured = { command: [aicr, "snapshot", kubeconfig, "--filter", "k8s,topology"] };
      const [a, b] = [`kubectl get, ${count} pods`, `aicr snapshot, ${count} pods`];
      const costs = measureInTurn(
        new Map([
          [a, get],
          [b, snapshot],
        ]),
        runs,
      );
      print(costs, costs.get(a));
    }
  } finally {
    await cluster.stop();
  }
}

async function fill(cluster: ControlPlane, count: number, isFirst: boolean): Promise<void> {
  const api = await connect({
    kubeconfig: cluster.kubeconfig,
    env: {},
    files: nodeFiles({ cwd: root }),
    userAgent: "slipway-bench",
  });
  const nodes = isFirst
    ? await createGpuNodes(api, { count: NODES, model: "h100" })
    : (await api.list(RESOURCES.nodes)).items.map(({ metadata }) => metadata.name ?? "");
  if (isFirst) {
    await api.create(RESOURCES.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  }
  await seedPods(api, cluster, { count, namespace: NAMESPACE, nodes: [...nodes], prefix: `load-${count}` });
}

function print(costs: ReadonlyMap<string, Cost>, baseline?: Cost): void {
  for (const [name, { wall, least, peak }] of costs) {
    const ratio = baseline === undefined ? "-" : (wall / baseline.wall).toFixed(2);
    console.log(
      `${name.padEnd(36)} ${wall.toFixed(0).padStart(9)} ${least.toFixed(0).padStart(10)} ${ratio.padStart(11)} ${peak.toFixed(0).padStart(10)}`,
    );
  }
}
