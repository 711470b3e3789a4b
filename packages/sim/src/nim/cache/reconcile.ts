import { isTreeMap, listAt, numberAt, textAt, valueAt, type TreeMap } from "@slipway/base";
import { RESOURCES, nameOf, type KubeObject } from "@slipway/kube";
import { MANIFEST_KEY, NIM_RESOURCES, cacheManifestName } from "@slipway/serving";
import { withConditions, type NewCondition } from "../conditions.ts";
import { ensureOnce, find, keep, release, setStatus, tell, type Context } from "../context.ts";
import { kubeletSays } from "../kubelet.ts";
import { manifestText, profilesOf, readManifest, selectedProfiles, type Profile } from "../manifest.ts";
import {
  cacheAccount,
  cacheClaim,
  cacheJob,
  claimName,
  hasManifest,
  manifestMap,
  manifestPod,
  played,
  pullArguments,
  pullerOf,
} from "./objects.ts";

const FINALIZER = "finalizer.nimcache.apps.nvidia.com";
const SOURCE = "nimcache-controller";
const CACHES = NIM_RESOURCES.nimCaches;

const PVC_CREATED: NewCondition = {
  type: "NIM_CACHE_PVC_CREATED",
  status: "True",
  reason: "PVCCreated",
  message: "The PVC has been created for caching NIM model",
};
const JOB_CREATED: NewCondition = {
  type: "NIM_CACHE_JOB_CREATED",
  status: "True",
  reason: "JobCreated",
  message: "The Job to cache NIM has been created",
};

/** What is told of a cache whose Job is in a state. */
interface JobState {
  readonly state: "Started" | "Pending" | "InProgress" | "Ready" | "Failed";
  readonly conditions: readonly NewCondition[];
}

/** One look at a cache: makes what is missing, and tells how far it is. */
export async function reconcileCache(context: Context, cache: KubeObject): Promise<void> {
  if (cache.metadata.deletionTimestamp !== undefined) return await release(context, CACHES, cache, FINALIZER);
  await keep(context, CACHES, cache, FINALIZER);
  try {
    if (context.script(cache) === "reconcile-error") throw new Error("failed to get the model manifest: not found");
    await step(context, cache);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await failed(context, cache, message);
    throw error;
  }
}

async function failed(context: Context, cache: KubeObject, message: string): Promise<void> {
  const condition: NewCondition = {
    type: "NIM_CACHE_RECONCILE_FAILED",
    status: "True",
    reason: "ReconcileFailed",
    message,
  };
  const conditions = withConditions(cache, [condition], context.clock.now());
  const isNew = await setStatus(context, CACHES, cache, { state: "NotReady", conditions });
  if (isNew) await tell(context, SOURCE, cache, { type: "Warning", reason: "ReconcileFailed", message });
}

async function step(context: Context, cache: KubeObject): Promise<void> {
  const { account, role, binding } = cacheAccount(cache.metadata.namespace ?? "");
  await ensureOnce(context, RESOURCES.serviceAccounts, account);
  await ensureOnce(context, RESOURCES.roles, role);
  await ensureOnce(context, RESOURCES.roleBindings, binding);
  const makesClaim = valueAt(cache, "spec", "storage", "pvc", "create") === true;
  if (makesClaim) await ensureOnce(context, RESOURCES.persistentVolumeClaims, cacheClaim(cache));
  const claimed = makesClaim ? [PVC_CREATED] : [];
  const profiles = await profilesToPull(context, cache);
  // The list of profiles is still being read: until then the status stays as it is.
  if (profiles === "not yet") return;
  // A Job that is done goes after ten minutes, and the cache stays ready.
  const isDone = textAt(cache, "status", "state") === "Ready";
  const job = isDone ? undefined : await ensureJob(context, cache, profiles);
  const { state, conditions } = job === undefined ? READY : stateOf(job);
  const mended = listAt(cache, "status", "conditions").some(
    (condition) => textAt(condition, "type") === RECONCILED.type && textAt(condition, "status") === "True",
  );
  const set = [...claimed, JOB_CREATED, ...conditions, ...(mended ? [RECONCILED] : [])];
  const isNew = await setStatus(context, CACHES, cache, {
    state,
    conditions: withConditions(cache, set, context.clock.now()),
    ...(context.generation === "3.0" ? {} : { type: hasManifest(cache) ? "native" : "model-free" }),
    ...(state === "Ready" ? { pvc: claimName(cache), profiles: profiles.map(statusProfile) } : {}),
  });
  const message = `NIMCache ${nameOf(cache)} is now ${state}`;
  if (isNew) await tell(context, SOURCE, cache, { type: "Normal", reason: state, message });
}

