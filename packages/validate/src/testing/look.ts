import type { TreeMap } from "@slipway/base";
import type { ClusterOptions } from "@slipway/kube/testing";
import type { ComponentRef, PhaseSpec, Recipe } from "@slipway/recipe";
import type { CheckName } from "../check-names.ts";
import { CLUSTER_CHECKS } from "../cluster/checks/index.ts";
import type { Outcome } from "../cluster/context.ts";
import { withGpuCluster } from "./gpu-cluster.ts";

/** A recipe of some components. */
export function recipeOf(components: readonly ComponentRef[], constraints: Recipe["constraints"] = []): Recipe {
  const metadata = { appliedOverlays: [], excludedOverlays: [], constraintWarnings: [] };
  return {
    kind: "RecipeResult",
    apiVersion: "x",
    metadata,
    constraints,
    components,
    deploymentOrder: [],
    validation: {},
  };
}

/** What surrounds a check. */
export interface Scene {
  readonly components?: readonly ComponentRef[];
  readonly constraints?: Recipe["constraints"];
  readonly phase?: PhaseSpec;
  readonly options?: ClusterOptions & { readonly without?: readonly string[] };
  /** What answers behind the proxy of the API server. */
  readonly behindProxy?: string;
  /** Resources that may not be read. */
  readonly forbidden?: readonly string[];
}

/** Runs a check over objects: verdict, message and lines. */
export async function look(
  name: CheckName,
  objects: readonly TreeMap[],
  scene: Scene = {},
): Promise<readonly unknown[]> {
  const { verdict, message, lines = [] } = await outcome(name, objects, scene);
  return [verdict, message, ...lines];
}

/** Runs a check over objects. */
export async function outcome(name: CheckName, objects: readonly TreeMap[], scene: Scene = {}): Promise<Outcome> {
  let found: Outcome = { verdict: "error", message: "the check did not run" };
  await withGpuCluster(
    objects,
    async ({ cluster, client }) => {
      if (scene.behindProxy !== undefined) cluster.scripts.proxy = () => scene.behindProxy ?? "";
      const { forbidden = [] } = scene;
      if (forbidden.length > 0) cluster.allow(({ resource }) => !forbidden.includes(resource));
      const recipe = recipeOf(scene.components ?? COMPONENTS, scene.constraints);
      const signal = new AbortController().signal;
      found = await CLUSTER_CHECKS[name]({ api: client, recipe, phase: scene.phase, signal });
    },
    scene.options,
  );
  return found;
}

/** A chart of a recipe. */
export const component = (name: string, namespace: string, more: Partial<ComponentRef> = {}): ComponentRef => ({
  name,
  namespace,
  chart: name,
  type: "Helm",
  ...more,
});

/** What most tests have in their recipe. */
export const COMPONENTS = [
  component("gpu-operator", "gpu-operator", { version: "v25.10.1" }),
  component("kai-scheduler", "kai-scheduler"),
  component("kube-prometheus-stack", "monitoring"),
  component("prometheus-adapter", "monitoring"),
  component("nvidia-dra-driver-gpu", "nvidia-dra-driver"),
  component("kgateway", "kgateway-system"),
  component("kubeflow-trainer", "kubeflow"),
];
