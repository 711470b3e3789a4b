import { createHash } from "node:crypto";
import { group, type TreeMap } from "@slipway/base";
import { RESOURCES, type KubeApi, type KubeObject } from "@slipway/kube";

/** What a cloud's GPU machine is like, as gpu-feature-discovery and Node Feature Discovery describe it. */
interface GpuMachine {
  /** `nvidia.com/gpu.product` */
  readonly product: string;
  /** MiB of one GPU, `nvidia.com/gpu.memory`. */
  readonly memory: number;
  readonly family: string;
  /** Compute capability. */
  readonly compute: readonly [number, number];
  readonly gpus: number;
  readonly architecture: "amd64" | "arm64";
  readonly instanceType: string;
  readonly cpus: number;
  readonly memoryGi: number;
}

const MACHINES = {
  h100: machine("NVIDIA-H100-80GB-HBM3", 81_559, "hopper", [9, 0], { gpus: 8, instanceType: "p5.48xlarge" }),
  h200: machine("NVIDIA-H200", 143_771, "hopper", [9, 0], { gpus: 8, instanceType: "p5en.48xlarge" }),
  b200: machine("NVIDIA-B200", 183_359, "blackwell", [10, 0], { gpus: 8, instanceType: "p6-b200.48xlarge" }),
  gb200: machine("NVIDIA-GB200", 189_471, "blackwell", [10, 0], {
    gpus: 4,
    instanceType: "p6e-gb200.36xlarge",
    architecture: "arm64",
    cpus: 144,
    memoryGi: 960,
  }),
  a100: machine("NVIDIA-A100-SXM4-80GB", 81_920, "ampere", [8, 0], {
    gpus: 8,
    instanceType: "p4de.24xlarge",
    cpus: 96,
  }),
  l40s: machine("NVIDIA-L40S", 46_068, "ada-lovelace", [8, 9], { gpus: 8, instanceType: "g6e.48xlarge" }),
  l4: machine("NVIDIA-L4", 23_034, "ada-lovelace", [8, 9], {
    gpus: 1,
    instanceType: "g6.4xlarge",
    cpus: 16,
    memoryGi: 64,
  }),
} as const;

export type GpuModel = keyof typeof MACHINES;

function machine(
  product: string,
  memory: number,
  family: string,
  compute: readonly [number, number],
  rest: Partial<GpuMachine> & { readonly gpus: number; readonly instanceType: string },
): GpuMachine {
  return { product, memory, family, compute, architecture: "amd64", cpus: 192, memoryGi: 2048, ...rest };
}

/** Which nodes to make. */
export interface NodeOptions {
  readonly count: number;
  /** Absent: nodes without a GPU. */
  readonly model?: GpuModel | undefined;
  /** GPUs of each node; as many as the model's usual machine has. */
  readonly gpus?: number | undefined;
  /** Names are PREFIX-0, PREFIX-1, …; the model's name, or `cpu`, unless given. */
  readonly prefix?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[] | undefined;
  /** What gpu-operator and NFD know only after they looked at a node: labels and `nvidia.com/gpu`. They have, unless told. */
  readonly isDiscovered?: boolean | undefined;
  readonly kubernetesVersion?: string | undefined;
}

/** Driver of the labels. */
const DRIVER = "580.105.08";
const CUDA = "13.0";
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];

/** Nodes that kwok plays: labels, capacity, provider and system as those of a cloud's GPU machines. */
export function gpuNodes(options: NodeOptions): readonly KubeObject[] {
  const prefix = options.prefix ?? options.model ?? "cpu";
  return Array.from({ length: options.count }, (_, index) => node(`${prefix}-${index}`, index, options));
}

/**
 * Creates nodes, many at once.
 *
 * @returns their names
 */
