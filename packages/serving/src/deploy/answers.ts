import { SlipwayError, didYouMean, entries, optionalText, type Cursor } from "@slipway/base";

/**
 * What a deployment is made from: every question of `kubectl nim deploy` by its key, with the flag that answers it. The order
 * is that of the questions; the first seven are those of the seed.
 */
export const ANSWERS = {
  cache: { flag: "cache", summary: "whether the model is kept in a NIMCache of its own" },
  source: {
    flag: "source",
    summary: "where a cache takes the model from: ngc, huggingface, nemoDataStore or existing",
  },
  nimCache: { flag: "nimcache", summary: "the existing NIMCache that holds the model" },
  modelUrl: { flag: "model-url", summary: "the model, such as ngc://nvidia/nemo/<model_name>:2.0" },
  endpoint: { flag: "endpoint", summary: "address of the hub that has the model" },
  altNamespace: { flag: "alt-namespace", summary: "namespace of the model at its hub" },
  modelName: { flag: "model-name", summary: "name of the model at its hub" },
  storageClass: { flag: "storage-class", summary: "storage class of the volume; empty is the cluster's default" },
  pvcSize: { flag: "pvc-size", summary: "size of the volume" },
  gpuLimit: { flag: "gpu-limit", summary: "GPUs of the service" },
  pullSecret: { flag: "pull-secret", summary: "secret that pulls images from nvcr.io" },
  authSecret: { flag: "auth-secret", summary: "secret with NGC_API_KEY" },
  altSecret: { flag: "alt-secret", summary: "secret with HF_TOKEN" },
} as const satisfies Record<string, AnswerText>;

interface AnswerText {
  readonly flag: string;
  readonly summary: string;
}

/** A question that has an answer which may be written down. */
export type AnswerKey = keyof typeof ANSWERS;

/** Answers so far, in their plain form: `yes` and `no`, `ngc`, a name, a size. */
export type Answers = Readonly<Partial<Record<AnswerKey, string>>>;

/** Where a model can come from; `existing` is a cache that is there. */
export const SOURCES = ["ngc", "huggingface", "nemoDataStore", "existing"] as const;

/** One of {@link SOURCES}. */
export type Source = (typeof SOURCES)[number];

/** All keys, in the order of the questions. */
export const ANSWER_KEYS: readonly AnswerKey[] = Object.keys(ANSWERS).filter(isAnswerKey);

function isAnswerKey(key: string): key is AnswerKey {
  return Object.hasOwn(ANSWERS, key);
}

/**
 * Answers of a file: a map from key to text, number or yes and no; the names of the flags are understood too. What they say is
 * checked when their question comes.
 *
 * @throws SlipwayError INVALID_INPUT for another key, with the nearest, or a value that is none
 */
export function answersOf(document: Cursor): Answers {
  const answers: Partial<Record<AnswerKey, string>> = {};
  for (const [name, value] of entries(document)) {
    const key = ANSWER_KEYS.find((candidate) => candidate === name || ANSWERS[candidate].flag === name);
    const place = { field: name };
    if (key === undefined)
      throw new SlipwayError("INVALID_INPUT", "is no question of this flow", {
        place,
        hint: didYouMean(name, ANSWER_KEYS) ?? `Questions are ${ANSWER_KEYS.join(", ")}.`,
      });
    if (answers[key] !== undefined) throw new SlipwayError("INVALID_INPUT", `${key} is answered twice`, { place });
    answers[key] = (optionalText(value) ?? "").trim();
  }
  return answers;
}

/** Answers that follow from others: who names a cache wants it, who names a source wants a cache. */
export function completed(answers: Answers): Answers {
  const { nimCache, source = nimCache === undefined ? undefined : "existing" } = answers;
  const { cache = source === undefined ? undefined : "yes" } = answers;
  return {
    ...answers,
    ...(source === undefined ? {} : { source }),
    ...(cache === undefined ? {} : { cache }),
  };
}
