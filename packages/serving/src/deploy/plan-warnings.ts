import type { Answers } from "./answers.ts";
import { knownOr, type DeployFacts } from "./facts.ts";
import { SECRET_KINDS } from "../secrets/kinds.ts";
import { missingSecrets } from "./needed-secrets.ts";
import type { DeployPlan, ModelPlan } from "./plan.ts";

/**
 * What may keep the service from coming up, although the server takes it: a sentence each.
 *
 * @param made names of secrets that are made along
 */
export function planWarnings(
  plan: DeployPlan,
  answers: Answers,
  facts: DeployFacts,
  made: ReadonlySet<string>,
): readonly string[] {
  return [...storageWarnings(plan, facts), ...modelWarnings(plan, facts), ...secretWarnings(answers, facts, made)];
}

function storageWarnings({ model }: DeployPlan, facts: DeployFacts): readonly string[] {
  const classes = knownOr(facts.storageClasses, undefined);
  if (model.kind === "existing" || classes === undefined) return [];
  const wanted = model.volume.storageClass;
  if (wanted === "" && !classes.some(({ isDefault }) => isDefault))
    return ["the cluster has no default storage class: without one the volume is never made (--storage-class NAME)"];
  // An unknown one among others is no answer to the question.
  if (wanted === "" || classes.length > 0) return [];
  return [`there is no storage class "${wanted}" in the cluster`];
}

function modelWarnings({ model }: DeployPlan, facts: DeployFacts): readonly string[] {
  const cache = model.kind === "existing" ? cacheWarnings(model.name, facts) : [];
  return [...urlWarnings(model), ...cache, ...gpuWarnings(facts)];
}

function urlWarnings(model: ModelPlan): readonly string[] {
  if (model.kind === "download" && !/^((ngc|hf|file):\/\/|\/)/i.test(model.modelUrl))
    return [`${model.modelUrl}: NIM reads models from ngc://, hf:// and paths`];
  if (model.kind === "cache" && model.source.kind === "ngc" && !/^ngc:\/\//i.test(model.source.modelUrl))
    return [`${model.source.modelUrl}: models of NGC start with ngc://`];
  return [];
}

function gpuWarnings(facts: DeployFacts): readonly string[] {
  const there = knownOr(facts.gpus, undefined);
  if (there === undefined || there.most > 0) return [];
  return ["no node of the cluster offers nvidia.com/gpu: the service will wait until one does"];
}

function cacheWarnings(name: string, facts: DeployFacts): readonly string[] {
  const caches = knownOr(facts.caches, undefined);
  const found = caches?.find((cache) => cache.name === name);
  if (caches === undefined || found?.state === "Ready") return [];
  if (found === undefined) return [`there is no NIMCache "${name}" yet: the service will wait until it is there`];
  return [`NIMCache "${name}" is not ready (${found.state || "no state yet"}): the service will wait until it is`];
}

function secretWarnings(answers: Answers, facts: DeployFacts, made: ReadonlySet<string>): readonly string[] {
  return missingSecrets(answers, facts)
    .filter(({ name }) => !made.has(name))
    .map(({ key, name, state }) => {
      const { use, key: wanted, owner } = SECRET_KINDS[key];
      if (state === "lacks its key") return `secret "${name}", which ${use}, has no key ${wanted}`;
      return `secret "${name}", which ${use}, is missing: make it with kubectl nim secret ${owner}`;
    });
}
