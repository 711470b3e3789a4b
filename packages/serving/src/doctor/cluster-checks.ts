import { isTreeMap, listAt, textAt, textsAt, valueAt, type Tree } from "@slipway/base";
import { nameOf, type KubeObject } from "@slipway/kube";
import type { Looked } from "../related/look.ts";
import { traitsOf } from "../operator/traits.ts";
import { NIM_RESOURCES } from "../resources.ts";
import { shellWord } from "../shell.ts";
import { unseen, type Check } from "./check.ts";
import type { World } from "./world.ts";

const INSTALL =
  "helm upgrade --install nim-operator k8s-nim-operator --repo https://helm.ngc.nvidia.com/nvidia -n nim-operator --create-namespace";

/** The API server. */
export function serverCheck({ server, version }: World): Check {
  const told = textAt(version, "gitVersion");
  return { name: "API server", status: "ok", found: `${told === "" ? "version not told" : told} at ${server}` };
}

/** The namespace. */
export function namespaceCheck({ namespace, namespaceObject }: World): readonly Check[] {
  if (namespaceObject.state !== "missing") return [];
  return [
    {
      name: "namespace",
      status: "failed",
      found: `namespace "${namespace}" does not exist`,
      advice: "Create it, or name another one with -n.",
      command: `kubectl create namespace ${shellWord(namespace)}`,
    },
  ];
}

/** The custom resource definitions. */
export function definitionChecks({ serviceDefinition, cacheDefinition }: World): readonly Check[] {
  return [
    definitionCheck("NIMService definition", serviceDefinition, true),
    definitionCheck("NIMCache definition", cacheDefinition, false),
  ];
}

function definitionCheck(name: string, definition: Looked<KubeObject>, isService: boolean): Check {
  if (definition.state === "unknown") return unseen(name, definition);
  if (definition.state === "missing")
    return {
      name,
      status: "failed",
      found: "not installed",
      advice: "Install the NIM Operator, which brings it along.",
      command: INSTALL,
    };
  const served = listAt(definition.value, "spec", "versions")
    .filter((version) => valueAt(version, "served") === true)
    .map((version) => textAt(version, "name"));
  const { version } = NIM_RESOURCES.nimServices;
  if (!served.includes(version))
    return {
      name,
      status: "failed",
      found: `served as ${served.join(", ") || "nothing"}, and not as ${version}, which this program speaks`,
      advice: "Use a release of the NIM Operator that has it.",
      command: INSTALL,
    };
  const generation = isService ? generationOf(definition.value) : undefined;
  return { name, status: "ok", found: `${version}${generation === undefined ? "" : `, as in ${generation}`}` };
}

/** Which releases of the operator have such a definition. */
function generationOf(definition: Tree): string {
  const { leastReplicas, autoscalingForbidsReplicas, authSecretRequired } = traitsOf(definition);
  if (!autoscalingForbidsReplicas) return "release 3.0.1 or older";
  if (leastReplicas > 0) return "release 3.0.2";
  return authSecretRequired ? "release 3.1" : "releases after 3.1";
}

/** The operator. */
export function operatorCheck({ operator }: World): Check {
  const name = "NIM Operator";
  const { state, text, version, namespace } = operator;
  if (state === "unknown") return unseen(name, { state, why: text });
  if (state === "running") return { name, status: "ok", found: `${version ?? "version not told"}, ${text}` };
  if (state === "missing") return { name, status: "failed", found: text, advice: "Install it.", command: INSTALL };
  return {
    name,
    status: "failed",
    found: text,
    advice: "See why its pod is not ready.",
    command: `kubectl describe pods -n ${shellWord(namespace ?? "nim-operator")} -l app.kubernetes.io/name=k8s-nim-operator`,
  };
}

/** The webhook that checks objects before they are stored; older releases have none unless told. */
export function webhookCheck({ webhooks, endpointSlices }: World): Check {
  const name = "admission webhook";
  if (webhooks.state === "unknown") return unseen(name, webhooks);
  const services = webhooks.state === "found" ? webhooks.value.flatMap(servicesOf) : [];
  const [service] = services;
  if (service === undefined)
    return { name, status: "ok", found: "none: mistakes in a spec show only when the operator comes to them" };
  if (endpointSlices.state === "unknown") return unseen(name, endpointSlices);
  const slices = endpointSlices.state === "found" ? endpointSlices.value : [];
  const isReady = slices
    .filter((slice) => textAt(slice, "metadata", "labels", "kubernetes.io/service-name") === service.name)
    .some((slice) => listAt(slice, "endpoints").some((endpoint) => valueAt(endpoint, "conditions", "ready") !== false));
  if (isReady) return { name, status: "ok", found: `service ${service.namespace}/${service.name} answers` };
  return {
    name,
    status: "failed",
    found: `service ${service.namespace}/${service.name} has no pod that is ready: nothing of NIM can be created or changed`,
    advice: "Get the operator's pod ready; the webhook is part of it.",
    command: `kubectl get pods -n ${shellWord(service.namespace)}`,
  };
}

function servicesOf(configuration: KubeObject): readonly { readonly namespace: string; readonly name: string }[] {
  return listAt(configuration, "webhooks")
    .filter((webhook) =>
      listAt(webhook, "rules").some((rule) => textsAt(rule, "apiGroups").includes(NIM_RESOURCES.nimServices.group)),
    )
    .map((webhook) => valueAt(webhook, "clientConfig", "service"))
    .filter(isTreeMap)
    .map((service) => ({ namespace: textAt(service, "namespace"), name: textAt(service, "name") }));
}

/** KServe, where a service wants it. */
export function kserveCheck({ services, kserveDefinition }: World): readonly Check[] {
  const name = "KServe";
  const wanting = services.state === "found" ? services.value.filter(isKServe).map(nameOf) : [];
  if (wanting.length === 0) return [];
  if (kserveDefinition.state === "unknown") return [unseen(name, kserveDefinition)];
  if (kserveDefinition.state === "found")
    return [{ name, status: "ok", found: `installed, for ${wanting.join(", ")}` }];
  return [
    {
      name,
      status: "failed",
      found: `not installed, and wanted by ${wanting.join(", ")}`,
      advice: "Install KServe, or set spec.inferencePlatform to standalone.",
      command: "kubectl get crd inferenceservices.serving.kserve.io",
    },
  ];
}

function isKServe(service: KubeObject): boolean {
  return textAt(service, "spec", "inferencePlatform") === "kserve";
}

/** What the user may do. */
export function rightsCheck({ rights, namespace }: World): Check {
  const name = "own rights";
  const denied = rights.filter(({ answer }) => answer.state === "found" && !answer.value).map(({ text }) => text);
  const hidden = rights.find(({ answer }) => answer.state !== "found");
  if (denied.length > 0)
    return {
      name,
      status: "warning",
      found: `in namespace "${namespace}" you may not ${denied.join(", ")}`,
      advice: "Ask for these rights if you need them.",
      command: `kubectl auth can-i --list -n ${shellWord(namespace)}`,
    };
  if (hidden !== undefined)
    return unseen(name, { state: "unknown", why: hidden.answer.state === "unknown" ? hidden.answer.why : "not told" });
  return { name, status: "ok", found: rights.map(({ text }) => text).join(", ") };
}
