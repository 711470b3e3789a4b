import { expect, test } from "vitest";
import { LineSink } from "./line-sink.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A reader that takes what is written when it is told to. */
class Reader {
  readonly writes: string[] = [];
  #take: (isRead: boolean) => void = () => undefined;

  write(text: string | Uint8Array): void {
    this.writes.push(typeof text === "string" ? text : new TextDecoder().decode(text));
  }

  flush(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#take = resolve;
    });
  }

  take(isRead = true): void {
    this.#take(isRead);
  }
}

function sinkTo(reader: Reader, onGone = (): void => undefined): LineSink {
  return new LineSink(reader, { sleep: () => Promise.resolve() }, new AbortController().signal, onGone);
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

test("what comes while the reader is busy goes out in one write", async () => {
  const reader = new Reader();
  const sink = sinkTo(reader);
  const first = sink.push(bytes("a\n"));
  await turn();
  const more = Promise.all([sink.push(bytes("b\n")), sink.push(bytes("c\n"))]);
  await turn();
  expect(reader.writes).toEqual(["a\n"]);
  reader.take();
  await first;
  await turn();
  expect(reader.writes).toEqual(["a\n", "b\nc\n"]);
  reader.take();
  await more;
});

test("many writers wait for a reader that stalls, so that nothing piles up", async () => {
  const reader = new Reader();
  const sink = sinkTo(reader);
  const pushed = Array.from({ length: 50 }, () => 0);
  const writers = pushed.map(async (_, index) => {
    for (let number = 0; number < 20; number++) {
      pushed[index] = number + 1;
      await sink.push(bytes(`${index}:${number}\n`));
    }
  });
  await turn();
  expect(Math.max(...pushed)).toBe(1);
  for (let round = 0; round < 60; round++) {
    reader.take();
    await turn();
  }
  await Promise.all(writers);
  expect(reader.writes.join("").trim().split("\n").length).toBe(1000);
  expect(reader.writes.length).toBeLessThanOrEqual(21);
});

test("a reader that is gone is told once, and nothing more is written", async () => {
  const reader = new Reader();
  const told: string[] = [];
  const sink = sinkTo(reader, () => told.push("gone"));
  const first = sink.push(bytes("a\n"));
  await turn();
  reader.take(false);
  await first;
  await sink.push(bytes("b\n"));
  expect([reader.writes, told, sink.isRead]).toEqual([["a\n"], ["gone"], false]);
});
