import { compareBytes, textAt, valueAt, type Tree } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import type { Reading, Subtype } from "../model.ts";
import { mapsAt } from "./at.ts";
import type { Fold } from "./fold-list.ts";
import { gpuEvidence, pciLabels, type NodeFacts } from "./nodes.ts";

/** Devices that the DRA driver of NVIDIA offers (resource.k8s.io), by node. */
export type DraDevices = Map<string, DraDevice[]>;

/** One device of a ResourceSlice. */
export interface DraDevice {
  /** `gpu`, `mig`, `imex-channel`, … */
  readonly type: string;
  /** `NVIDIA H100 80GB HBM3`. */
  readonly productName: string;
  readonly driverVersion: string;
  readonly cudaVersion: string;
}

/** Keeps the GPUs of ResourceSlices. */
export const DRA_DEVICES: Fold<DraDevices> = {
  start: () => new Map(),
  add: (devices, slice) => {
    if (textAt(slice, "spec", "driver") !== "gpu.nvidia.com") return;
    const node = textAt(slice, "spec", "nodeName");
    const known = devices.get(node) ?? [];
    devices.set(node, known);
    known.push(...devicesOf(slice));
  },
};

function devicesOf(slice: KubeObject): readonly DraDevice[] {
  return mapsAt(slice, "spec", "devices").map((device) => {
    // Until v1beta1 the attributes stood below `basic`.
    const attributes = valueAt(device, "attributes") ?? valueAt(device, "basic", "attributes");
    const text = (name: string): string => attribute(valueAt(attributes, name));
    const version = { driverVersion: text("driverVersion"), cudaVersion: text("cudaDriverVersion") };
    return { type: text("type"), productName: text("productName"), ...version };
  });
}

function attribute(value: Tree | undefined): string {
  return textAt(value, "string") || textAt(value, "version");
}

/** Labels that say something of the GPUs of a node. */
const GPU_LABEL = /^nvidia\.com\/(?:gpu|cuda|mig|vgpu|mps|gfd|gpu-driver-upgrade-state)(?:[.-]|$)/;

/**
 * What the cluster knows about the GPUs of a node without a driver there: `device` (the readings that criteria and
 * constraints ask for: model, gpu-count, driver, …) and `labels` (the labels behind it as they are).
 *
 * @returns no subtypes for a node without a sign of a GPU
 */
export function nodeGpuSubtypes(node: NodeFacts, dra: readonly DraDevice[] = []): readonly Subtype[] {
  const evidence = gpuEvidence(node) ?? (dra.length > 0 ? "resource-slice" : undefined);
  if (evidence === undefined) return [];
  const labels = [...node.labels].filter(([key]) => GPU_LABEL.test(key));
  const pci = pciLabels(node).map((key): readonly [string, string] => [key, "true"]);
  return [
    { name: "device", data: deviceReadings(node, dra, evidence), context: source(node) },
    {
      name: "labels",
      data: new Map([...labels, ...pci].sort(([left], [right]) => compareBytes(left, right))),
      context: source(node),
    },
  ];
}

const GPU = "nvidia.com/gpu";

function deviceReadings(node: NodeFacts, dra: readonly DraDevice[], evidence: string): ReadonlyMap<string, Reading> {
  const label = (name: string): string => node.labels.get(`nvidia.com/${name}`) ?? "";
  const gpus = dra.filter(({ type }) => type === "gpu");
  const allocatable = [...node.allocatable].sort(([left], [right]) => compareBytes(left, right));
  const readings: readonly (readonly [string, Reading])[] = [
    ["model", label("gpu.product") || (gpus[0]?.productName ?? "")],
    ["gpu-count", gpuCount(node, gpus.length)],
    [
      "driver",
      label("cuda.driver-version.full") || legacyVersion(node, "cuda.driver") || (gpus[0]?.driverVersion ?? ""),
    ],
    ["cuda-version", label("cuda.runtime-version.full") || (gpus[0]?.cudaVersion ?? "")],
    ["memory-mib", count(label("gpu.memory")) ?? ""],
    ["mig-strategy", label("mig.strategy")],
    ["machine", label("gpu.machine")],
    ...allocatable.map(([name, amount]): readonly [string, Reading] => [`allocatable.${name}`, amount]),
    ["detected-by", evidence],
  ];
  return new Map(readings.filter(([, value]) => value !== ""));
}

function gpuCount(node: NodeFacts, draGpus: number): Reading {
  const labelled = count(node.labels.get("nvidia.com/gpu.count") ?? "");
  return labelled ?? (draGpus > 0 ? draGpus : (node.allocatable.get(GPU) ?? ""));
}

function source(node: NodeFacts): ReadonlyMap<string, string> {
  return new Map([["source", `Node ${node.name}`]]);
}

/** Older releases of GPU feature discovery write a version in three labels. */
function legacyVersion(node: NodeFacts, prefix: string): string {
  const parts = ["major", "minor", "rev"].map((part) => node.labels.get(`nvidia.com/${prefix}.${part}`));
  return parts[0] === undefined ? "" : parts.filter((part) => part !== undefined && part !== "").join(".");
}

function count(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/**
 * The GPUs of the whole cluster: `cluster` with the number of GPU nodes, of GPUs that pods can have, and of nodes for each
 * model. No subtype for a cluster without GPUs.
 */
export function clusterGpuSubtypes(nodes: readonly NodeFacts[], dra: DraDevices): readonly Subtype[] {
  const gpuNodes = nodes.filter((node) => gpuEvidence(node) !== undefined || dra.has(node.name));
  if (gpuNodes.length === 0) return [];
  const models = new Map<string, number>();
  let allocatable = 0;
  for (const node of gpuNodes) {
    const gpu = dra.get(node.name)?.find(({ type }) => type === "gpu");
    const model = node.labels.get("nvidia.com/gpu.product") ?? gpu?.productName ?? "unknown";
    models.set(model, (models.get(model) ?? 0) + 1);
    allocatable += node.allocatable.get(GPU) ?? 0;
  }
  const perModel = [...models].map(([model, amount]): readonly [string, number] => [`nodes.${model}`, amount]);
  const data: readonly (readonly [string, Reading])[] = [
    ["node-count", gpuNodes.length],
    ["allocatable-count", allocatable],
    ...perModel.sort(([left], [right]) => compareBytes(left, right)),
  ];
  return [{ name: "cluster", data: new Map(data) }];
}
