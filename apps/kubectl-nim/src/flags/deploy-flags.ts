import { ANSWERS, ANSWER_KEYS, LLM_NIM, type AnswerKey } from "@slipway/serving/deploy";
import { switchFlag, textFlag, type Flag } from "@slipway/terminal";
import { DRY_RUN_FLAG, OUTPUT_FLAG, YES_FLAG, timeoutFlag } from "./common-flags.ts";

/** A model of many gigabytes takes its time. */
const PATIENCE_MS = 60 * 60 * 1000;

/** Whether the model is cached: given or not, as every answer. */
const CACHE_FLAG = answerSwitch(ANSWERS.cache.flag, ANSWERS.cache.summary);

/** A switch that takes yes and no as well: the words of the question and of files with answers. */
function answerSwitch(name: string, summary: string): Flag<boolean> {
  const flag = switchFlag(name, { summary, group: "Answers" });
  const words: Readonly<Record<string, string>> = { yes: "true", y: "true", no: "false", n: "false" };
  return {
    ...flag,
    decode: (given) =>
      flag.decode(given.map(({ text, origin }) => ({ origin, text: words[text.toLowerCase()] ?? text }))),
  };
}

/** A flag for each question but the first, which is a switch. */
const ANSWER_FLAGS: readonly (readonly [AnswerKey, Flag<string | undefined>])[] = ANSWER_KEYS.filter(
  (key) => key !== "cache",
).map((key) => {
  const { flag, summary } = ANSWERS[key];
  return [key, textFlag(flag, { summary, group: "Answers", placeholder: "VALUE", repeat: "last" })];
});

/** Flags of `kubectl nim deploy`. */
export const DEPLOY_FLAGS = {
  cache: CACHE_FLAG,
  answers: textFlag("answers", {
    summary: "file with answers (YAML or JSON), by key or by the name of their flag",
    group: "Answers",
    placeholder: "FILE",
    completion: "files",
  }),
  repository: textFlag("image-repository", {
    summary: `image that serves the model (default ${LLM_NIM.repository})`,
    group: "Image",
    placeholder: "IMAGE",
    repeat: "last",
  }),
  tag: textFlag("tag", {
    summary: `tag of the image (default ${LLM_NIM.tag})`,
    group: "Image",
    placeholder: "TAG",
    repeat: "last",
  }),
  ngcKeyEnv: keyFlag("ngc-key-env", "the API key of NGC", "NGC_API_KEY"),
  hfTokenEnv: keyFlag("hf-token-env", "the token of Hugging Face", "HF_TOKEN"),
  yes: YES_FLAG,
  wait: switchFlag("wait", {
    summary: "wait until the service is ready (default: on a terminal)",
    group: "Behaviour",
  }),
  timeout: timeoutFlag(PATIENCE_MS),
  dryRun: DRY_RUN_FLAG,
  output: OUTPUT_FLAG,
} as const;

/** Every flag, in the order of help. */
export const ALL_DEPLOY_FLAGS: readonly Flag<unknown>[] = [
  DEPLOY_FLAGS.answers,
  DEPLOY_FLAGS.cache,
  ...ANSWER_FLAGS.map(([, flag]) => flag),
  ...Object.values(DEPLOY_FLAGS).filter((flag) => flag !== DEPLOY_FLAGS.answers && flag !== DEPLOY_FLAGS.cache),
];

/** The flags that answer questions with text. */
export const TEXT_ANSWERS = ANSWER_FLAGS;

function keyFlag(name: string, what: string, variable: string) {
  return textFlag(name, {
    summary: `environment variable with ${what}, such as ${variable}: missing secrets are made from it`,
    group: "Secrets",
    placeholder: "VARIABLE",
    repeat: "last",
  });
}
