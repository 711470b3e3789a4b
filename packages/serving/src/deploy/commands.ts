import type { SecretKey } from "../secrets/kinds.ts";
import type { Given } from "../spec/field.ts";
import { cacheGiven, serviceGiven } from "./given.ts";
import type { DeployPlan } from "./plan.ts";

/** Words of a command line, not quoted yet. */
export type Words = readonly string[];

/**
 * The command lines that make the same objects without a question. Flags that say what they say anyway are left out.
 *
 * @param secrets what is made along, by whose key it is, with the environment variable that would hold the key
 * @param place flags that say which cluster and namespace is meant
 */
export function deployCommands(plan: DeployPlan, secrets: readonly KeyCommand[], place: Words): readonly Words[] {
  const { model } = plan;
  const keys = secrets.map((secret) => keyCommand(secret, place));
  const create = (kind: string, name: string, given: Given): Words => {
    return ["kubectl", "nim", "create", kind, name, ...place, ...flagWords(given)];
  };
  const service = create("nimservice", plan.name, serviceGiven(plan));
  if (model.kind !== "cache") return [...keys, service];
  return [...keys, create("nimcache", model.name, cacheGiven(plan, model.source, model.volume)), service];
}

function flagWords(given: Given): Words {
  return Object.entries(given).flatMap(([flag, texts = []]) => texts.map((text) => `--${flag}=${text}`));
}

/** The secrets of a key. */
export interface KeyCommand {
  readonly owner: "ngc" | "hf";
  readonly variable: string;
  /** What the secrets are called, by their use. */
  readonly names: Readonly<Partial<Record<SecretKey, string>>>;
}

function keyCommand({ owner, variable, names }: KeyCommand, place: Words): Words {
  const { pullSecret: pull, authSecret, altSecret } = names;
  const key = owner === "ngc" ? authSecret : altSecret;
  const name = key === undefined ? [] : [key];
  const whose = ["kubectl", "nim", "secret", owner, ...name, ...place];
  return [...whose, ...(owner === "ngc" ? partFlags(pull, key) : []), `--from-env=${variable}`];
}

/** A key of NGC is kept twice, unless only one of the two is wanted. */
function partFlags(pull: string | undefined, key: string | undefined): Words {
  if (pull === undefined) return ["--only=api"];
  return [...(key === undefined ? ["--only=pull"] : []), `--pull-secret=${pull}`];
}
