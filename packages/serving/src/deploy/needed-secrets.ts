import type { Answers } from "./answers.ts";
import { SECRET_KINDS, type SecretKey } from "../secrets/kinds.ts";
import { knownOr, type DeployFacts, type SecretFact } from "./facts.ts";

/** How a secret that is needed stands. */
export type SecretState = "there" | "missing" | "lacks its key" | "unknown";

/** Whether the model comes from Hugging Face or a hub like it; nothing before that is known. */
export function isFromHub(answers: Answers, facts: DeployFacts): boolean {
  if (answers.cache === "no") return (answers.modelUrl ?? "").toLowerCase().startsWith("hf://");
  if (answers.source === "existing")
    return knownOr(facts.caches, []).some(({ name, isFromHub }) => name === answers.nimCache && isFromHub);
  return answers.source === "huggingface" || answers.source === "nemoDataStore";
}

/**
 * The secrets that the objects name: images always come from nvcr.io; the key of NGC goes with models of NGC, and with
 * services of operators before 3.0.2; the token of a hub with its models.
 */
export function neededSecrets(answers: Answers, facts: DeployFacts): readonly SecretKey[] {
  if (!isFromHub(answers, facts)) return ["pullSecret", "authSecret"];
  return knownOr(facts.hubTokenFromAuthSecret, true)
    ? ["pullSecret", "altSecret"]
    : ["pullSecret", "authSecret", "altSecret"];
}

/** How the secret of a name stands. */
export function secretState(key: SecretKey, name: string, facts: DeployFacts): SecretState {
  if (!("known" in facts.secrets)) return "unknown";
  const found = facts.secrets.known.find((secret) => secret.name === name);
  if (found === undefined) return "missing";
  return fits(key, found) ? "there" : "lacks its key";
}

/** Secrets that would do in place of the usual one, by name. */
export function candidates(key: SecretKey, facts: DeployFacts): readonly string[] {
  return knownOr(facts.secrets, [])
    .filter((secret) => fits(key, secret))
    .map(({ name }) => name);
}

/** A pull secret is known by its type; others by their key, whatever their type. */
function fits(key: SecretKey, secret: SecretFact): boolean {
  const { type, key: wanted } = SECRET_KINDS[key];
  return secret.keys.includes(wanted) && (key !== "pullSecret" || secret.type === type);
}

/** A secret that is not there, and is not known to be. */
export interface MissingSecret {
  readonly key: SecretKey;
  readonly name: string;
  readonly state: SecretState;
}

/** The needed secrets that are missing, or lack what they are for; those that cannot be seen are not told. */
export function missingSecrets(answers: Answers, facts: DeployFacts): readonly MissingSecret[] {
  return neededSecrets(answers, facts)
    .map((key) => ({ key, name: answers[key] ?? SECRET_KINDS[key].name }))
    .map(({ key, name }) => ({ key, name, state: secretState(key, name, facts) }))
    .filter(({ state }) => state === "missing" || state === "lacks its key");
}