const RECONCILED: NewCondition = {
  type: "NIM_CACHE_RECONCILE_FAILED",
  status: "False",
  reason: "Reconciled",
  message: "",
};

function statusProfile({ id, model, release, tags }: Profile): TreeMap {
  return { name: id, model, release, config: tags };
}

/** The profiles that are pulled; none for a model that is no image of its own. */
async function profilesToPull(context: Context, cache: KubeObject): Promise<readonly Profile[] | "not yet"> {
  if (!hasManifest(cache)) return [];
  const text = await manifestOf(context, cache);
  if (text === undefined) return "not yet";
  const selected = selectedProfiles(valueAt(cache, "spec", "source", "ngc", "model"), readManifest(text));
  if (selected.length === 0) throw new Error("no profiles are selected for caching");
  return selected;
}

/** The list of profiles; nothing while the pod that reads it is not running. */
async function manifestOf(context: Context, cache: KubeObject): Promise<string | undefined> {
  const { namespace } = cache.metadata;
  const name = cacheManifestName(nameOf(cache));
  const map = await find(context, RESOURCES.configMaps, name, namespace);
  if (map !== undefined) return textAt(map, "data", MANIFEST_KEY);
  const { image, auth } = pullerOf(cache);
  const play = context.script(cache);
  // What keeps the image from being pulled does so here already; all else comes with the Job.
  const troubles = play === "image-pull-error" || play === "missing-secret-key" ? play : undefined;
  const annotations = played(troubles, kubeletSays(troubles, { image, secret: `${namespace}/${auth}` }));
  const pod = await ensureOnce(context, RESOURCES.pods, manifestPod(cache, annotations));
  if (textAt(pod, "status", "phase") !== "Running") return undefined;
  const [repository = "", tag = "latest"] = image.split(/:(?=[^/]*$)/);
  const text = manifestText(profilesOf(repository.split("/").slice(-2).join("/"), tag), image);
  await ensureOnce(context, RESOURCES.configMaps, manifestMap(cache, text));
  await context.api.delete(RESOURCES.pods, nameOf(pod), { namespace, signal: context.signal });
  return text;
}

async function ensureJob(context: Context, cache: KubeObject, profiles: readonly Profile[]): Promise<KubeObject> {
  const { image, auth } = pullerOf(cache);
  const { namespace } = cache.metadata;
  const play = context.script(cache);
  const args = pullArguments(
    cache,
    profiles.map(({ id }) => id),
  );
  const message = kubeletSays(play, { image, secret: `${namespace}/${auth}` });
  return await ensureOnce(context, RESOURCES.jobs, cacheJob(cache, { args, play, message }));
}

const COMPLETED = "NIM_CACHE_JOB_COMPLETED";
const PENDING = "NIM_CACHE_JOB_PENDING";

const READY: JobState = {
  state: "Ready",
  conditions: [
    {
      type: COMPLETED,
      status: "True",
      reason: "JobCompleted",
      message: "The Job to cache NIM has successfully completed",
    },
  ],
};

function stateOf(job: KubeObject): JobState {
  const has = (type: string): boolean =>
    listAt(job, "status", "conditions").some(
      (condition) =>
        isTreeMap(condition) && textAt(condition, "type") === type && textAt(condition, "status") === "True",
    );
  if (has("Complete")) return READY;
  if (has("Failed")) {
    const message = "The Job to cache NIM has failed";
    return { state: "Failed", conditions: [{ type: COMPLETED, status: "False", reason: "JobFailed", message }] };
  }
  if ((numberAt(job, "status", "ready") ?? 0) > 0) {
    const message = "The Job to cache NIM is in progress";
    return { state: "InProgress", conditions: [{ type: PENDING, status: "False", reason: "JobRunning", message }] };
  }
  if ((numberAt(job, "status", "active") ?? 0) === 0) return { state: "Started", conditions: [] };
  const message = "The Job to cache NIM is in pending state";
  return { state: "Pending", conditions: [{ type: PENDING, status: "True", reason: "JobPending", message }] };
}
