import { listAt, numberAt, textAt, valueAt } from "@slipway/base";
import { RESOURCES, isNotFound, nameOf, type KubeObject, type Resource } from "@slipway/kube";
import { NIM_RESOURCES } from "@slipway/serving";
import { claimName } from "../cache/objects.ts";
import { withConditions, type NewCondition } from "../conditions.ts";
import { ensure, ensureOnce, find, keep, release, setStatus, tell, type Context } from "../context.ts";
import { kubeletSays } from "../kubelet.ts";
import {
  autoscaler,
  clusterService,
  deployment,
  imageOf,
  inferenceService,
  isScaled,
  serviceAccount,
  serviceClaim,
  servicePort,
  type ModelPlace,
} from "./objects.ts";

const FINALIZER = "finalizer.nimservice.apps.nvidia.com";
const SOURCE = "nimservice-controller";
const SERVICES = NIM_RESOURCES.nimServices;
const AUTOSCALERS: Resource = {
  group: "autoscaling",
  version: "v2",
  plural: "horizontalpodautoscalers",
  kind: "HorizontalPodAutoscaler",
  namespaced: true,
};

/** How far a service is, and what is said of it. */
interface Verdict {
  readonly state: "Ready" | "NotReady" | "Failed";
  readonly message: string;
  /** Of the condition that decides. */
  readonly reason?: string;
}

/** One look at a service: makes what is missing, and tells how far it is. */
export async function reconcileService(context: Context, service: KubeObject): Promise<void> {
  if (service.metadata.deletionTimestamp !== undefined) return await release(context, SERVICES, service, FINALIZER);
  await keep(context, SERVICES, service, FINALIZER);
  const place = await placeOf(context, service);
  await report(context, service, "state" in place ? place : await run(context, service, place));
}

/** Where the model is; or why the service cannot start yet. */
async function placeOf(context: Context, service: KubeObject): Promise<ModelPlace | Verdict> {
  const storage = valueAt(service, "spec", "storage");
  const cacheName = textAt(storage, "nimCache", "name");
  if (cacheName === "") {
    if (valueAt(storage, "pvc") === undefined) return { claim: undefined, profile: "" };
    const claim = serviceClaim(service);
    if (valueAt(storage, "pvc", "create") === true) await ensureOnce(context, RESOURCES.persistentVolumeClaims, claim);
    return { claim: nameOf(claim), profile: "" };
  }
  const cache = await find(context, NIM_RESOURCES.nimCaches, cacheName, service.metadata.namespace);
  if (cache === undefined)
    return { state: "Failed", reason: "NIMCacheNotFound", message: `NIMCache ${cacheName} not found` };
  const state = textAt(cache, "status", "state");
  // The operator looks for the message in a condition that caches never have.
  if (state === "Failed") return { state: "Failed", reason: "NIMCacheFailed", message: "" };
  if (state !== "Ready")
    return { state: "NotReady", reason: "NIMCacheNotReady", message: `NIMCache ${cacheName} not ready` };
  return { claim: claimName(cache), profile: textAt(storage, "nimCache", "profile") };
}

async function run(context: Context, service: KubeObject, place: ModelPlace): Promise<Verdict> {
  const play = context.script(service);
  const isKserve = textAt(service, "spec", "inferencePlatform") === "kserve";
  if (play === "fail" || play === "reconcile-error") {
    const reason = isKserve ? "InferenceServiceFailed" : "DeploymentFailed";
    return { state: "Failed", reason, message: `failed to create ${nameOf(service)}: admission webhook denied it` };
  }
  await ensure(context, RESOURCES.serviceAccounts, serviceAccount(service));
  if (isKserve) return await runOnKserve(context, service, place);
  await ensure(context, RESOURCES.services, clusterService(service));
  await scale(context, service);
  const secret = `${service.metadata.namespace}/${textAt(service, "spec", "authSecret")}`;
  const message = kubeletSays(play, { image: imageOf(service), secret });
  return rollout(await ensure(context, RESOURCES.deployments, deployment(service, place, { play, message })));
}

