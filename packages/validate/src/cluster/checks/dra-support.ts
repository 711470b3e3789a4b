import { listAt, textAt } from "@slipway/base";
import { RESOURCES } from "@slipway/kube";
import { outcomeOf, type Check } from "../context.ts";
import { list, readPath } from "../read.ts";
import { workloadsOf } from "../workloads.ts";

/** Whether GPUs can be claimed through dynamic resource allocation: the API, a class, and slices that hold devices. */
export const draSupport: Check = async (context) => {
  const groups = listAt(await readPath(context, "/apis"), "groups");
  const group = groups.find((candidate) => textAt(candidate, "name") === "resource.k8s.io");
  if (group === undefined)
    return outcomeOf(
      ["the API server has no resource.k8s.io"],
      [],
      "",
      "Dynamic resource allocation needs Kubernetes 1.34, or its feature gate on an older one.",
    );
  const versions = listAt(group, "versions").map((version) => textAt(version, "version"));
  const version =
    versions.find((candidate) => candidate === "v1") ?? versions.find((known) => known.startsWith("v1beta")) ?? "v1";
  const [classes, slices] = await Promise.all([
    list(context, { ...RESOURCES.deviceClasses, version }),
    list(context, { ...RESOURCES.resourceSlices, version }),
  ]);
  const names = (classes ?? [])
    .map(({ metadata }) => metadata.name ?? "")
    .filter((name) => name.endsWith(".nvidia.com"));
  const ours = (slices ?? []).filter((slice) => textAt(slice, "spec", "driver").endsWith(".nvidia.com"));
  const devices = ours.reduce((sum, slice) => sum + listAt(slice, "spec", "devices").length, 0);
  const component = context.recipe.components.find(({ name }) => name === "nvidia-dra-driver-gpu");
  const workloads = component === undefined ? [] : await workloadsOf(context, component);
  const problems = [
    ...(names.length === 0 ? ["there is no DeviceClass of nvidia.com"] : []),
    ...(devices === 0 ? ["no ResourceSlice of nvidia.com holds a device"] : []),
    ...workloads.filter(({ isReady }) => !isReady).map(({ text }) => text),
  ];
  const seen = [
    `resource.k8s.io: ${versions.join(", ")}`,
    ...names.map((name) => `DeviceClass ${name}`),
    `${ours.length} resource slices with ${devices} devices`,
    ...workloads.filter(({ isReady }) => isReady).map(({ text }) => text),
  ];
  return outcomeOf(
    problems,
    seen,
    `${devices} devices can be claimed`,
    "Look at the kubelet plugin of nvidia-dra-driver-gpu on the GPU nodes: kubectl logs -n nvidia-dra-driver daemonset/nvidia-dra-driver-gpu-kubelet-plugin --all-containers",
  );
};
