import { SlipwayError } from "@slipway/base";
import { readYesNo, type Reading } from "./answer-checks.ts";
import { ANSWERS, ANSWER_KEYS, completed, type AnswerKey, type Answers } from "./answers.ts";
import type { DeployFacts } from "./facts.ts";
import { SECRET_KINDS } from "../secrets/kinds.ts";
import { missingSecrets, neededSecrets, type MissingSecret } from "./needed-secrets.ts";
import type { AskMode, DeployQuestion, PrivateKey } from "./question.ts";
import { keyProblem } from "../secrets/key.ts";
import { RULES } from "./questions.ts";

/** What is asked in private: decisions, and the keys that secrets are made from. It is never printed. */
export type PrivateAnswers = Readonly<Partial<Record<PrivateKey, string>>>;

/** Where the flow stands. */
export interface DeployState {
  /** Answers from flags and files, of which none is believed before its question comes. */
  readonly given: Answers;
  readonly answers: Answers;
  readonly secret: PrivateAnswers;
}

/**
 * Starts the flow.
 *
 * @param given answers of flags and files
 * @param secret keys that came another way than by being typed
 * @throws SlipwayError USAGE for an answer that its question would refuse
 */
export function startFlow(given: Answers, facts: DeployFacts, secret: PrivateAnswers = {}): DeployState {
  const whole = completed(given);
  for (const { key, question } of RULES) {
    const answer = whole[key];
    if (answer !== undefined) accepted(key, question(whole, facts).read(answer));
  }
  return { given: whole, answers: {}, secret };
}

/**
 * The next question, and the state with all that given answers settle before it; without a question the flow is at its
 * end. The same answers lead to the same questions, whoever asks.
 *
 * @throws SlipwayError USAGE for a given answer that its question refuses, or that no question has asked for
 */
export function advance(
  state: DeployState,
  facts: DeployFacts,
  mode: AskMode,
): { readonly state: DeployState; readonly question?: DeployQuestion } {
  let { answers } = state;
  for (const { key, isExtra, applies, question } of RULES) {
    refuseUnused(state.given, answers, facts);
    if (answers[key] !== undefined || !applies(answers, facts)) continue;
    const asked: DeployQuestion = { key, ...question(answers, facts) };
    const given = state.given[key];
    if (given !== undefined) answers = { ...answers, [key]: accepted(key, asked.read(given)) };
    else if (!isExtra || !mode.isBrief) return { state: { ...state, answers }, question: asked };
    else if (asked.initial !== undefined) answers = { ...answers, [key]: asked.initial };
  }
  answers = { ...answers, ...namedSecrets(state.given, answers, facts) };
  const unused = ANSWER_KEYS.find((key) => state.given[key] !== undefined && answers[key] === undefined);
  if (unused !== undefined) throw unusedAnswer(unused, answers);
  const reached = { ...state, answers };
  const question = privateQuestion(reached, facts, mode);
  return question === undefined ? { state: reached } : { state: reached, question };
}

/** The state after an answer to the question that {@link advance} gave. Throws USAGE for one that will not do. */
export function answered(state: DeployState, question: DeployQuestion, answer: string): DeployState {
  const { key } = question;
  const value = accepted(key, question.read(answer));
  if (isPrivate(key)) return { ...state, secret: { ...state.secret, [key]: value } };
  return { ...state, answers: { ...state.answers, [key]: value } };
}

/** Secrets that were named although nothing would have been asked: the usual one is there, say. */
function namedSecrets(given: Answers, answers: Answers, facts: DeployFacts): Answers {
  const missing: Partial<Record<AnswerKey, string>> = {};
  for (const key of neededSecrets(answers, facts)) {
    const name = given[key];
    if (name !== undefined && answers[key] === undefined) missing[key] = name;
  }
  return missing;
}

const SECRET_QUESTIONS = [
  { owner: "ngc", create: "createNgc", key: "ngcKey", what: "the API key of NGC" },
  { owner: "hf", create: "createHf", key: "hfToken", what: "the token of Hugging Face" },
] as const;

/** Missing secrets and the last question, which no file answers. */
function privateQuestion(state: DeployState, facts: DeployFacts, mode: AskMode): DeployQuestion | undefined {
  const missing = creatable(state.answers, facts);
  for (const { owner, create, key, what } of mode.canTypeSecrets ? SECRET_QUESTIONS : []) {
    const names = missing.filter((secret) => SECRET_KINDS[secret.key].owner === owner).map(({ name }) => name);
    if (names.length === 0 || state.secret[key] !== undefined || state.secret[create] === "no") continue;
    const are = names.length === 1 ? `Secret ${names.join("")} is` : `Secrets ${names.join(" and ")} are`;
    if (state.secret[create] === undefined)
      return confirm(create, `${are} missing. Create ${names.length === 1 ? "it" : "them"} now?`, "yes");
    return {
      key,
      kind: "secret",
      message: `Enter ${what} (it is not shown)`,
      choices: [],
      mayEnd: false,
      read: readSecret,
    };
  }
  if (mode.isSettled || state.secret.proceed !== undefined) return undefined;
  return confirm("proceed", "Create this?", "yes");
}

function confirm(key: PrivateKey, message: string, initial: string): DeployQuestion {
  return { key, kind: "confirm", message, initial, choices: [], mayEnd: true, read: readYesNo };
}

function readSecret(answer: string): Reading {
  const problem = keyProblem(answer);
  return problem === undefined ? { value: answer.trim() } : { wrong: `This will not do: ${problem}.` };
}

/** Secrets that can be made: those that are there but lack a key are somebody else's. */
export function creatable(answers: Answers, facts: DeployFacts): readonly MissingSecret[] {
  return missingSecrets(answers, facts).filter(({ state }) => state === "missing");
}

/** The value of an answer that was given rather than typed. */
function accepted(key: AnswerKey | PrivateKey, reading: Reading): string {
  if ("value" in reading) return reading.value;
  const name = isPrivate(key) ? key : `--${ANSWERS[key].flag}`;
  throw new SlipwayError("USAGE", `${name}: ${reading.wrong}`);
}

function isPrivate(key: AnswerKey | PrivateKey): key is PrivateKey {
  return !Object.hasOwn(ANSWERS, key);
}

/** As soon as it is settled where the model comes from, an answer that has no question any more is refused. */
function refuseUnused(given: Answers, answers: Answers, facts: DeployFacts): void {
  const isSettled = answers.cache === "no" || answers.source !== undefined;
  const unused = RULES.find(
    ({ key, applies }) => given[key] !== undefined && !isSecretKey(key) && !applies(answers, facts),
  );
  if (isSettled && unused !== undefined) throw unusedAnswer(unused.key, answers);
}

/** Which secrets are needed is only known when all else is. */
function isSecretKey(key: AnswerKey): boolean {
  return Object.hasOwn(SECRET_KINDS, key);
}

function unusedAnswer(key: AnswerKey, { cache, source }: Answers): SlipwayError {
  const way = cache === "no" ? "a model that is not cached" : `a model from ${source ?? "nowhere"}`;
  return new SlipwayError("USAGE", `--${ANSWERS[key].flag} says nothing about ${way}`, {
    hint: "Leave it out, or answer --cache and --source as it needs.",
  });
}
