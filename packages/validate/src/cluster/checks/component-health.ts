import { textAt } from "@slipway/base";
import { RESOURCES, isForbidden } from "@slipway/kube";
import type { ComponentRef } from "@slipway/recipe";
import { outcomeOf, skipped, type Check, type CheckContext, type Outcome } from "../context.ts";
import { gpuNodes, list } from "../read.ts";
import { stuckPods, workloadsOf } from "../workloads.ts";

/** What was found about a component. */
interface Health {
  readonly namespace: string;
  readonly problems: readonly string[];
  readonly seen: readonly string[];
}

/** Whether the pods of the GPU Operator itself run. */
export const operatorHealth: Check = async (context) => {
  const component = componentNamed(context, "gpu-operator");
  if (component === undefined) return skipped("the recipe has no gpu-operator");
  const { problems, seen } = await healthOf(context, component, (name) => name.startsWith("gpu-operator"));
  return outcomeOf(problems, seen, "the GPU Operator runs", describe(component.namespace ?? "", problems));
};

/** Whether the GPU Operator and all that it made run, its ClusterPolicy says so, and the GPU nodes got their parts. */
export const gpuOperatorHealth: Check = async (context) => {
  const component = componentNamed(context, "gpu-operator");
  if (component === undefined) return skipped("the recipe has no gpu-operator");
  const [health, policies, nodes] = await Promise.all([
    healthOf(context, component),
    list(context, RESOURCES.clusterPolicies),
    gpuNodes(context),
  ]);
  const states = (policies ?? []).map((policy) => ({
    name: policy.metadata.name ?? "",
    state: textAt(policy, "status", "state"),
  }));
  const problems = [
    ...health.problems,
    ...(states.length === 0 ? ["there is no ClusterPolicy (nvidia.com/v1)"] : []),
    ...states
      .filter(({ state }) => state !== "ready")
      .map(({ name, state }) => `ClusterPolicy ${name} is ${state === "" ? "without a state" : state}`),
    ...(nodes.length === 0 ? ["no node is known to have GPUs, so that the operator has nothing to work on"] : []),
  ];
  const seen = [...health.seen, ...states.map(({ name, state }) => `ClusterPolicy ${name}: ${state}`)];
  const passed = `the GPU Operator and its parts run on ${nodes.length} GPU nodes`;
  return outcomeOf(problems, seen, passed, describe(health.namespace, problems));
};

/** Whether the workloads of every component of the recipe run. */
export const workloadsReady: Check = async (context) => {
  return platform(context, context.recipe.components, "every workload of the recipe is ready");
};

/** Whether the workloads of every component beside the GPU Operator run. */
export const platformHealth: Check = async (context) => {
  const others = context.recipe.components.filter(({ name }) => name !== "gpu-operator");
  return platform(context, others, "the components of the platform run");
};

async function platform(context: CheckContext, components: readonly ComponentRef[], passed: string): Promise<Outcome> {
  const placed = components.filter(({ namespace }) => namespace !== undefined);
  if (placed.length === 0) return skipped("no component of the recipe has a namespace to look into");
  const found: Health[] = [];
  for (const component of placed) found.push(await healthOf(context, component));
  const first = found.find(({ problems }) => problems.length > 0);
  return outcomeOf(
    found.flatMap(({ problems }) => problems),
    found.flatMap(({ seen }) => seen),
    passed,
    describe(first?.namespace ?? "", first?.problems ?? []),
  );
}

/** How to see more of what is wrong in a namespace; the logs are those of the first pod that does not get on. */
function describe(namespace: string, problems: readonly string[]): string {
  const pod = problems.map((problem) => /^Pod [^/]+\/([^:]+):/.exec(problem)?.[1]).find((name) => name !== undefined);
  const more =
    pod === undefined ? `kubectl get events -n ${namespace}` : `kubectl logs -n ${namespace} ${pod} --all-containers`;
  return `See why its pods do not get ready: kubectl describe pods -n ${namespace}, ${more}. If nothing was installed, run the bundle's deploy.sh.`;
}

/**
 * Looks at the workloads of a component; when one is not ready, at the pods of its namespace too.
 *
 * @param counts which workloads are looked at, by name
 */
async function healthOf(
  context: CheckContext,
  component: ComponentRef,
  counts: (name: string) => boolean = () => true,
): Promise<Health> {
  const { name, namespace = "" } = component;
  const workloads = (await workloadsOf(context, component)).filter(({ object }) => counts(object.metadata.name ?? ""));
  const isBare = workloads.length === 0;
  if (isBare && (await isInstalled(context, component)))
    return { namespace, problems: [], seen: [`${name}: no workloads of its own`] };
  if (isBare) return { namespace, problems: [`${name}: nothing of it runs in the namespace ${namespace}`], seen: [] };
  const bad = workloads.filter(({ isReady }) => !isReady).map(({ text }) => text);
  const seen = workloads.filter(({ isReady }) => isReady).map(({ text }) => text);
  return { namespace, problems: bad.length === 0 ? [] : [...bad, ...(await stuckPods(context, namespace))], seen };
}

/** Components of definitions and settings alone run nothing. */
async function isInstalled(context: CheckContext, { name, chart, manifestFiles }: ComponentRef): Promise<boolean> {
  if (name.endsWith("-crds") || (chart ?? "").endsWith("-crds")) return true;
  if (chart === undefined && manifestFiles !== undefined) return true;
  try {
    const labelSelector = `owner=helm,status=deployed,name=${name}`;
    const releases = await list(context, RESOURCES.secrets, { labelSelector, metadataOnly: true });
    return (releases ?? []).length > 0;
  } catch (error) {
    // Who may not read secrets is told what runs, and that is nothing.
    if (isForbidden(error)) return false;
    throw error;
  }
}

function componentNamed({ recipe }: CheckContext, name: string): ComponentRef | undefined {
  return recipe.components.find((component) => component.name === name);
}
