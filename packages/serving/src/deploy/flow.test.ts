import { SlipwayError } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ANSWER_KEYS, SOURCES, type Answers } from "./answers.ts";
import type { DeployFacts } from "./facts.ts";
import { advance, answered, startFlow, type DeployState } from "./flow.ts";
import type { AskMode } from "./question.ts";

const UNKNOWN = { unknown: "nothing" };
const NOTHING_KNOWN: DeployFacts = {
  storageClasses: UNKNOWN,
  caches: UNKNOWN,
  serviceExists: UNKNOWN,
  secrets: UNKNOWN,
  gpus: UNKNOWN,
  hubTokenFromAuthSecret: UNKNOWN,
};
const PIPE: AskMode = { isBrief: false, canTypeSecrets: false, isSettled: false };
const TERMINAL: AskMode = { ...PIPE, canTypeSecrets: true };

interface Ended {
  readonly asked: readonly string[];
  readonly state: DeployState;
}

/** Answers questions by their key, else with what a blank answer means, until there are no more. */
function run(given: Answers, typed: Readonly<Record<string, string>>, facts: DeployFacts, mode: AskMode): Ended {
  const asked: string[] = [];
  let state = startFlow(given, facts);
  for (let count = 0; count < 50; count++) {
    const next = advance(state, facts, mode);
    if (next.question === undefined) return { asked, state: next.state };
    const { key, initial } = next.question;
    asked.push(key);
    state = answered(next.state, next.question, typed[key] ?? initial ?? `an answer to ${key} is missing`);
  }
  throw new Error(`the flow does not end: ${asked.join(" ")}`);
}

const MODEL = "ngc://nvidia/nemo/llama:2.0";
const HUB = { endpoint: "https://huggingface.co", altNamespace: "meta-llama", modelName: "Llama-3.2-1B" };

test.each([
  [{ cache: "no", modelUrl: MODEL }, "cache modelUrl storageClass pvcSize gpuLimit proceed"],
  [{ cache: "yes", source: "ngc", modelUrl: MODEL }, "cache source modelUrl storageClass pvcSize gpuLimit proceed"],
  [
    { cache: "YES", source: "HuggingFace", ...HUB },
    "cache source endpoint altNamespace modelName storageClass pvcSize gpuLimit proceed",
  ],
  [
    { cache: "yes", source: "nemodatastore", ...HUB, endpoint: "http://data-store:3000/v1/hf" },
    "cache source endpoint altNamespace modelName storageClass pvcSize gpuLimit proceed",
  ],
  [{ cache: "yes", source: "existing", nimCache: "llama-cache" }, "cache source nimCache gpuLimit proceed"],
])("%j: the questions in their order, and none when all of it was given", (answers, expected) => {
  const { asked, state } = run({}, answers, NOTHING_KNOWN, PIPE);
  expect(asked.join(" ")).toBe(expected);
  const again = run(state.answers, {}, NOTHING_KNOWN, { ...PIPE, isSettled: true });
  expect([again.asked, again.state.answers]).toEqual([[], state.answers]);
});

test("a cache or a source that is given says what the questions before it would have", () => {
  expect(run({ nimCache: "a" }, {}, NOTHING_KNOWN, PIPE).asked).toEqual(["gpuLimit", "proceed"]);
  expect(run({ source: "ngc" }, { modelUrl: MODEL }, NOTHING_KNOWN, PIPE).asked[0]).toBe("modelUrl");
});

test("a brief flow takes what most would", () => {
  const brief = { ...PIPE, isBrief: true, isSettled: true };
  const { asked, state } = run({ cache: "no" }, { modelUrl: MODEL }, NOTHING_KNOWN, brief);
  expect([asked, state.answers]).toEqual([
    ["modelUrl", "storageClass"],
    { cache: "no", modelUrl: MODEL, storageClass: "", pvcSize: "20Gi", gpuLimit: "1" },
  ]);
});

test("missing secrets are offered where a key can be typed without being shown, and the key is no answer", () => {
  const facts = { ...NOTHING_KNOWN, secrets: { known: [] } };
  const typed = { cache: "yes", source: "huggingface", ...HUB, ngcKey: "nvapi-1", hfToken: "hf_1" };
  const { asked, state } = run({}, typed, facts, TERMINAL);
  expect(asked.slice(8)).toEqual(["createNgc", "ngcKey", "createHf", "hfToken", "proceed"]);
  expect(JSON.stringify(state.answers)).not.toMatch(/nvapi|hf_1/);
  expect(run({}, { ...typed, createNgc: "no", createHf: "no" }, facts, TERMINAL).asked.slice(8)).toEqual([
    "createNgc",
    "createHf",
    "proceed",
  ]);
});

