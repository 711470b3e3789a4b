import { PassThrough, Writable } from "node:stream";
import { confirm, isCancel, password, select, text, type CANCEL_SYMBOL } from "@clack/prompts";
import { SlipwayError, type Io } from "@slipway/base";
import { printable } from "../text.ts";
import { pressesOf } from "./presses.ts";
import type { ChooseQuestion, Prompter } from "./prompter.ts";

/** The streams that a question of clack works on. */
interface Streams {
  readonly input: PassThrough;
  readonly output: Writable;
  readonly signal: AbortSignal;
}

/** Asks on a terminal, with arrow keys. Between questions the terminal is as everywhere: Ctrl-C is a signal. */
export function terminalPrompter(io: Io): Prompter {
  const typed: TypedAhead = { waiting: [] };
  const ask = <Value>(start: (streams: Streams) => Promise<Value | typeof CANCEL_SYMBOL>): Promise<Value> =>
    askOnce(io, typed, start);
  const askText = (
    message: string,
    initial: string | undefined,
    placeholder: string | undefined,
    check: ((answer: string) => string | undefined) | undefined,
  ): Promise<string> => {
    const shown = initial === undefined || initial === "" ? placeholder : initial;
    return ask((streams) =>
      text({
        ...streams,
        message: printable(message),
        ...(shown === undefined ? {} : { placeholder: printable(shown) }),
        defaultValue: initial ?? "",
        validate: (answer = "") => problem(check, answer.trim() === "" ? (initial ?? "") : answer.trim()),
      }),
    ).then((answer) => answer.trim());
  };
  return {
    text: ({ message, initial, placeholder, check }) => askText(message, initial, placeholder, check),
    secret: ({ message, check }) =>
      ask((streams) =>
        password({
          ...streams,
          message: printable(message),
          validate: (answer = "") => problem(check, answer.trim()),
        }),
      ).then((answer) => answer.trim()),
    confirm: ({ message, initial = false }) =>
      ask((streams) => confirm({ ...streams, message: printable(message), initialValue: initial })),
    choose: async (question) => {
      const chosen = await ask((streams) => select({ ...streams, ...selectOptions(question) }));
      if (chosen >= 0) return question.choices[chosen]?.value ?? "";
      return askText(question.other?.label ?? question.message, undefined, undefined, (answer) =>
        answer === "" ? "An answer is needed." : question.other?.check?.(answer),
      );
    },
  };
}

function problem(check: ((answer: string) => string | undefined) | undefined, answer: string): string | undefined {
  const wrong = check?.(answer);
  return wrong === undefined ? undefined : printable(wrong);
}

/** Choices by their place, -1 being what lets another answer be typed. */
function selectOptions({ message, choices, initial, other }: ChooseQuestion): {
  message: string;
  options: { value: number; label: string; hint?: string }[];
  initialValue: number;
} {
  const shown = choices.map(({ value, label, hint }, index) => ({
    value: index,
    label: printable(label ?? value),
    ...(hint === undefined ? {} : { hint: printable(hint) }),
  }));
  const more = other === undefined ? [] : [{ value: -1, label: printable(other.label) }];
  const first = choices.findIndex(({ value }) => value === initial);
  return {
    message: printable(message),
    options: [...shown, ...more],
    initialValue: first >= 0 || choices.length === 0 ? first : 0,
  };
}

/** What was typed and belongs to questions that are yet to come. */
interface TypedAhead {
  waiting: readonly string[];
}

async function askOnce<Value>(
  io: Io,
  typed: TypedAhead,
  start: (streams: Streams) => Promise<Value | typeof CANCEL_SYMBOL>,
): Promise<Value> {
  io.signal.throwIfAborted();
  const over = new AbortController();
  const input = new PassThrough();
  const asking = start({ input, output: outputOf(io), signal: AbortSignal.any([io.signal, over.signal]) });
  const feeding = feed(io, typed, input, over);
  try {
    const answer = await asking;
    // After an abort clack's answer need not say that it is none.
    if (isCancel(answer) || io.signal.aborted || over.signal.aborted)
      throw new SlipwayError("INTERRUPTED", "interrupted");
    return answer;
  } finally {
    over.abort();
    await feeding;
    input.destroy();
  }
}

/**
 * Passes keys on one at a time, so that what is typed ahead, or pasted, is there for the next question. Ctrl-D at the
 * end of all typing is taken as Ctrl-C, because readline would stop listening; Ctrl-Z would stop the program with the
 * terminal as it is.
 */
async function feed(io: Io, typed: TypedAhead, input: PassThrough, over: AbortController): Promise<void> {
  const isOver = async (): Promise<boolean> => {
    await new Promise((resolve) => setImmediate(resolve));
    return over.signal.aborted;
  };
  const pass = async (presses: readonly string[]): Promise<void> => {
    for (const [index, press] of presses.entries()) {
      typed.waiting = presses.slice(index);
      if (await isOver()) return;
      typed.waiting = presses.slice(index + 1);
      if (press !== "\u001a") input.write(press === "\u0004" ? "\u0003" : press);
    }
  };
  await pass(typed.waiting);
  if (await isOver()) return;
  for await (const text of io.stdin.keys(over.signal)) await pass([...typed.waiting, ...pressesOf(text)]);
  over.abort();
}

/** Standard error as a stream that knows its width. */
function outputOf(io: Io): Writable {
  const output = new Writable({
    decodeStrings: false,
    write: (chunk: unknown, _encoding, done) => {
      io.stderr.write(String(chunk));
      done();
    },
  });
  return Object.assign(output, { columns: widthOf(io), isTTY: true });
}

/** A terminal that was never told its size says 0; so narrow, every character would be a line. */
function widthOf({ stderr: { columns = 0 } }: Io): number {
  return columns > 0 ? columns : 80;
}
