import { SlipwayError, messageOf, textAt } from "@slipway/base";
import { RESOURCES, isForbidden, isNotFound, type KubeObject } from "@slipway/kube";
import { some } from "../collect-cluster/choose-node.ts";
import { foldList } from "../collect-cluster/fold-list.ts";
import { NODE_FACTS, gpuEvidence, type NodeFacts } from "../collect-cluster/nodes.ts";
import { lacksRights, missingRights } from "./access-review.ts";
import type { AgentDeps } from "./deps.ts";
import { checkAgentOptions, type AgentOptions } from "./options.ts";
import { gpuPlacement, type Placement } from "./placement.ts";
import { requiredRights, type Right } from "./rights.ts";

/** What is known of a cluster before anything is made in it. */
export interface Preflight {
  readonly hasNamespace: boolean;
  /** Absent where nodes may not be listed. */
  readonly nodes: readonly NodeFacts[] | undefined;
}

/**
 * Looks whether a run can succeed, and makes nothing: rights, namespace and its pod security level, runtime class, service
 * account, nodes.
 *
 * @throws SlipwayError USAGE for options that cannot be, NOT_ALLOWED with all rights that are missing, NOT_FOUND for a
 * runtime class or service account that is not there
 */
export async function preflight(deps: AgentDeps, options: AgentOptions): Promise<Preflight> {
  checkAgentOptions(options);
  const [namespace, nodes] = await Promise.all([
    found(deps, async ({ client, signal }) => client.get(RESOURCES.namespaces, options.namespace, { signal })),
    listNodes(deps),
    checkRights(deps, options),
    demandRuntimeClass(deps, options),
    demandServiceAccount(deps, options),
  ]);
  if (namespace === "missing") await checkRight(deps, options, { verb: "create", group: "", resource: "namespaces" });
  if (typeof namespace === "object") warnOfLevel(deps, options, namespace);
  return { hasNamespace: namespace !== "missing", nodes };
}

async function checkRights(deps: AgentDeps, options: AgentOptions): Promise<void> {
  let missing: readonly Right[];
  try {
    missing = await missingRights(deps, requiredRights(options));
  } catch (error) {
    if (!isForbidden(error) && !isNotFound(error)) throw error;
    warn(deps, `which rights you have could not be asked: ${messageOf(error)}`);
    return;
  }
  if (missing.length > 0) throw lacksRights(missing, options.namespace);
}

async function checkRight(deps: AgentDeps, { namespace }: AgentOptions, right: Right): Promise<void> {
  const [missing] = await missingRights(deps, [right]);
  if (missing === undefined) return;
  throw new SlipwayError("NOT_ALLOWED", `there is no namespace "${namespace}", and you may not make one`, {
    hint: "Name one that is there with --namespace.",
  });
}

/** @returns nothing where it may not be looked at */
async function found(
  deps: AgentDeps,
  get: (deps: AgentDeps) => Promise<KubeObject>,
): Promise<KubeObject | "missing" | undefined> {
  try {
    return await get(deps);
  } catch (error) {
    if (isNotFound(error)) return "missing";
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

async function demandRuntimeClass(deps: AgentDeps, { runtimeClass }: AgentOptions): Promise<void> {
  if (runtimeClass === undefined) return;
  const answer = await found(deps, async ({ client, signal }) =>
    client.get(RESOURCES.runtimeClasses, runtimeClass, { signal }),
  );
  if (answer !== "missing") return;
  throw new SlipwayError("NOT_FOUND", `there is no runtime class "${runtimeClass}"`, {
    hint: "kubectl get runtimeclasses shows those that there are; the GPU operator makes one named nvidia.",
  });
}

async function demandServiceAccount(deps: AgentDeps, options: AgentOptions): Promise<void> {
  const { serviceAccountName, namespace } = options;
  if (serviceAccountName === undefined) return;
  const answer = await found(deps, async ({ client, signal }) =>
    client.get(RESOURCES.serviceAccounts, serviceAccountName, { namespace, signal }),
  );
  if (answer !== "missing") return;
  throw new SlipwayError(
    "NOT_FOUND",
    `there is no service account "${serviceAccountName}" in the namespace ${namespace}`,
    {
      hint: "Leave --service-account-name out to have one made for the run, or make it with what --print-rbac prints.",
    },
  );
}

const LEVEL = "pod-security.kubernetes.io/enforce";

function warnOfLevel(deps: AgentDeps, { namespace, privileged }: AgentOptions, object: KubeObject): void {
  const level = textAt(object, "metadata", "labels", LEVEL);
  if (privileged === false || level === "" || level === "privileged") return;
  warn(
    deps,
    `the namespace ${namespace} has the label ${LEVEL}=${level}, which refuses the privileged agent unless it is exempt; ` +
      "--privileged=false runs one that is allowed there and sees less of the node",
  );
}

async function listNodes({ client, signal }: AgentDeps): Promise<readonly NodeFacts[] | undefined> {
  try {
    return await foldList(client, RESOURCES.nodes, { signal }, NODE_FACTS);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/**
 * Where one agent runs: where the flags say, else on a GPU node.
 *
 * @throws SlipwayError NOT_FOUND when the selector matches no node
 */
export function placementOf(deps: AgentDeps, options: AgentOptions, nodes: Preflight["nodes"]): Placement {
  const { nodeSelector = {} } = options;
  const wanted = Object.entries(nodeSelector);
  if (wanted.length === 0) return foundPlacement(deps, nodes);
  const matches = nodes?.some(({ labels }) => wanted.every(([key, value]) => labels.get(key) === value)) ?? true;
  if (matches) return { kind: "labels", labels: nodeSelector };
  const selector = wanted.map(([key, value]) => `${key}=${value}`).join(",");
  throw new SlipwayError("NOT_FOUND", `no node has the labels ${selector}`, { hint: whatThereIs(nodes ?? [], wanted) });
}

function foundPlacement(deps: AgentDeps, nodes: Preflight["nodes"]): Placement {
  const placement = gpuPlacement(nodes ?? []);
  if (nodes === undefined) {
    warn(deps, "nodes may not be listed, so GPU nodes could not be found; name them with --node-selector");
  } else if (placement.kind === "any") {
    warn(deps, "no node of the cluster shows a GPU; the agent measures any node");
  }
  return placement;
}

/** What a selector could have meant: other values of its first key that no node has so, or the GPU nodes. */
function whatThereIs(nodes: readonly NodeFacts[], wanted: readonly (readonly [string, string])[]): string {
  for (const [key] of wanted) {
    const values = [...new Set(nodes.flatMap(({ labels }) => labels.get(key) ?? []))];
    if (values.length > 0 && !wanted.some(([other, value]) => other === key && values.includes(value))) {
      return `Nodes have ${key} with the values ${some(values)}.`;
    }
  }
  return nodesHint(nodes);
}

/** The GPU nodes that there are, else the nodes. */
export function nodesHint(nodes: readonly NodeFacts[]): string {
  const gpuNodes = nodes.filter((node) => gpuEvidence(node) !== undefined);
  if (gpuNodes.length > 0) return `GPU nodes are ${some(gpuNodes.map(({ name }) => name))}.`;
  return nodes.length === 0 ? "The cluster has no nodes." : `Nodes are ${some(nodes.map(({ name }) => name))}.`;
}

export function warn({ onProgress }: AgentDeps, message: string, node?: string): void {
  onProgress?.({ kind: "warning", message, node });
}