test("secrets of another name that would do are offered", () => {
  const known = [{ name: "team-key", type: "Opaque", keys: ["NGC_API_KEY"] }];
  const { asked, state } = run({}, { cache: "no", modelUrl: MODEL }, { ...NOTHING_KNOWN, secrets: { known } }, PIPE);
  expect(asked.slice(4)).toEqual(["gpuLimit", "authSecret", "proceed"]);
  expect(state.answers.authSecret).toBe("team-key");
});

test.each<[Answers, string]>([
  [{ cache: "maybe" }, "--cache: Invalid response. Please enter 'yes' or 'no'."],
  [
    { source: "hugingface" },
    '--source: "hugingface" is no source: ngc, huggingface, nemoDataStore or existing. Did you mean "huggingface"?',
  ],
  [
    { source: "nemoDataStore", endpoint: "http://store:3000" },
    '--endpoint: The endpoint of a NeMo Data Store ends in /v1/hf; "http://store:3000" does not.',
  ],
  [{ endpoint: "huggingface.co" }, '--endpoint: An endpoint starts with http:// or https://, not "huggingface.co".'],
  [{ pvcSize: "20GB" }, '--pvc-size: A size is written like 20Gi or 1.5Ti, not "20GB". Did you mean "20Gi"?'],
  [{ pvcSize: "0Gi" }, '--pvc-size: A size is written like 20Gi or 1.5Ti, not "0Gi".'],
  [{ gpuLimit: "0" }, '--gpu-limit: How many GPUs is a whole number from 1, not "0".'],
  [
    { modelName: "meta/llama" },
    '--model-name: A model name has no slash and no spaces: "meta-llama/Llama-3.2-1B" has meta-llama as namespace and Llama-3.2-1B as model name.',
  ],
  [{ modelUrl: "ngc://nvidia/nemo/<model_name>:2.0" }, "--model-url: Put the model's name in place of <model_name>."],
  [{ storageClass: "Fast Disk" }, '--storage-class: "Fast Disk" cannot be the name of a storage class.'],
  [
    { authSecret: "nvapi-ABC1234567" },
    "--auth-secret: This looks like a key, and the name of a secret is asked for. Treat the key as known to others.",
  ],
  [{ nimCache: "" }, "--nimcache: The name of a NIMCache is needed."],
])("%j is refused before anything is asked", (given, message) => {
  const error = errorOf(() => startFlow(given, NOTHING_KNOWN));
  expect([error.code, error.describe()]).toEqual(["USAGE", message]);
});

test("an answer that no question asks for is refused before anything is made", () => {
  const given = { cache: "no", modelUrl: MODEL, endpoint: "https://huggingface.co", storageClass: "" };
  expect(errorOf(() => run(given, {}, NOTHING_KNOWN, PIPE)).describe()).toBe(
    "--endpoint says nothing about a model that is not cached\nLeave it out, or answer --cache and --source as it needs.",
  );
});

const answerOf = fc.oneof(
  fc.constantFrom("yes", "no", "", "20Gi", "2", MODEL, "https://huggingface.co", "http://a/v1/hf", "llama", ...SOURCES),
  fc.string(),
);

test("whatever is answered, the flow ends or says what is wrong, and pipe and terminal differ by secrets alone", () => {
  const facts: DeployFacts = {
    ...NOTHING_KNOWN,
    caches: { known: [{ name: "a", state: "Ready", model: "", isFromHub: true }] },
    secrets: { known: [] },
  };
  const isSecret = (key: string): boolean => ["createNgc", "ngcKey", "createHf", "hfToken"].includes(key);
  const trial = (given: Answers, typed: Readonly<Record<string, string>>, mode: AskMode): readonly string[] => {
    try {
      return run(given, { ngcKey: "k", hfToken: "k", ...typed }, facts, mode).asked;
    } catch (error) {
      if (error instanceof SlipwayError && error.code === "USAGE") return ["refused"];
      throw error;
    }
  };
  const answers = fc.dictionary(fc.constantFrom<string>(...ANSWER_KEYS), answerOf);
  fc.assert(
    fc.property(answers, answers, (given, typed) => {
      const piped = trial(given, typed, PIPE);
      const shown = trial(given, typed, TERMINAL);
      expect(shown.filter((key) => !isSecret(key))).toEqual(piped);
      expect(new Set(shown).size).toBe(shown.length);
    }),
    { numRuns: 500 },
  );
});
