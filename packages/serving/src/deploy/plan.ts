import { SlipwayError } from "@slipway/base";
import type { Answers, Source } from "./answers.ts";
import { sourceOf } from "./answer-checks.ts";
import { knownOr, type DeployFacts } from "./facts.ts";
import { SECRET_KINDS, type SecretKey } from "../secrets/kinds.ts";
import { isFromHub, neededSecrets } from "./needed-secrets.ts";
import { DEFAULT_GPUS, DEFAULT_SIZE } from "./questions.ts";

/** The image that serves any language model, and fills caches for it (seed). */
export const LLM_NIM = { repository: "nvcr.io/nim/nvidia/llm-nim", tag: "1.12" };

/** What the flow makes a service of, beside the answers. */
export interface DeployTarget {
  readonly name: string;
  readonly namespace: string;
  readonly image: { readonly repository: string; readonly tag: string };
}

/** A volume that the operator makes. */
export interface VolumePlan {
  /** Empty: the cluster's default. */
  readonly storageClass: string;
  readonly size: string;
}

/** Where a cache takes its model from. */
export type CacheSourcePlan =
  | { readonly kind: "ngc"; readonly modelUrl: string }
  | {
      readonly kind: "hf" | "dataStore";
      readonly endpoint: string;
      readonly namespace: string;
      readonly modelName: string;
    };

/** Where the service finds its model. */
export type ModelPlan =
  | { readonly kind: "download"; readonly modelUrl: string; readonly volume: VolumePlan }
  | { readonly kind: "cache"; readonly name: string; readonly source: CacheSourcePlan; readonly volume: VolumePlan }
  | { readonly kind: "existing"; readonly name: string };

/** All that is going to be made, settled. */
export interface DeployPlan extends DeployTarget {
  readonly model: ModelPlan;
  readonly gpus: string;
  readonly pullSecret: string;
  /** The secret that the service names as its own: that of NGC, or of a hub. */
  readonly serviceSecret: string;
  /** The secret that a new cache names. */
  readonly cacheSecret: string;
  /** The secret whose HF_TOKEN goes into the service's environment; empty: the operator does it, or there is none. */
  readonly tokenSecret: string;
}

/** The name of the cache that goes with a service (seed). */
export function cacheNameOf(service: string): string {
  return `${service}-cache`;
}

/** The longest name of a service: its Service is called the same, and the Job of its cache `NAME-cache-job`. */
const LONGEST = 63;

/**
 * Refuses a name that no service can have, so that nothing is asked.
 *
 * @throws SlipwayError USAGE
 */
export function checkDeployName(name: string): void {
  const longest = LONGEST - "-cache-job".length;
  if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= longest) return;
  throw new SlipwayError(
    "USAGE",
    `${JSON.stringify(name)} cannot be the name of a service: expected lower-case letters, digits and -, at most ` +
      `${longest} of them, with a letter first and a letter or digit last`,
  );
}

/** The plan that finished answers lead to. */
export function planOf(target: DeployTarget, answers: Answers, facts: DeployFacts): DeployPlan {
  const secret = (key: SecretKey): string => answers[key] ?? SECRET_KINDS[key].name;
  const needed = neededSecrets(answers, facts);
  const hub = isFromHub(answers, facts);
  const ownsToken = hub && !needed.includes("authSecret");
  const model = modelOf(target.name, answers);
  return {
    ...target,
    model,
    gpus: answers.gpuLimit ?? DEFAULT_GPUS,
    pullSecret: secret("pullSecret"),
    serviceSecret: secret(ownsToken ? "altSecret" : "authSecret"),
    cacheSecret: secret(hub ? "altSecret" : "authSecret"),
    tokenSecret: hub && !ownsToken && model.kind === "download" ? secret("altSecret") : "",
  };
}

function modelOf(service: string, answers: Answers): ModelPlan {
  const { modelUrl = "", storageClass = "", pvcSize: size = DEFAULT_SIZE } = answers;
  const volume = { storageClass, size };
  const source = sourceOf(answers.source ?? "");
  if (answers.cache !== "yes" || source === undefined) return { kind: "download", modelUrl, volume };
  if (source === "existing") return { kind: "existing", name: answers.nimCache ?? "" };
  return { kind: "cache", name: cacheNameOf(service), source: cacheSource(source, answers), volume };
}

function cacheSource(source: Exclude<Source, "existing">, answers: Answers): CacheSourcePlan {
  const { modelUrl = "", endpoint = "", altNamespace: namespace = "", modelName = "" } = answers;
  if (source === "ngc") return { kind: "ngc", modelUrl };
  return { kind: source === "huggingface" ? "hf" : "dataStore", endpoint, namespace, modelName };
}

/**
 * What stands in the way whatever is answered next: names that are taken.
 *
 * @returns nothing when nothing does, or when it cannot be seen
 */
export function conflictOf(
  { name, namespace }: Pick<DeployTarget, "name" | "namespace">,
  answers: Answers,
  facts: DeployFacts,
): SlipwayError | undefined {
  if (knownOr(facts.serviceExists, false))
    return new SlipwayError("CONFLICT", `NIMService "${name}" exists already in namespace "${namespace}"`, {
      hint: `Choose another name, look at it with kubectl nim status nimservice ${name}, or delete it first.`,
    });
  const makesCache = answers.cache === "yes" && answers.source !== undefined && answers.source !== "existing";
  const cache = cacheNameOf(name);
  if (!makesCache || !knownOr(facts.caches, []).some((there) => there.name === cache)) return undefined;
  return new SlipwayError("CONFLICT", `NIMCache "${cache}" exists already in namespace "${namespace}"`, {
    hint: `To serve what is in it, use it as it is: --nimcache ${cache}. Otherwise delete it first.`,
  });
}
