import { SlipwayError, isTreeMap, listAt, numberAt, textAt, textsAt, valueAt, type Tree } from "@slipway/base";
import { RESOURCES, isForbidden, isNotFound, type KubeApi } from "@slipway/kube";
import { NIM_RESOURCES } from "../resources.ts";

/** What tells releases of the NIM Operator apart, as far as it matters to those who write NIMServices. */
export interface OperatorTraits {
  /** Least value of `spec.replicas`: 1 up to 3.0.2, 0 from 3.1.0 on. */
  readonly leastReplicas: number;
  /** Whether replicas and autoscaling exclude each other (3.0.2). */
  readonly autoscalingForbidsReplicas: boolean;
  /** Whether a service must name a secret, if only an empty one (up to 3.1.2). */
  readonly authSecretRequired: boolean;
  /** Whether services of models from a hub get HF_TOKEN from their auth secret; it came with {@link autoscalingForbidsReplicas}. */
  readonly hubTokenFromAuthSecret: boolean;
  /** Whether `spec` of a NIMService has a field, by its path: `expose.router`. */
  readonly hasServiceField: (path: string) => boolean;
}

/** Reads the traits off the custom resource definition of NIMService. */
export function traitsOf(definition: Tree): OperatorTraits {
  const version =
    listAt(definition, "spec", "versions").find((candidate) => valueAt(candidate, "storage") === true) ??
    listAt(definition, "spec", "versions")[0];
  const spec = valueAt(version, "schema", "openAPIV3Schema", "properties", "spec");
  const rules = listAt(spec, "x-kubernetes-validations").map((rule) => textAt(rule, "rule"));
  const forbids = rules.some((rule) => rule.includes("self.scale.enabled") && rule.includes("self.replicas"));
  return {
    leastReplicas: numberAt(spec, "properties", "replicas", "minimum") ?? 0,
    autoscalingForbidsReplicas: forbids,
    authSecretRequired: textsAt(spec, "required").includes("authSecret"),
    hubTokenFromAuthSecret: forbids,
    hasServiceField: (path) => isTreeMap(valueAt(spec, ...path.split(".").flatMap((name) => ["properties", name]))),
  };
}

/**
 * The traits of the operator that a cluster has.
 *
 * @returns nothing where its definitions may not be read
 * @throws SlipwayError NOT_FOUND where the operator is not installed
 */
export async function readOperatorTraits(
  api: Pick<KubeApi, "get">,
  signal?: AbortSignal,
): Promise<OperatorTraits | undefined> {
  const { plural, group } = NIM_RESOURCES.nimServices;
  try {
    return traitsOf(await api.get(RESOURCES.customResourceDefinitions, `${plural}.${group}`, { signal }));
  } catch (error) {
    if (isForbidden(error)) return undefined;
    if (!isNotFound(error)) throw error;
    throw new SlipwayError("NOT_FOUND", `the cluster has no ${plural}.${group}: is the NIM Operator installed?`, {
      hint: "Install the NIM Operator (docs.nvidia.com/nim-operator). kubectl nim doctor says what is missing.",
      cause: error,
    });
  }
}
