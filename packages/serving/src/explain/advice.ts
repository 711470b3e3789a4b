import { compactJson, type TreeMap } from "@slipway/base";
import type { NextStep } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";
import { NIM_KINDS } from "../resources.ts";
import { shellWord } from "../shell.ts";

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
 * How a secret with a key is made.
 *
 * @param key what it lacks, if that is known
 * @param replace whether it is there already and lacks only the key
 */
export function makeSecret(place: Place, secret: string, key: string | undefined, replace = false): NextStep {
  if (key !== undefined && key !== "HF_TOKEN" && key !== "NGC_API_KEY")
    return {
      text: `Put the key ${key} into the secret.`,
      command: kubectl(`patch secret ${shellWord(secret)} -p ${stringDataPatch(key)}`, place),
    };
  const isHub = isForHub(secret, key);
  const name = secret === (isHub ? "hf-api-secret" : "ngc-api-secret") ? "" : ` ${shellWord(secret)}`;
  const line = `nim secret ${isHub ? `hf${name}` : `ngc${name} --only api`}${replace ? " --replace" : ""}`;
  const text = replace ? `Put ${key ?? "the key"} into the secret; it is asked for.` : "Make it; the key is asked for.";
  return { text, command: kubectl(line, place) };
}

/** A patch, as a word of the shell, that fills a key from the variable VALUE; the shell touches nothing else of it. */
function stringDataPatch(key: string): string {
  const [before, after] = [`{"stringData":{${compactJson(key)}:"`, `"}}`];
  return `${shellWord(before)}"$VALUE"${shellWord(after)}`;
}

function isForHub(secret: string, key: string | undefined): boolean {
  return key === undefined ? secret === "hf-api-secret" : key === "HF_TOKEN";
}

/** How a secret for a registry is made. */
export function makePullSecret(place: Place, secret: string, registry: string, replace = false): NextStep {
  if (registry === "nvcr.io") {
    const name = secret === "ngc-secret" ? "" : ` --pull-secret ${shellWord(secret)}`;
    return {
      text: replace
        ? "Put a key into the secret that may pull the image; it is asked for."
        : "Make it; the key is asked for.",
      command: kubectl(`nim secret ngc --only pull${name}${replace ? " --replace" : ""}`, place),
    };
  }
  return {
    text: `Make the pull secret ${secret} for ${registry}.`,
    command: kubectl(
      `create secret docker-registry ${shellWord(secret)} --docker-server=${shellWord(registry)} --docker-username="$REGISTRY_USER" --docker-password="$REGISTRY_PASSWORD"`,
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
