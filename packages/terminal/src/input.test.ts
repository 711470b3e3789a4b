import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const library = join(import.meta.dirname, "process-io.ts");

/** Starts the body of a `main(io)` in a real process. */
function start(body: string) {
  const script = `import { runProcess } from ${JSON.stringify(library)};
    await runProcess(process, async (io) => { ${body} });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  child.stdout.setEncoding("utf8");
  return { child, ended, said: child.stdout[Symbol.asyncIterator]() };
}

test("lines come as they are written, and a pipe that stays open does not hold the program", async () => {
  const { child, ended, said } = start(
    `const lines = io.stdin.lines()[Symbol.asyncIterator]();
     for (let n = 0; n < 3; n++) io.stdout.write(JSON.stringify(await lines.next())); return 0;`,
  );
  for (const [written, line] of [
    ["one\r\n", "one"],
    ["\ntw", ""],
    ["o ü\nthree\n", "two ü"],
  ] as const) {
    child.stdin.write(written);
    expect((await said.next()).value).toBe(JSON.stringify({ done: false, value: line }));
  }
  expect(await ended).toBe(0);
});

test("what stands behind the last line's end is a line; each reader goes on where the last one stopped", async () => {
  const { child, ended, said } = start(
    `const first = await io.stdin.lines()[Symbol.asyncIterator]().next();
     const rest = []; for await (const line of io.stdin.lines()) rest.push(line);
     io.stdout.write(JSON.stringify([first.value, ...rest])); return 0;`,
  );
  child.stdin.end("one\ntwo\nthree");
  expect([(await said.next()).value, await ended]).toEqual(['["one","two","three"]', 0]);
});

test("a line beyond all sense is refused", async () => {
  const { child, ended, said } = start(
    `try { for await (const line of io.stdin.lines()); } catch (error) { io.stdout.write(error.describe()); return error.exitCode; }`,
  );
  child.stdin.on("error", () => undefined).end("x".repeat(3_000_000));
  expect([(await said.next()).value, await ended]).toEqual([
    "standard input: a line has more than 1000000 characters",
    2,
  ]);
});

test("an interruption ends the wait for a line", async () => {
  const { child, ended, said } = start(
    `io.stdout.write("ready");
     try { await io.stdin.lines()[Symbol.asyncIterator]().next(); } catch (error) { io.stdout.write(error.code); return 130; }`,
  );
  await said.next();
  child.kill("SIGINT");
  expect([(await said.next()).value, await ended]).toEqual(["INTERRUPTED", 130]);
});
