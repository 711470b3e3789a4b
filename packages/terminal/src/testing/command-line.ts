import { expect } from "vitest";
import type { FakeIoOptions } from "./fake-io.ts";

/** How a command line ended: all that a user sees. */
export interface Seen {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** The words of a line, single quotes around what has spaces. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
}

/** Text of a terminal without colours and without lines that were wiped out. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- this is what colours are
  return text.replaceAll(/\r\u001b\[K[^\r\n\u001b]*(?=\r)|\r\u001b\[K|\u001b\[\d+m/g, "");
}

/**
 * Runs a line in a pipe, then on a terminal, and gives what was seen in the pipe. Throws when the terminal showed anything
 * else than the same with colours and a line of progress.
 */
export async function inPipeAndTerminal<Options extends FakeIoOptions>(
  run: (options: Options & FakeIoOptions) => Promise<Seen>,
  options: Options,
  columns: number,
): Promise<Seen> {
  const piped = await run({ ...options, tty: false });
  const { exit, out, err } = await run({ ...options, tty: true, columns });
  expect({ exit, out: plain(out), err: plain(err) }).toEqual(piped);
  return piped;
}
