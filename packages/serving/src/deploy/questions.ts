import {
  readEndpoint,
  readGpus,
  readHubName,
  readModelUrl,
  readObjectName,
  readSecretName,
  readSize,
  readSource,
  readStorageClass,
  readYesNo,
  type Reading,
} from "./answer-checks.ts";
import type { AnswerKey, Answers } from "./answers.ts";
import { knownOr, type DeployFacts } from "./facts.ts";
import { SECRET_KINDS, type SecretKey } from "../secrets/kinds.ts";
import { candidates, neededSecrets, secretState } from "./needed-secrets.ts";
import type { DeployQuestion } from "./question.ts";

/** Volumes that the flow makes, unless told otherwise (seed: 20 GB). */
export const DEFAULT_SIZE = "20Gi";
/** GPUs of a service, unless told otherwise. */
export const DEFAULT_GPUS = "1";
/** Where Hugging Face is. */
const HUGGING_FACE = "https://huggingface.co";

/** A question of the flow: when it is asked, and what about. */
interface Rule {
  readonly key: AnswerKey;
  /** Whether the seed does not ask it: it comes behind all that the seed asks. */
  readonly isExtra: boolean;
  readonly applies: (answers: Answers, facts: DeployFacts) => boolean;
  readonly question: (answers: Answers, facts: DeployFacts) => Omit<DeployQuestion, "key">;
}

const isHub = ({ cache, source }: Answers): boolean =>
  cache === "yes" && (source === "huggingface" || source === "nemoDataStore");
const makesVolume = ({ cache, source }: Answers): boolean =>
  cache === "no" || (source !== undefined && source !== "existing");

/** The questions in their order: the seed's, word for word, then what the seed takes for granted. */
export const RULES: readonly Rule[] = [
  {
    key: "cache",
    isExtra: false,
    applies: () => true,
    question: () => ({
      kind: "confirm",
      message: "Do you want to cache the model?",
      choices: [],
      mayEnd: false,
      read: readYesNo,
    }),
  },
  { key: "source", isExtra: false, applies: ({ cache }) => cache === "yes", question: askSource },
  {
    key: "nimCache",
    isExtra: false,
    applies: ({ cache, source }) => cache === "yes" && source === "existing",
    question: askCache,
  },
  {
    key: "modelUrl",
    isExtra: false,
    applies: ({ cache, source }) => cache === "no" || (cache === "yes" && source === "ngc"),
    question: askModel,
  },
  { key: "endpoint", isExtra: false, applies: isHub, question: askEndpoint },
  {
    key: "altNamespace",
    isExtra: false,
    applies: isHub,
    question: () => text("Enter namespace", (answer) => readHubName(answer, "A namespace"), "meta-llama"),
  },
  {
    key: "modelName",
    isExtra: false,
    applies: isHub,
    question: () => text("Enter model name", (answer) => readHubName(answer, "A model name"), "Llama-3.2-1B-Instruct"),
  },
  { key: "storageClass", isExtra: false, applies: makesVolume, question: askStorageClass },
  {
    key: "pvcSize",
    isExtra: true,
    applies: makesVolume,
    question: () => withDefault("Enter size of the volume", DEFAULT_SIZE, readSize),
  },
  { key: "gpuLimit", isExtra: true, applies: () => true, question: askGpus },
  secretRule("pullSecret"),
  secretRule("authSecret"),
  secretRule("altSecret"),
];

function text(message: string, read: (answer: string) => Reading, placeholder?: string): Omit<DeployQuestion, "key"> {
  return { kind: "text", message, placeholder, choices: [], mayEnd: false, read };
}

function withDefault(message: string, initial: string, read: (answer: string) => Reading): Omit<DeployQuestion, "key"> {
  return { kind: "text", message, initial, choices: [], mayEnd: true, read };
}