export async function createGpuNodes(
  api: Pick<KubeApi, "create">,
  options: NodeOptions & { readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  const nodes = gpuNodes(options);
  const tasks = nodes.map((node) => async (signal: AbortSignal) => await api.create(RESOURCES.nodes, node, { signal }));
  const created = await group(32, tasks, options.signal);
  return created.map(({ metadata }) => metadata.name ?? "");
}

function node(name: string, index: number, options: NodeOptions): KubeObject {
  const gpu = options.model === undefined ? undefined : MACHINES[options.model];
  const found = options.isDiscovered === false ? undefined : gpu;
  const gpus = options.gpus ?? gpu?.gpus ?? 0;
  const zone = ZONES[index % ZONES.length] ?? "";
  const id = createHash("sha256").update(name).digest("hex");
  const resources = resourcesOf(gpu, found === undefined ? 0 : gpus);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        ...machineLabels(name, zone, gpu),
        ...(found === undefined ? {} : gpuLabels(found, gpus)),
        ...options.labels,
      },
      annotations: { "kwok.x-k8s.io/node": "fake", ...options.annotations },
    },
    spec: {
      providerID: `aws:///${zone}/i-${id.slice(0, 17)}`,
      ...(options.taints === undefined ? {} : { taints: options.taints.map((taint) => ({ ...taint })) }),
    },
    status: {
      capacity: resources,
      allocatable: resources,
      nodeInfo: nodeInfo(id, gpu, options.kubernetesVersion ?? "v1.34.5"),
    },
  };
}

function resourcesOf(gpu: GpuMachine | undefined, gpus: number): TreeMap {
  return {
    cpu: String(gpu?.cpus ?? 16),
    "ephemeral-storage": "1Ti",
    "hugepages-1Gi": "0",
    "hugepages-2Mi": "0",
    memory: `${gpu?.memoryGi ?? 64}Gi`,
    pods: "250",
    ...(gpus === 0 ? {} : { "nvidia.com/gpu": String(gpus) }),
  };
}

function machineLabels(name: string, zone: string, gpu: GpuMachine | undefined): Readonly<Record<string, string>> {
  return {
    "kubernetes.io/arch": gpu?.architecture ?? "amd64",
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": gpu?.instanceType ?? "m7i.4xlarge",
    "topology.kubernetes.io/region": zone.slice(0, -1),
    "topology.kubernetes.io/zone": zone,
  };
}

function gpuLabels(gpu: GpuMachine, gpus: number): Readonly<Record<string, string>> {
  const [driverMajor = "", driverMinor = "", driverRevision = ""] = DRIVER.split(".");
  const [cudaMajor = "", cudaMinor = ""] = CUDA.split(".");
  return {
    "feature.node.kubernetes.io/kernel-version.full": KERNEL,
    "feature.node.kubernetes.io/pci-10de.present": "true",
    "feature.node.kubernetes.io/system-os_release.ID": "ubuntu",
    "feature.node.kubernetes.io/system-os_release.VERSION_ID": "24.04",
    "nvidia.com/cuda.driver-version.full": DRIVER,
    "nvidia.com/cuda.driver-version.major": driverMajor,
    "nvidia.com/cuda.driver-version.minor": driverMinor,
    "nvidia.com/cuda.driver-version.revision": driverRevision,
    "nvidia.com/cuda.runtime-version.full": CUDA,
    "nvidia.com/cuda.runtime-version.major": cudaMajor,
    "nvidia.com/cuda.runtime-version.minor": cudaMinor,
    "nvidia.com/gpu.compute.major": String(gpu.compute[0]),
    "nvidia.com/gpu.compute.minor": String(gpu.compute[1]),
    "nvidia.com/gpu.count": String(gpus),
    "nvidia.com/gpu.deploy.device-plugin": "true",
    "nvidia.com/gpu.deploy.driver": "true",
    "nvidia.com/gpu.family": gpu.family,
    "nvidia.com/gpu.machine": gpu.instanceType,
    "nvidia.com/gpu.memory": String(gpu.memory),
    "nvidia.com/gpu.present": "true",
    "nvidia.com/gpu.product": gpu.product,
    "nvidia.com/gpu.replicas": "1",
    "nvidia.com/mig.capable": ["ampere", "hopper", "blackwell"].includes(gpu.family) ? "true" : "false",
    "nvidia.com/mig.strategy": "single",
  };
}

const KERNEL = "6.8.0-1024-aws";

function nodeInfo(id: string, gpu: GpuMachine | undefined, kubelet: string): TreeMap {
  return {
    architecture: gpu?.architecture ?? "amd64",
    bootID: uuid(id.slice(32)),
    containerRuntimeVersion: "containerd://2.1.4",
    kernelVersion: KERNEL,
    kubeProxyVersion: "",
    kubeletVersion: kubelet,
    machineID: id.slice(0, 32),
    operatingSystem: "linux",
    osImage: "Ubuntu 24.04.2 LTS",
    systemUUID: uuid(id),
  };
}

function uuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}
