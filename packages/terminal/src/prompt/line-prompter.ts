import { SlipwayError, type Io } from "@slipway/base";
import { printable } from "../text.ts";
import { pressesOf } from "./presses.ts";
import { choiceOf, wrongChoice } from "./choice-match.ts";
import type { Choice, Prompter, Question } from "./prompter.ts";

/** Answers that will not do, one after the other, before a pipe is given up: it may have no end. */
const MOST_ATTEMPTS = 20;

/** A question as a line, and what becomes of an answer. */
interface Line<Value> {
  readonly question: Question;
  readonly text: string;
  readonly initial?: Value | undefined;
  readonly read: (answer: string) => { readonly value: Value } | { readonly wrong: string };
}

/** Asks in lines: for pipes, and for terminals that cannot move the cursor. */
export function linePrompter(io: Io): Prompter {
  const lines = io.stdin.lines()[Symbol.asyncIterator]();
  const visible = async (): Promise<string | undefined> => {
    const { done, value } = await lines.next();
    return done === true ? undefined : value.trim();
  };
  const hidden = io.stdin.isTerminal ? () => typedInSecret(io) : visible;
  const ask = <Value>(line: Line<Value>, next = visible): Promise<Value> => askLine(io, line, next);
  return {
    text: (question) =>
      ask({
        question,
        text: withInitial(question.message, question.initial),
        initial: question.initial,
        read: (answer) => checked(answer === "" ? (question.initial ?? "") : answer, question.check),
      }),
    secret: (question) =>
      ask({ question, text: `${question.message}:`, read: (answer) => checked(answer, question.check) }, hidden),
    confirm: (question) =>
      ask({
        question,
        text: withInitial(`${question.message} (yes/no)`, yesNoText(question.initial)),
        initial: question.initial,
        read: (answer) => yesOrNo(answer, question.initial),
      }),
    choose: (question) =>
      ask({
        question,
        text: `${question.message}${choicesText(question.choices)}:`,
        initial: question.initial,
        read: (answer) => {
          const value = choiceOf(question, answer);
          return value === undefined ? { wrong: wrongChoice(question, answer) } : { value };
        },
      }),
  };
}

async function askLine<Value>(
  io: Io,
  { question, text, initial, read }: Line<Value>,
  next: () => Promise<string | undefined>,
): Promise<Value> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    io.signal.throwIfAborted();
    io.stderr.write(`${printable(text)}\n`);
    const answer = await next();
    if (answer === undefined) {
      if (question.endMeansInitial === true && initial !== undefined) return initial;
      throw unanswered(question, "standard input ended");
    }
    const outcome = read(answer);
    if ("value" in outcome) return outcome.value;
    io.stderr.write(`${printable(outcome.wrong)}\n`);
  }
  throw unanswered(question, `${MOST_ATTEMPTS} answers would not do`);
}

function unanswered({ message, unattended }: Question, why: string): SlipwayError {
  return new SlipwayError("USAGE", `no answer to "${message}": ${why}`, { hint: unattended });
}

function withInitial(message: string, initial: string | undefined): string {
  return `${message}${initial === undefined || initial === "" ? "" : ` [${initial}]`}:`;
}

function yesNoText(initial: boolean | undefined): string | undefined {
  if (initial === undefined) return undefined;
  return initial ? "yes" : "no";
}

/** A pipe answers with values. */
function choicesText(choices: readonly Choice[]): string {
  const values = choices.map(({ value }) => value).filter((value) => value !== "");
  return values.length === 0 ? "" : ` (${values.join(", ")})`;
}

function checked(
  value: string,
  check: ((answer: string) => string | undefined) | undefined,
): { readonly value: string } | { readonly wrong: string } {
  const wrong = check?.(value);
  return wrong === undefined ? { value } : { wrong };
}

function yesOrNo(
  answer: string,
  initial: boolean | undefined,
): { readonly value: boolean } | { readonly wrong: string } {
  const word = answer.toLowerCase();
  if (word === "" && initial !== undefined) return { value: initial };
  if (word === "yes" || word === "y") return { value: true };
  if (word === "no" || word === "n") return { value: false };
  return { wrong: "Invalid response. Please enter 'yes' or 'no'." };
}

/** A line that is typed at a terminal without being shown; Ctrl-C and Ctrl-D interrupt, nothing else but typing works. */
async function typedInSecret(io: Io): Promise<string> {
  const over = new AbortController();
  let typed = "";
  try {
    for await (const text of io.stdin.keys(over.signal)) {
      for (const sign of pressesOf(text)) {
        if (sign === "\r" || sign === "\n") return typed.trim();
        if (sign === "\u0003" || sign === "\u0004") throw new SlipwayError("INTERRUPTED", "interrupted");
        if (sign === "\u007f" || sign === "\b") typed = typed.slice(0, -1);
        else if (sign >= " " && !sign.startsWith("\u001b")) typed += sign;
      }
    }
    throw new SlipwayError("INTERRUPTED", "interrupted");
  } finally {
    over.abort();
  }
}
