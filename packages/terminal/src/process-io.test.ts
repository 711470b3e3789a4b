import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const library = join(import.meta.dirname, "process-io.ts");

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the body of a `main(io, words)` in a real process; `act` gets the process when it has printed something. */
function run(
  body: string,
  options: { words?: readonly string[]; input?: string; act?: (pid: number) => void } = {},
): Promise<Ended> {
  const script = `import { runProcess } from ${JSON.stringify(library)};
    await runProcess(process, async (io, words) => { ${body} });`;
  const { words = [], input = "", act } = options;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, "--", "tool", ...words]);
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    if (child.pid !== undefined) act?.(child.pid);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.stdin.on("error", () => undefined).end(input);
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

/** Runs a shell command in which `TOOL` is a `main` as in {@link run}. */
function shell(command: string, body: string): Promise<Ended> {
  const script = `import { runProcess } from ${JSON.stringify(library)};
    await runProcess(process, async (io) => { ${body} });`;
  const env = { ...process.env, NODE: process.execPath, SCRIPT: script };
  const child = spawn("bash", ["-c", command.replace("TOOL", '"$NODE" --input-type=module -e "$SCRIPT"')], { env });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

test("words, streams and the exit status", async () => {
  const body = `io.stdout.write("out " + words.join("+")); io.stderr.write("err"); return 3;`;
  expect(await run(body, { words: ["a", "b c"] })).toEqual({ code: 3, out: "out a+b c", err: "err" });
});

test("a pipe is no terminal", async () => {
  const body = `io.stdout.write(JSON.stringify([io.stdout.isTerminal, io.stdout.columns ?? null, io.stdin.isTerminal])); return 0;`;
  expect((await run(body)).out).toBe("[false,null,false]");
});

test("standard input is read up to a limit", async () => {
  const body = `io.stdout.write(new TextDecoder().decode(await io.stdin.read(5))); return 0;`;
  expect(await run(body, { input: "hello" })).toEqual({ code: 0, out: "hello", err: "" });
  const refused = `try { await io.stdin.read(4) } catch (error) { io.stdout.write(error.describe()) } return 2;`;
  expect(await run(refused, { input: "hello" })).toEqual({
    code: 2,
    out: "standard input: larger than 4 bytes, which is the limit",
    err: "",
  });
});

test("much output arrives whole and in order", async () => {
  const body = `for (let n = 0; n < 40; n++) io.stdout.write((n + " ").padEnd(10_000, "x") + "\\n"); return 0;`;
  const { code, out } = await run(body);
  const lines = out.trimEnd().split("\n");
  expect([code, lines.length]).toEqual([0, 40]);
  expect(lines.map((line) => [Number.parseInt(line, 10), line.length])).toEqual(
    Array.from({ length: 40 }, (_, index) => [index, 10_000]),
  );
});

test.each([
  ["little", "1"],
  ["much", "10_000_000"],
])("a reader that goes away is no failure: %s output", async (_name, size) => {
  const body = `for (let n = 0; n < 3; n++) {
    await new Promise((go) => setTimeout(go, 50)); io.stdout.write("x".repeat(${size})); } return 0;`;
  expect(await shell("set -o pipefail; TOOL | true", body)).toEqual({ code: 0, out: "", err: "" });
});

test.each([
  ["little", "10"],
  ["much", "1_000_000"],
])("a full disk is told on standard error: %s output", async (_name, size) => {
  const body = `try { io.stdout.write("x".repeat(${size})); await new Promise((go) => setTimeout(go, 500)); return 0; }
    catch (error) { io.stderr.write("error: " + error.describe() + "\\n"); return error.exitCode; }`;
  expect(await shell("TOOL > /dev/full", body)).toEqual({
    code: 6,
    out: "",
    err: "error: standard output: no space is left on the device\n",
  });
});

test("an interrupted command can say so and ends with its own status", async () => {
  const body = `io.stdout.write("ready");
    await new Promise((go) => { io.signal.addEventListener("abort", go); setTimeout(go, 60_000) });
    io.stderr.write(io.signal.reason.code); return 130;`;
  const stopped = await run(body, { act: (pid) => process.kill(pid, "SIGINT") });
  // The timer of the command is still there: the process ends all the same.
  expect(stopped).toEqual({ code: 130, out: "ready", err: "INTERRUPTED" });
});

test.each(["SIGINT", "SIGTERM"] as const)("a command that does not listen is ended by %s", async (signal) => {
  const body = `io.stdout.write("ready"); await new Promise((go) => setTimeout(go, 60_000)); return 0;`;
  expect((await run(body, { act: (pid) => process.kill(pid, signal) })).code).toBe(130);
});

test("a reader that stalls does not keep an interruption from ending the program", async () => {
  const body = `process.kill(process.pid, "SIGINT"); io.stdout.write("x".repeat(10_000_000)); return 130;`;
  expect((await shell("set -o pipefail; TOOL | sleep 3", body)).code).toBe(130);
});

test("bytes go out as they are", async () => {
  const body = `io.stdout.write(new Uint8Array([255, 10])); return 0;`;
  expect((await run(body)).out).toBe("\uFFFD\n");
});

test("a flush waits for a slow reader, so that memory stays flat", async () => {
  // A megabyte is more than the pipe holds: what is written first has been taken before more is made.
  const body = `const part = "x".repeat(1_000_000);
    for (let n = 0; n < 40; n++) {
      io.stdout.write(part);
      if (!(await io.stdout.flush())) return 1;
      if (process.stdout.writableLength > 0) return 7;
    }
    return 0;`;
  const { code, out } = await shell("set -o pipefail; TOOL | (sleep 0.3; wc -c)", body);
  expect([code, out.trim()]).toEqual([0, "40000000"]);
});

test("a flush tells that the reader went away", async () => {
  const body = `for (let n = 0; n < 1000; n++) {
      io.stdout.write("x".repeat(100_000));
      if (!(await io.stdout.flush())) { io.stderr.write("gone"); return 0; }
    }
    return 7;`;
  expect(await shell("set -o pipefail; TOOL | head -c 10", body)).toEqual({ code: 0, out: "xxxxxxxxxx", err: "gone" });
});

test("a flush ends with the command when the reader stalls", async () => {
  const body = `io.stdout.write("x".repeat(10_000_000));
    setTimeout(() => process.kill(process.pid, "SIGINT"), 50);
    await io.stdout.flush();
    io.stderr.write(io.signal.aborted ? "told to end" : "taken");
    return 130;`;
  expect(await shell("set -o pipefail; TOOL | sleep 3", body)).toEqual({ code: 130, out: "", err: "told to end" });
});
