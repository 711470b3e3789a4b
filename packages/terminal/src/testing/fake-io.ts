import type { Io, Output } from "@slipway/base";

/** What the fake process is like. */
export interface FakeIoOptions {
  /** Whether a person looks at all three streams. Default: a pipe. */
  readonly tty?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** What is typed, one press after the other; then nothing more. */
  readonly keys?: readonly string[];
  readonly cwd?: string;
  readonly platform?: string;
  readonly signal?: AbortSignal;
  /** Plays whoever reads standard output: done when the text is taken; the answer says whether more is read. */
  readonly reader?: (text: string) => Promise<boolean>;
}

/** An Io that keeps what is written. */
export interface FakeIo extends Io {
  /** All that was written to standard output. */
  readonly out: string;
  /** All that was written to standard error. */
  readonly err: string;
}

/** A process for tests, with nothing in its environment and an empty standard input unless told. */
export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const { tty = false, columns = 80, env = {}, stdin = "", cwd = "/", platform = "linux" } = options;
  const bytes = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
  const lines = linesOf(new TextDecoder().decode(bytes));
  const presses = (options.keys ?? [])[Symbol.iterator]();
  const stdout = collector(tty, columns, options.reader);
  const stderr = collector(tty, columns);
  return {
    stdin: {
      isTerminal: tty,
      read: async () => bytes,
      lines: () => lines,
      keys: (until) => keysOf(presses, until),
    },
    stdout,
    stderr,
    env,
    cwd,
    platform,
    signal: options.signal ?? new AbortController().signal,
    get out() {
      return stdout.text();
    },
    get err() {
      return stderr.text();
    },
  };
}

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.split(/\r?\n/).slice(0, text === "" || text.endsWith("\n") ? -1 : undefined);
}

/** A press at a time, each when the one before has had its effect. */
async function* keysOf(presses: Iterator<string>, until: AbortSignal): AsyncGenerator<string> {
  while (!until.aborted) {
    await new Promise((resolve) => setImmediate(resolve));
    const press = until.aborted ? undefined : presses.next();
    if (press === undefined) return;
    if (press.done !== true) yield press.value;
    else await new Promise((resolve) => until.addEventListener("abort", resolve, { once: true }));
  }
}

function collector(
  isTerminal: boolean,
  columns: number,
  reader: (text: string) => Promise<boolean> = async () => true,
): Output & { text(): string } {
  const parts: Uint8Array[] = [];
  const taken: string[] = [];
  const decoder = new TextDecoder();
  let isRead = true;
  /** Signs may be cut between two writes of bytes. */
  const take = (): string => {
    const text = parts
      .splice(0)
      .map((part) => decoder.decode(part, { stream: true }))
      .join("");
    if (isRead) taken.push(text);
    return text;
  };
  return {
    isTerminal,
    columns: isTerminal ? columns : undefined,
    write: (text) => void parts.push(typeof text === "string" ? new TextEncoder().encode(text) : Uint8Array.from(text)),
    flush: async () => {
      const text = take();
      if (isRead && text !== "") isRead = await reader(text);
      return isRead;
    },
    text: () => {
      take();
      return taken.join("");
    },
  };
}
