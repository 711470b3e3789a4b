import { listAt, mapAt, textAt } from "@slipway/base";
import { RESOURCES, eachObject, describeObject, type KubeObject } from "@slipway/kube";
import { outcomeOf, type Check } from "../context.ts";

/** Paths of the host that hand out GPUs past the scheduler. */
const DEVICES = /^\/dev(\/nvidia.*)?\/?$/;

/** Namespaces whose pods make GPUs available and must reach the host. */
const SYSTEM = /^kube-/;

/**
 * Whether every pod of a user gets its GPU from the scheduler (a resource or a claim), and none mounts the devices of
 * its host. Pods of the recipe's components and of `kube-*` namespaces are the ones that hand the devices out.
 */
export const secureAcceleratorAccess: Check = async (context) => {
  const owned = new Set(context.recipe.components.flatMap(({ namespace }) => namespace ?? []));
  const problems: string[] = [];
  let [looked, granted] = [0, 0];
  for await (const pod of eachObject(context.api, RESOURCES.pods, { signal: context.signal })) {
    const namespace = pod.metadata.namespace ?? "";
    if (owned.has(namespace) || SYSTEM.test(namespace)) continue;
    looked++;
    const path = mountedDevice(pod);
    if (path !== undefined) problems.push(`${describeObject(pod)} mounts ${path} of its host`);
    if (hasGpu(pod)) granted++;
  }
  return outcomeOf(
    problems,
    [`${looked} pods looked at, ${granted} got GPUs from the scheduler`],
    `none of ${looked} pods reaches past the scheduler (${granted} have GPUs)`,
    "Have the pod ask for nvidia.com/gpu or a ResourceClaim in place of a hostPath volume, and forbid hostPath with the pod security level baseline.",
  );
};

function mountedDevice(pod: KubeObject): string | undefined {
  const paths = listAt(pod, "spec", "volumes").map((volume) => textAt(volume, "hostPath", "path"));
  return paths.find((path) => DEVICES.test(path));
}

function hasGpu(pod: KubeObject): boolean {
  if (listAt(pod, "spec", "resourceClaims").length > 0) return true;
  return listAt(pod, "spec", "containers").some((container) =>
    Object.keys(mapAt(container, "resources", "limits")).some((name) => name.startsWith("nvidia.com/")),
  );
}