async function runOnKserve(context: Context, service: KubeObject, place: ModelPlace): Promise<Verdict> {
  const { inferenceServices } = NIM_RESOURCES;
  try {
    const wanted = inferenceService(service, place);
    const { status } = await ensure(context, inferenceServices, wanted);
    const conditions = listAt(status, "conditions");
    const isReady = conditions.some(
      (condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
    );
    const message = `Waiting for InferenceService "${nameOf(service)}" reporting Predictor readiness`;
    return isReady
      ? { state: "Ready", message: `InferenceService "${nameOf(service)}" is ready` }
      : { state: "NotReady", message };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const message = 'no matches for kind "InferenceService" in version "serving.kserve.io/v1beta1"';
    return { state: "Failed", reason: "InferenceServiceFailed", message };
  }
}

async function scale(context: Context, service: KubeObject): Promise<void> {
  const { api, signal } = context;
  if (isScaled(service)) return void (await ensure(context, AUTOSCALERS, autoscaler(service)));
  const { namespace } = service.metadata;
  const there = await find(context, AUTOSCALERS, nameOf(service), namespace);
  if (there !== undefined) await api.delete(AUTOSCALERS, nameOf(service), { namespace, signal });
}

/** What the rollout of a Deployment says. */
function rollout(object: KubeObject): Verdict {
  const name = nameOf(object);
  const { status } = object;
  const [wanted, updated, available] = [
    numberAt(object, "spec", "replicas") ?? 1,
    numberAt(status, "updatedReplicas") ?? 0,
    numberAt(status, "availableReplicas") ?? 0,
  ];
  if (wanted === 0) return { state: "NotReady", message: `deployment "${name}" is scaled down` };
  const isOver = listAt(status, "conditions").some(
    (condition) => textAt(condition, "reason") === "ProgressDeadlineExceeded",
  );
  if (isOver) return { state: "NotReady", message: `deployment "${name}" exceeded its progress deadline` };
  const isSeen = (numberAt(status, "observedGeneration") ?? 0) >= (object.metadata.generation ?? 0);
  if (isSeen && updated >= wanted && available >= wanted)
    return { state: "Ready", message: `deployment "${name}" successfully rolled out\n` };
  const message = `Waiting for deployment "${name}" rollout to finish: ${available} of ${wanted} updated replicas are available...\n`;
  return { state: "NotReady", message };
}

async function report(context: Context, service: KubeObject, verdict: Verdict): Promise<void> {
  const { state, message } = verdict;
  const conditions = withConditions(service, conditionsOf(verdict), context.clock.now());
  const model = state === "Ready" ? await modelOf(context, service) : null;
  const isNew = await setStatus(context, SERVICES, service, { state, conditions, model });
  if (!isNew) return;
  const type = state === "Failed" ? "Warning" : "Normal";
  await tell(context, SOURCE, service, { type, reason: state, message: `NIMService ${nameOf(service)}: ${message}` });
}

/** Only two conditions are ever set; while a service is not ready, both carry the message. */
function conditionsOf({ state, message, reason }: Verdict): readonly NewCondition[] {
  if (state === "Ready") {
    return [
      { type: "Ready", status: "True", reason: "Ready", message },
      { type: "Failed", status: "False", reason: "Ready", message: "" },
    ];
  }
  if (state === "NotReady") {
    return [
      { type: "Ready", status: "False", reason: reason ?? "NotReady", message },
      { type: "Failed", status: "False", reason: "Ready", message },
    ];
  }
  return [
    { type: "Ready", status: "False", reason: reason ?? "Failed", message: "" },
    { type: "Failed", status: "True", reason: reason ?? "Failed", message },
  ];
}

async function modelOf(context: Context, service: KubeObject): Promise<{ readonly [key: string]: string }> {
  const { namespace } = service.metadata;
  const name = textAt(service, "spec", "expose", "service", "name") || nameOf(service);
  const before = await find(context, RESOURCES.services, name, namespace);
  const address = textAt(before, "spec", "clusterIP");
  const outside = textAt(before, "spec", "loadBalancerIP");
  const port = servicePort(service);
  // `meta/llama-3.1-8b-instruct` of `nvcr.io/nim/meta/llama-3.1-8b-instruct`.
  const model = textAt(service, "spec", "image", "repository").split("/").slice(-2).join("/");
  context.onModel(model);
  return {
    name: model,
    clusterEndpoint: address === "" ? "" : `${address}:${port}`,
    externalEndpoint: outside === "" ? "" : `${outside}:${port}`,
  };
}