function askSource(_answers: Answers, facts: DeployFacts): Omit<DeployQuestion, "key"> {
  const caches = knownOr(facts.caches, []);
  const existing =
    caches.length === 0 ? [] : [{ value: "existing", label: "an existing cache", hint: `${caches.length} here` }];
  return {
    kind: "choose",
    message: "Enter the image source for caching",
    choices: [
      { value: "ngc", label: "NGC" },
      { value: "huggingface", label: "Hugging Face" },
      { value: "nemoDataStore", label: "NeMo Data Store" },
      ...existing,
    ],
    mayEnd: false,
    read: readSource,
  };
}

function askCache(_answers: Answers, facts: DeployFacts): Omit<DeployQuestion, "key"> {
  const message = "Enter the name of the existing NIMCache";
  const read = (answer: string): Reading => readObjectName(answer, "NIMCache");
  const caches = knownOr(facts.caches, []).toSorted((left, right) => rank(left.state) - rank(right.state));
  if (caches.length === 0) return text(message, read);
  const choices = caches.map(({ name, state, model }) => ({
    value: name,
    hint: [state || "no state yet", model].filter((part) => part !== "").join(", "),
  }));
  return { kind: "choose", message, choices, other: "another name", mayEnd: false, read };
}

function rank(state: string): number {
  return state === "Ready" ? 0 : 1;
}

function askModel({ cache }: Answers): Omit<DeployQuestion, "key"> {
  const ngc = "ngc://nvidia/nemo/<model_name>:2.0";
  const examples = cache === "no" ? `${ngc}; hf://meta-llama/Llama-3.2-1B-Instruct` : ngc;
  return text(`Enter the Model URL (eg: ${examples})`, readModelUrl);
}

function askEndpoint({ source }: Answers): Omit<DeployQuestion, "key"> {
  const read = (answer: string): Reading => readEndpoint(answer, source);
  if (source === "huggingface") return { ...text("Enter endpoint", read), initial: HUGGING_FACE };
  return text("Enter endpoint", read, "http://nemo-data-store.nemo:3000/v1/hf");
}

function askStorageClass(_answers: Answers, facts: DeployFacts): Omit<DeployQuestion, "key"> {
  const message = "Enter StorageClass for PVC (leave blank to use cluster default)";
  const classes = knownOr(facts.storageClasses, []);
  const names = classes.map(({ name }) => name);
  const read = (answer: string): Reading => readStorageClass(answer, names);
  if (classes.length === 0) return withDefault(message, "", read);
  const usual = classes.find(({ isDefault }) => isDefault);
  const label = usual === undefined ? "cluster default (there is none now)" : `cluster default (${usual.name})`;
  return {
    kind: "choose",
    message,
    initial: "",
    choices: [
      { value: "", label },
      ...classes.map(({ name, isDefault, provisioner }) => ({
        value: name,
        hint: isDefault ? `default, ${provisioner}` : provisioner,
      })),
    ],
    mayEnd: true,
    read,
  };
}

function askGpus(_answers: Answers, facts: DeployFacts): Omit<DeployQuestion, "key"> {
  const gpus = knownOr(facts.gpus, undefined);
  const most = gpus?.most ?? 0;
  const limit = most === 0 ? "" : ` (at most ${most} on a node here)`;
  return withDefault(`Enter number of GPUs${limit}`, DEFAULT_GPUS, (answer) => readGpus(answer, most));
}

/** Another secret than the usual one is asked for only where that is not there and others would do. */
function secretRule(key: SecretKey): Rule {
  const { name, use } = SECRET_KINDS[key];
  const usual = `${name} (to be made)`;
  return {
    key,
    isExtra: true,
    applies: (answers, facts) =>
      neededSecrets(answers, facts).includes(key) &&
      secretState(key, name, facts) !== "there" &&
      candidates(key, facts).length > 0,
    question: (_answers, facts) => ({
      kind: "choose",
      message: `Choose the secret that ${use}`,
      initial: candidates(key, facts)[0],
      choices: [...candidates(key, facts).map((value) => ({ value })), { value: name, label: usual }],
      other: "another name",
      mayEnd: true,
      read: readSecretName,
    }),
  };
}
