import { didYouMean } from "@slipway/base";
import { isSubdomainName } from "@slipway/kube";
import { looksLikeKey } from "../secrets/key.ts";
import { SOURCES, type Source } from "./answers.ts";

/** The plain form of an answer, or what is wrong with it, as a sentence. */
export type Reading = { readonly value: string } | { readonly wrong: string };

/** `yes` or `no`, in any case, and what YAML calls them. */
export function readYesNo(answer: string): Reading {
  const word = answer.trim().toLowerCase();
  if (["yes", "y", "true"].includes(word)) return { value: "yes" };
  if (["no", "n", "false"].includes(word)) return { value: "no" };
  return { wrong: "Invalid response. Please enter 'yes' or 'no'." };
}

/** A source in any case. */
export function readSource(answer: string): Reading {
  const source = sourceOf(answer);
  if (source !== undefined) return { value: source };
  const hint = didYouMean(answer, SOURCES);
  return {
    wrong: `"${answer}" is no source: ngc, huggingface, nemoDataStore or existing.${hint === undefined ? "" : ` ${hint}`}`,
  };
}

/** The source that a word means, in any case. */
export function sourceOf(word: string): Source | undefined {
  return SOURCES.find((source) => source.toLowerCase() === word.trim().toLowerCase());
}

/** An address of a model; its scheme is for NIM to judge. */
export function readModelUrl(answer: string): Reading {
  const url = answer.trim();
  if (url === "") return { wrong: "A model is needed, such as ngc://nvidia/nemo/<model_name>:2.0." };
  if (/\s/.test(url)) return { wrong: "A model URL has no spaces." };
  if (url.includes("<")) return { wrong: "Put the model's name in place of <model_name>." };
  return { value: url };
}

/** The address of a hub; NeMo Data Store is reached at `/v1/hf` (NIM Operator, NIMCache `spec.source.dataStore.endpoint`). */
export function readEndpoint(answer: string, source: string | undefined): Reading {
  const endpoint = answer.trim();
  if (endpoint === "") return { wrong: "An endpoint is needed, such as https://huggingface.co." };
  if (!/^https?:\/\/[^\s/]/.test(endpoint) || /\s/.test(endpoint))
    return { wrong: `An endpoint starts with http:// or https://, not "${endpoint}".` };
  if (source === "nemoDataStore" && !/\/v1\/hf\/?$/.test(endpoint))
    return { wrong: `The endpoint of a NeMo Data Store ends in /v1/hf; "${endpoint}" does not.` };
  return { value: endpoint };
}

/** One part of `namespace/model`. */
export function readHubName(answer: string, what: string): Reading {
  const name = answer.trim();
  if (name === "") return { wrong: `${what} is needed.` };
  if (/[\s/]/.test(name))
    return {
      wrong: `${what} has no slash and no spaces: "meta-llama/Llama-3.2-1B" has meta-llama as namespace and Llama-3.2-1B as model name.`,
    };
  return { value: name };
}

/** The name of an object. */
export function readObjectName(answer: string, what: string): Reading {
  const name = answer.trim();
  if (name === "") return { wrong: `The name of a ${what} is needed.` };
  return isSubdomainName(name) ? { value: name } : { wrong: `"${name}" cannot be the name of a ${what}.` };
}

/** The name of a secret. A key in its place is not repeated. */
export function readSecretName(answer: string): Reading {
  if (!looksLikeKey(answer)) return readObjectName(answer, "secret");
  return { wrong: "This looks like a key, and the name of a secret is asked for. Treat the key as known to others." };
}

/**
 * A storage class, blank for the cluster's default.
 *
 * @param there names of the classes of the cluster. Without any, volumes can still be made by hand for a name, and every name
 * will do.
 */
export function readStorageClass(answer: string, there: readonly string[]): Reading {
  if (answer.trim() === "") return { value: "" };
  const reading = readObjectName(answer, "storage class");
  if ("wrong" in reading || there.length === 0 || there.includes(reading.value)) return reading;
  const next = didYouMean(reading.value, there) ?? "Leave it blank for the cluster's default.";
  return { wrong: `There is no storage class "${reading.value}" in the cluster, only ${there.join(", ")}. ${next}` };
}

/** A size above nothing, as Kubernetes writes quantities, without exponents. */
export function readSize(answer: string): Reading {
  const size = answer.trim();
  if (/^\d+(\.\d+)?([KMGTPE]i|[kMGTPE])?$/.test(size) && Number.parseFloat(size) > 0) return { value: size };
  const better = /^\d+(\.\d+)?\s*[kmgt]i?b?$/i.test(size) ? inKubernetes(size) : size;
  const hint = better === size ? "" : ` Did you mean "${better}"?`;
  return { wrong: `A size is written like 20Gi or 1.5Ti, not "${size}".${hint}` };
}

/** `20GB` as `20Gi`: who writes a size that way thinks in powers of two. */
function inKubernetes(size: string): string {
  const [, number = "", unit = ""] = /^([\d.]+)\s*([kmgt])/i.exec(size) ?? [];
  return `${number}${unit.toUpperCase()}i`;
}

/**
 * How many GPUs; a service without any cannot run a model.
 *
 * @param most GPUs of the largest node; 0 where no node has any, or none may be seen: nodes may come when they are needed
 */
export function readGpus(answer: string, most: number): Reading {
  const count = answer.trim();
  if (!/^[1-9]\d{0,3}$/.test(count)) return { wrong: `How many GPUs is a whole number from 1, not "${count}".` };
  if (most === 0 || Number(count) <= most) return { value: count };
  return { wrong: `No node has ${count} GPUs: the largest has ${most}. Ask for ${most} or fewer.` };
}
