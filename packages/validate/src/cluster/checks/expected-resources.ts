import { RESOURCES, isNotFound, type KubeObject, type Resource } from "@slipway/kube";
import { listAt, textAt, valueAt, type TreeMap } from "@slipway/base";
import { outcomeOf, skipped, type Check, type CheckContext } from "../context.ts";
import { conditionOf } from "../fields.ts";
import { find } from "../read.ts";
import { podProblems, workloadOf } from "../workloads.ts";

/** Whether the objects that the components of a recipe promise are there and well. */
export const expectedResources: Check = async (context) => {
  const expected = context.recipe.components.flatMap(({ name, namespace, expectedResources = [] }) =>
    expectedResources.map((resource) => ({ component: name, namespace, resource })),
  );
  if (expected.length === 0) return skipped("no component of the recipe names expectedResources");
  const [problems, seen]: [string[], string[]] = [[], []];
  for (const { component, namespace, resource } of expected) {
    const { ok, text } = await look(context, resource, namespace);
    (ok ? seen : problems).push(`${component}: ${text}`);
  }
  return outcomeOf(
    problems,
    seen,
    `${seen.length} expected objects are there`,
    "Look at what was installed (helm list -A, kubectl get events -A) and run the bundle's deploy.sh again.",
  );
};

interface Look {
  readonly ok: boolean;
  readonly text: string;
}

async function look(context: CheckContext, wanted: TreeMap, fallback: string | undefined): Promise<Look> {
  const [kind, name] = [textAt(wanted, "kind"), textAt(wanted, "name")];
  const namespace = textAt(wanted, "namespace") || fallback;
  const resource = await resourceOf(context, kind, textAt(wanted, "apiVersion"));
  if (resource === undefined) return { ok: false, text: `the cluster has no kind ${kind}` };
  const place = resource.namespaced ? `${namespace ?? "default"}/` : "";
  const object = await find(context, resource, name, resource.namespaced ? (namespace ?? "default") : undefined);
  if (object === undefined) return { ok: false, text: `${kind} ${place}${name} is not there` };
  return judge(object, `${kind} ${place}${name}`);
}

function judge(object: KubeObject, shown: string): Look {
  if (["Deployment", "DaemonSet", "StatefulSet"].includes(object.kind)) {
    const { isReady, text } = workloadOf(object);
    return { ok: isReady, text };
  }
  const [problem] = object.kind === "Pod" ? podProblems(object) : [];
  if (problem !== undefined) return { ok: false, text: problem };
  const told = listAt(object, "status", "conditions").map((condition) => textAt(condition, "type"));
  const type = ["Ready", "Available", "Established"].find((candidate) => told.includes(candidate));
  if (type === undefined) return { ok: true, text: `${shown} is there` };
  const { isTrue, message } = conditionOf(object, type);
  return { ok: isTrue, text: `${shown} is ${isTrue ? "" : "not "}${type}${isTrue ? "" : ` (${message})`}` };
}

/** The resource of a kind: one that we know, else what the server says of the apiVersion that is given. */
async function resourceOf(context: CheckContext, kind: string, apiVersion: string): Promise<Resource | undefined> {
  const known = Object.values(RESOURCES).find((resource) => resource.kind === kind);
  if (apiVersion === "") return known;
  const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  try {
    const answer = await context.api.read(path, { signal: context.signal });
    const found = listAt(answer, "resources").find(
      (resource) => textAt(resource, "kind") === kind && !textAt(resource, "name").includes("/"),
    );
    if (found === undefined) return undefined;
    return { group, version, plural: textAt(found, "name"), kind, namespaced: valueAt(found, "namespaced") === true };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
