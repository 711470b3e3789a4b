import { SlipwayError, type Io } from "@slipway/base";
import {
  ANSWERS,
  ANSWER_KEYS,
  advance,
  answered,
  conflictOf,
  type AskMode,
  type DeployFacts,
  type DeployQuestion,
  type DeployState,
  type DeployTarget,
} from "@slipway/serving/deploy";
import { createPrompter, type Prompter } from "@slipway/terminal/prompt";

/** What asking needs. */
export interface Asking {
  readonly io: Io;
  readonly target: DeployTarget;
  readonly facts: DeployFacts;
  readonly mode: AskMode;
  /** Called once when all answers are there, before the question whether to go on. */
  readonly beforeProceed: (state: DeployState) => void;
}

/**
 * Asks until there is nothing left to ask. A name that is taken ends it as soon as that is certain.
 *
 * @throws SlipwayError INTERRUPTED, USAGE without an answer, CONFLICT for a name that is taken
 */
export async function askAll(start: DeployState, asking: Asking): Promise<DeployState> {
  const { io, target, facts, mode, beforeProceed } = asking;
  let state = start;
  let prompter: Prompter | undefined;
  let isTold = false;
  for (;;) {
    const next = advance(state, facts, mode);
    const conflict = conflictOf(target, next.state.answers, facts);
    if (conflict !== undefined) throw conflict;
    const { question } = next;
    if (!isTold && (question === undefined || question.key === "proceed")) beforeProceed(next.state);
    isTold ||= question === undefined || question.key === "proceed";
    if (question === undefined) return next.state;
    prompter ??= await createPrompter(io);
    state = answered(next.state, question, await ask(prompter, question));
  }
}

function ask(prompter: Prompter, question: DeployQuestion): Promise<string> {
  const { key, kind, message, initial, placeholder, choices, other, mayEnd, read } = question;
  const answerKey = ANSWER_KEYS.find((candidate) => candidate === key);
  const unattended =
    answerKey === undefined ? undefined : `Answer it with --${ANSWERS[answerKey].flag}, or in the file of --answers.`;
  const common = { message, unattended, endMeansInitial: mayEnd };
  const check = (answer: string): string | undefined => {
    const reading = read(answer);
    return "wrong" in reading ? reading.wrong : undefined;
  };
  const ways: Readonly<Record<typeof kind, () => Promise<string>>> = {
    confirm: async () =>
      (await prompter.confirm({ ...common, initial: initial === undefined ? undefined : initial === "yes" }))
        ? "yes"
        : "no",
    text: () => prompter.text({ ...common, initial, placeholder, check }),
    choose: () =>
      prompter.choose({
        ...common,
        initial,
        choices,
        ...(other === undefined ? {} : { other: { label: other, check } }),
      }),
    secret: () => prompter.secret({ message, unattended, check }),
  };
  return ways[kind]();
}

/** The key that an environment variable holds. */
export function keyFrom(io: Io, flag: string, variable: string | undefined): string | undefined {
  if (variable === undefined) return undefined;
  const value = (io.env[variable] ?? "").trim();
  if (value !== "") return value;
  throw new SlipwayError("USAGE", `--${flag}: the environment variable "${variable}" is not set`, {
    hint: `Set it for this command alone: ${variable}=... kubectl nim deploy ...`,
  });
}
