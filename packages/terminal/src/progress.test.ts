import { expect, test } from "vitest";
import { createProgress } from "./progress.ts";
import { fakeIo } from "./testing/index.ts";

function shown(options: { tty: boolean; quiet?: boolean }, columns = 80): string {
  const io = fakeIo({ tty: options.tty, columns });
  const progress = createProgress(io, options.quiet ?? false);
  progress.done();
  progress.show("Making the bundle");
  progress.show("Pushing");
  progress.done();
  progress.done();
  expect(io.out).toBe("");
  return io.err;
}

test("one line that is replaced, and gone at the end", () => {
  expect(shown({ tty: true })).toBe("\r\u001b[KMaking the bundle\r\u001b[KPushing\r\u001b[K");
});

test("cut to the width of the terminal, so that it stays one line", () => {
  expect(shown({ tty: true }, 8)).toBe("\r\u001b[KMaking \r\u001b[KPushing\r\u001b[K");
});

test("nothing where nobody looks, and nothing between records", () => {
  expect([shown({ tty: false }), shown({ tty: true, quiet: true })]).toEqual(["", ""]);
});
