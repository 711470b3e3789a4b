import { fstatSync, writeSync } from "node:fs";
import { EXIT_CODES, SlipwayError, type Clock, type Io, type Output } from "@slipway/base";
import { inputKeys, inputLines } from "./input.ts";
import { fileError, nodeCode } from "./node-error.ts";
import { tooLarge } from "./node-files.ts";

/** The parts of Node's process that a command line uses. */
export type HostProcess = Pick<
  NodeJS.Process,
  "argv" | "env" | "platform" | "cwd" | "stdin" | "stdout" | "stderr" | "on" | "exit" | "exitCode" | "getBuiltinModule"
>;

/** The real time. */
export const systemClock: Clock = { now: () => new Date() };

/** How long an interrupted command may tidy up. */
const GRACE_MS = 900;

/**
 * Runs a program in a real process: gives it an Io, turns SIGINT and SIGTERM into an abort (after nine tenths of a second, or at
 * the second signal, the process ends all the same), and leaves its exit status in `exitCode`.
 *
 * @param main gets the Io and the words behind the program's name, and gives the exit status
 */
export async function runProcess(
  host: HostProcess,
  main: (io: Io, words: readonly string[]) => Promise<number>,
): Promise<void> {
  const stop = new AbortController();
  const interrupted = EXIT_CODES.INTERRUPTED.exit;
  const onSignal = (): void => {
    if (stop.signal.aborted) host.exit(interrupted);
    stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
    setTimeout(() => host.exit(interrupted), GRACE_MS).unref();
  };
  host.on("SIGINT", onSignal);
  host.on("SIGTERM", onSignal);
  host.exitCode = await main(processIo(host, stop.signal), host.argv.slice(2));
}

/** The Io of a real process. Its streams are touched when they are first used, because setting them up costs time. */
export function processIo(host: HostProcess, signal: AbortSignal): Io {
  // Loading node:tty costs a fifth of a start; files and pipes are told apart without it.
  const isatty = (descriptor: number): boolean =>
    isCharacterDevice(descriptor) && host.getBuiltinModule("node:tty").isatty(descriptor);
  let lines: AsyncIterable<string> | undefined;
  return {
    stdin: {
      get isTerminal() {
        return isatty(0);
      },
      read: (maxBytes) => readInput(host.stdin, maxBytes, signal),
      lines: () => (lines ??= inputLines(() => host.stdin, signal)),
      keys: (until) => inputKeys(host.stdin, AbortSignal.any([signal, until])),
    },
    stdout: outputOf(
      1,
      () => host.stdout,
      isatty,
      signal,
      (error) => endWith(host, error),
    ),
    // Whoever cannot be told of a failure is not told that this failed.
    stderr: outputOf(
      2,
      () => host.stderr,
      isatty,
      signal,
      () => undefined,
    ),
    env: host.env,
    cwd: host.cwd(),
    platform: host.platform,
    signal,
  };
}

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}

/** A stream reports that a disk is full when the command is long past it. */
function endWith(host: HostProcess, error: SlipwayError): void {
  writeSync(2, `error: ${error.describe()}\n`);
  host.exit(error.exitCode);
}

/** What a pipe takes at once on Linux when nobody has read from it yet. */
const PIPE_BYTES = 64 * 1024;

/**
 * Short output goes straight to the descriptor, which a fresh pipe or a file always takes and which spares the start-up of
 * a stream; the rest goes through the stream, so that a reader that stalls cannot block an interruption. Once the reader
 * is gone, nothing more is written and nothing fails.
 *
 * @param fail is told when what went through the stream cannot be written; a direct write throws
 */
function outputOf(
  descriptor: 1 | 2,
  stream: () => NodeJS.WriteStream,
  isatty: (descriptor: number) => boolean,
  signal: AbortSignal,
  fail: (error: SlipwayError) => void,
): Output {
  let open: NodeJS.WriteStream | undefined;
  let written = 0;
  let closed = false;
  const underway = new Underway(signal);
  const throughStream = (text: Uint8Array): void => {
    open ??= stream().on("error", (error) => {
      closed = true;
      underway.clear();
      if (nodeCode(error) !== "EPIPE") fail(writeError(error));
    });
    open.write(text, underway.start());
  };
  const write = (text: string | Uint8Array): void => {
    if (closed || text.length === 0) return;
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    written += bytes.length;
    if (open !== undefined || written > PIPE_BYTES) return throughStream(bytes);
    const outcome = writeDirectly(descriptor, bytes);
    if (outcome === "gone") closed = true;
    else if (outcome < bytes.length) throughStream(bytes.subarray(outcome));
  };
  return {
    write,
    flush: async () => {
      await underway.settled();
      return !closed;
    },
    get isTerminal() {
      return isatty(descriptor);
    },
    get columns() {
      // A terminal that was never told its size says 0.
      return isatty(descriptor) ? stream().columns || undefined : undefined;
    },
  };
}

/** Writes that a stream has yet to hand over. */
class Underway {
  readonly #signal: AbortSignal;
  readonly #waiting = new Set<() => void>();
  #count = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @returns what is called when the write is done, or has failed */
  start(): () => void {
    this.#count++;
    return () => {
      this.#count--;
      if (this.#count <= 0) this.clear();
    };
  }

  /** Nobody takes anything any more. */
  clear(): void {
    this.#count = 0;
    for (const go of this.#waiting) go();
  }

  settled(): Promise<void> {
    if (this.#count <= 0 || this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const go = (): void => {
        this.#waiting.delete(go);
        this.#signal.removeEventListener("abort", go);
        resolve();
      };
      this.#waiting.add(go);
      this.#signal.addEventListener("abort", go, { once: true });
    });
  }
}

/** @returns how many bytes were taken, or that nobody reads any more */
function writeDirectly(descriptor: number, bytes: Uint8Array): number | "gone" {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if (nodeCode(error) === "EPIPE") return "gone";
    if (nodeCode(error) === "EAGAIN") return 0;
    if (descriptor === 2) return "gone";
    throw writeError(error);
  }
}

function writeError(error: unknown): SlipwayError {
  return fileError(error, "standard output");
}

async function readInput(stream: NodeJS.ReadStream, maxBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const onAbort = (): void => void stream.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : new Uint8Array(chunk);
      total += bytes.length;
      if (total > maxBytes) throw tooLarge(maxBytes).at({ file: "standard input" });
      chunks.push(bytes);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks);
}
