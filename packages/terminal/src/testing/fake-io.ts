import type { Io, Output } from "@slipway/base";

/** What the fake process is like. */
export interface FakeIoOptions {
  /** Whether a person looks at all three streams. Default: a pipe. */
  readonly tty?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  readonly platform?: string;
  readonly signal?: AbortSignal;
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
  const stdout = collector(tty, columns);
  const stderr = collector(tty, columns);
  return {
    stdin: {
      isTerminal: tty,
      read: async () => (typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin),
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

function collector(isTerminal: boolean, columns: number): Output & { text(): string } {
  const parts: string[] = [];
  return {
    isTerminal,
    columns: isTerminal ? columns : undefined,
    write: (text) => void parts.push(text),
    text: () => parts.join(""),
  };
}
