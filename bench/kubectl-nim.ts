/**
 * `npm run bench kubectl-nim`: `kubectl nim get nimservice` on a real API server, with one object and with 5,000, as ratios to
 * `kubectl get nimservice`; then `kubectl nim log stream` of 50 containers.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { group, type TreeMap } from "@slipway/base";
import { RESOURCES, type KubeApi, type KubeObject } from "@slipway/kube";
import { connect } from "@slipway/kube/node";
import { NIM_RESOURCES } from "@slipway/serving";
import { controlPlanePrograms, nimDefinitions, startControlPlane, type ControlPlane } from "@slipway/sim";
import { nodeFiles } from "@slipway/terminal";
import { installDefinitions } from "../test/nim/definitions.ts";
import { kubectlBinary } from "../test/tools.ts";
import { measureInTurn, type Cost, type Measured } from "./measure.ts";
import { benchNimLogs } from "./nim-logs.ts";

const root = join(import.meta.dirname, "..");
const plugin = join(root, "dist/bin/kubectl-nim");
const MANY = 5000;
/** Requests at once while objects are made. */
const AT_ONCE = 32;

const log = (line: string): void => console.error(`bench: ${line}`);

/** Measures and prints. Needs `dist/bin/kubectl-nim` (`npm run build`) and what a control plane needs. */
export async function benchKubectlNim(runs: number): Promise<void> {
  console.log("PROGRAM                                        MEDIAN ms   LEAST ms   x KUBECTL   PEAK MiB   x KUBECTL");
  await benchGet(runs);
  await benchNimLogs(Math.min(runs, 3));
}

async function benchGet(runs: number): Promise<void> {
  const kubectl = await kubectlBinary();
  const source = join(root, "test", "control-plane");
  const programs = await controlPlanePrograms({ source, env: process.env, log, signal: new AbortController().signal });
  if (kubectl === undefined) throw new Error("there is no kubectl to compare with");
  const home = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  // Without kwok: nodes that report are load of the machine, not of what is measured.
  const cluster = await startControlPlane({ programs, kwok: false });
  try {
    await fill(cluster);
    for (const [namespace, what] of [
      ["one", "1 object"],
      ["many", `${MANY} objects`],
    ] as const) {
      // kubectl keeps what it learns about the server below HOME, as it does for everybody.
      const start = ["env", "-i", `PATH=${process.env["PATH"]}`, `HOME=${home}`, `KUBECONFIG=${cluster.kubeconfig}`];
      const measured = (program: string): Measured => ({
        command: [...start, program, "get", "nimservice", "-n", namespace],
      });
      const baseline = `kubectl get nimservice, ${what}`;
      const costs = measureInTurn(
        new Map([
          [baseline, measured(kubectl)],
          [`kubectl nim get nimservice, ${what}`, measured(plugin)],
        ]),
        runs,
      );
      print(costs, costs.get(baseline));
    }
  } finally {
    await cluster.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function fill(cluster: ControlPlane): Promise<void> {
  const files = nodeFiles({ cwd: root });
  const api = await connect({ kubeconfig: cluster.kubeconfig, env: {}, files, userAgent: "slipway-bench" });
  await installDefinitions(api, nimDefinitions("head"));
  log(`making ${MANY} services`);
  for (const [namespace, count] of [
    ["one", 1],
    ["many", MANY],
  ] as const) {
    await api.create(RESOURCES.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const tasks = Array.from({ length: count }, (_, index) => async () => await createService(api, namespace, index));
    await group(AT_ONCE, tasks);
  }
  api.close();
}

/** A service as `kubectl nim create` makes it, with the status that the operator gives one that runs. */
async function createService(api: KubeApi, namespace: string, index: number): Promise<void> {
  const object = service(`llama-${index}`, namespace);
  const { metadata } = await api.create(NIM_RESOURCES.nimServices, object);
  const { resourceVersion = "" } = metadata;
  const status = statusOf(index);
  await api.update(
    NIM_RESOURCES.nimServices,
    { ...object, metadata: { ...object.metadata, resourceVersion }, status },
    { subresource: "status" },
  );
}

function service(name: string, namespace: string): KubeObject {
  return {
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name, namespace, labels: { team: "bench" } },
    spec: {
      image: {
        repository: "nvcr.io/nim/meta/llama-3.1-8b-instruct",
        tag: "1.3.3",
        pullPolicy: "IfNotPresent",
        pullSecrets: ["ngc-secret"],
      },
      authSecret: "ngc-api-secret",
      storage: { nimCache: { name: "llama-cache" } },
      resources: { limits: { "nvidia.com/gpu": "1" } },
      expose: { service: { type: "ClusterIP", port: 8000 } },
      replicas: 1,
      inferencePlatform: "standalone",
    },
  };
}

function statusOf(index: number): TreeMap {
  const lastTransitionTime = "2026-01-02T03:04:05Z";
  const message = `deployment "llama-${index}" successfully rolled out\n`;
  return {
    state: "Ready",
    conditions: [
      { type: "Ready", status: "True", reason: "Ready", message, lastTransitionTime },
      { type: "Failed", status: "False", reason: "Ready", message: "", lastTransitionTime },
    ],
    model: { name: "meta/llama-3.1-8b-instruct", clusterEndpoint: "10.96.0.1:8000", externalEndpoint: "" },
  };
}

function print(costs: ReadonlyMap<string, Cost>, baseline: Cost | undefined): void {
  for (const [name, { wall, least, peak }] of costs) {
    const cells = [
      wall.toFixed(0).padStart(9),
      least.toFixed(0).padStart(10),
      (baseline === undefined ? "-" : (wall / baseline.wall).toFixed(2)).padStart(11),
      peak.toFixed(0).padStart(10),
      (baseline === undefined ? "-" : (peak / baseline.peak).toFixed(2)).padStart(11),
    ];
    console.log(`${name.padEnd(46)} ${cells.join(" ")}`);
  }
}
