import { compactJson, type TreeMap } from "@slipway/base";
import type { NextStep } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";
import { NIM_KINDS } from "../resources.ts";
import { shellWord } from "./shell.ts";

type Place = Pick<Facts, "kind" | "namespace" | "name">;

/** `kubectl … -n nim` */
export function kubectl(line: string, { namespace }: Pick<Facts, "namespace">): string {
  return `kubectl ${line} -n ${shellWord(namespace)}`;
}

/** A merge patch of the object's spec. */
export function patchSpec(place: Place, spec: TreeMap): string {
  const { singular } = NIM_KINDS[place.kind];
  return kubectl(
    `patch ${singular} ${shellWord(place.name)} --type=merge -p ${shellWord(compactJson({ spec }))}`,
    place,
  );
}

/**
 * How a secret is made. Those with the names that everything else uses are made by `kubectl nim secret`; others are made
 * by hand.
 */
export function makeSecret(place: Place, secret: string, key: string | undefined): NextStep {
  const isHuggingFace = key === "HF_TOKEN" || (key === undefined && secret === "hf-api-secret");
  if (key === undefined ? USUAL.has(secret) : secret === (isHuggingFace ? "hf-api-secret" : "ngc-api-secret"))
    return {
      text: `Make the secret ${secret}; the key is asked for.`,
      command: kubectl(`nim secret ${isHuggingFace ? "hf" : "ngc"}`, place),
    };
  return {
    text: `Make the secret ${secret}${key === undefined ? "" : ` with the key ${key}`}.`,
    command: kubectl(
      `create secret generic ${shellWord(secret)} --from-literal=${key ?? "NGC_API_KEY"}="$${key ?? "NGC_API_KEY"}"`,
      place,
    ),
  };
}

const USUAL: ReadonlySet<string> = new Set(["ngc-secret", "ngc-api-secret", "hf-api-secret"]);

/** How a secret for a registry is made. */
export function makePullSecret(place: Place, secret: string, registry: string): NextStep {
  if (secret === "ngc-secret" && registry === "nvcr.io") return makeSecret(place, secret, undefined);
  const user = registry === "nvcr.io" ? "'$oauthtoken'" : `"$REGISTRY_USER"`;
  const password = registry === "nvcr.io" ? `"$NGC_API_KEY"` : `"$REGISTRY_PASSWORD"`;
  return {
    text: `Make the pull secret ${secret} for ${registry}.`,
    command: kubectl(
      `create secret docker-registry ${shellWord(secret)} --docker-server=${shellWord(registry)} --docker-username=${user} --docker-password=${password}`,
      place,
    ),
  };
}

/** The log of what the object runs. */
export function readLog(place: Place): NextStep {
  const { singular } = NIM_KINDS[place.kind];
  return {
    text: "Read the log.",
    command: kubectl(`nim log stream ${singular} ${shellWord(place.name)} --previous --no-follow`, place),
  };
}

/** The log of the operator. */
export function readOperatorLog(namespace: string | undefined): NextStep {
  return {
    text: "Read the log of the operator.",
    command: `kubectl logs -n ${shellWord(namespace ?? "nim-operator")} -l app.kubernetes.io/name=k8s-nim-operator --tail=50`,
  };
}

/** The check of the whole cluster. */
export function runDoctor(place: Pick<Facts, "namespace">, text: string): NextStep {
  return { text, command: kubectl("nim doctor", place) };
}

/** A filled cache cannot be changed: it is made anew. */
export function remakeCache(place: Place, why: string): NextStep {
  return {
    text: `${why}; then delete the cache and create it again, because its spec cannot be changed and its Job is not repeated.`,
    command: kubectl(`nim delete nimcache ${shellWord(place.name)}`, place),
  };
}
