/** A cluster for the pages: three GPU nodes and one without, and what the recipe of the pages installs, with two mistakes. */
import { spawn } from "node:child_process";
import { gzipSync } from "node:zlib";
import { compactJson, isTreeMap, listAt, mapAt, own, parseJson, textAt, type Tree, type TreeMap } from "@slipway/base";
import { RESOURCES } from "@slipway/kube";
import { runJobs, startCluster, type Cluster, type JobEnding } from "@slipway/kube/testing";
import { USUAL, type MachineOptions } from "./machine.ts";

/** The GPU nodes; the last one has an older driver. */
export const NODES: readonly MachineOptions[] = [
  { name: "gpu-1", ...USUAL },
  { name: "gpu-2", ...USUAL },
  { name: "gpu-3", ...USUAL, driver: "570.172.08" },
];

/** Runs the program as a page does. @returns what it wrote to standard output and standard error */
export type RunAicr = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => Promise<{ readonly stdout: string; readonly stderr: string; readonly exit: number }>;

/** How a program ended. */
export async function runProgram(
  [program = "", ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): ReturnType<RunAicr> {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (part: string) => (text[name] += part));
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ ...text, exit: code ?? 1 }));
  });
}

const RECIPE = ["recipe", "--service", "eks", "--accelerator", "h100", "--intent", "training", "--os", "ubuntu"];

/**
 * Starts the cluster.
 *
 * @param aicr runs the agent of a Job, which is the real one: it measures the machine of its node
 */
export async function startDocsCluster(aicr: RunAicr, machineOf: (node: string) => string): Promise<Cluster> {
  const cluster = await startCluster({
    namespaces: ["gpu-operator"],
    unsettled: ["Job", "Pod", "Deployment"],
    resources: [RESOURCES.clusterPolicies, RESOURCES.runtimeClasses],
  });
  for (const node of NODES) cluster.put(gpuNode(node));
  cluster.put({ ...nodeObject("system-1", {}), status: { nodeInfo: nodeInfo(USUAL.kernel), conditions: READY } });
  const { stdout } = await aicr([...RECIPE, "--format", "json"], {});
  for (const component of listAt(parseJson(stdout), "componentRefs")) {
    for (const object of installed(component)) cluster.put(object);
  }
  runJobs(cluster, async (job) => playAgent(aicr, cluster, machineOf, job));
  return cluster;
}

async function playAgent(
  aicr: RunAicr,
  cluster: Cluster,
  machineOf: (node: string) => string,
  job: TreeMap,
): Promise<JobEnding> {
  const spec = mapAt(job, "spec", "template", "spec");
  const [container] = listAt(spec, "containers");
  const what = listOf(container, "args").map(String).join(" ");
  if (textAt(container, "name") === "validator") return { log: `${what}: well on ${NODES.length} GPU nodes\n` };
  const [term] = listAt(spec, "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms");
  const [field] = listAt(term, "matchFields");
  const named = listOf(field, "values")[0];
  const node = typeof named === "string" ? named : "gpu-1";
  const given = listAt(container, "env").map((entry) => [textAt(entry, "name"), textAt(entry, "value")] as const);
  const args = listOf(container, "args").map(String);
  const env = { ...Object.fromEntries(given), NODE_NAME: node, KUBECONFIG: cluster.kubeconfig };
  const { stderr, exit } = await aicr(args, { ...env, AICR_HOST_ROOT: machineOf(node) });
  return { log: stderr, exitCode: exit };
}

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

function listOf(value: Tree | undefined, key: string): readonly Tree[] {
  const found = isTreeMap(value) ? own(value, key) : undefined;
  return Array.isArray(found) ? found : [];
}

const READY = [{ type: "Ready", status: "True" }] as const;

function nodeObject(name: string, labels: TreeMap): TreeMap {
  const spec = { providerID: `aws:///eu-central-1a/i-${name}` };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    spec,
  };
}

function nodeInfo(kernelVersion: string): TreeMap {
  return {
    kernelVersion,
    osImage: "Ubuntu 24.04.3 LTS",
    kubeletVersion: "v1.34.5",
    containerRuntimeVersion: "containerd://2.1.5",
    operatingSystem: "linux",
  };
}

function gpuNode({ name, driver, kernel }: MachineOptions): TreeMap {
  const node = nodeObject(name, {
    "nvidia.com/gpu.present": "true",
    "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
    "nvidia.com/gpu.count": "8",
    "nvidia.com/cuda.driver-version.full": driver,
  });
  const taints = [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }];
  return {
    ...node,
    spec: { ...mapAt(node, "spec"), taints },
    // One GPU of the last node is withheld.
    status: {
      allocatable: { "nvidia.com/gpu": name === "gpu-3" ? "7" : "8" },
      nodeInfo: nodeInfo(kernel),
      conditions: READY,
    },
  };
}

/** A Helm release and a Deployment of a component: the GPU operator is older than the recipe, NVSentinel does not start. */
function installed(component: Tree): readonly TreeMap[] {
  const [name, namespace] = [textAt(component, "name"), textAt(component, "namespace")];
  const chart = textAt(component, "chart") || name;
  const version = name === "gpu-operator" ? "v25.3.4" : textAt(component, "version");
  const isReady = name !== "nvsentinel";
  const deployment: TreeMap = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name,
      namespace,
      labels: { "app.kubernetes.io/instance": name, "app.kubernetes.io/version": version },
      annotations:
        version === "" ? {} : { "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace },
    },
    spec: {
      replicas: 1,
      template: { spec: { containers: [{ name, image: `registry.example.com/${name}:${version}` }] } },
    },
    status: isReady ? { availableReplicas: 1, readyReplicas: 1 } : { availableReplicas: 0, readyReplicas: 0 },
  };
  return version === "" ? [deployment] : [deployment, helmSecret({ name, namespace, chart, version })];
}

interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly version: string;
}

/** The Secret that Helm 3 stores a release in. */
function helmSecret({ name, namespace, chart, version }: Release): TreeMap {
  const release = compactJson({
    name,
    namespace,
    version: 1,
    info: { status: "deployed" },
    chart: { metadata: { name: chart, version } },
  });
  const base64 = (data: Buffer | string): string => Buffer.from(data).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "helm.sh/release.v1",
    metadata: {
      namespace,
      name: `sh.helm.release.v1.${name}.v1`,
      labels: { owner: "helm", name, status: "deployed", version: "1" },
    },
    data: { release: base64(base64(gzipSync(release))) },
  };
}
