import { ChildProcess } from "node:child_process";
import { rejectionOf } from "@slipway/base/testing";
import { expect, test, vi } from "vitest";
import { nodeExec } from "./node-exec.ts";

const never = new AbortController().signal;
const node = (script: string, ...args: string[]) => [process.execPath, ["-e", script, ...args]] as const;

test("output, errors and exit status", async () => {
  const script = "process.stdout.write('out'); process.stderr.write('err'); process.exitCode = 3";
  expect(await nodeExec.run(...node(script), { signal: never })).toEqual({ exitCode: 3, stdout: "out", stderr: "err" });
});

test("arguments are passed as they are: there is no shell", async () => {
  const words = ["$(id)", "a b", "'", '"', ";", "*", "\n", "`x`"];
  const script = "process.stdout.write(JSON.stringify(process.argv.slice(1)))";
  const { stdout } = await nodeExec.run(...node(script, ...words), { signal: never });
  expect(JSON.parse(stdout)).toEqual(words);
});

test("standard input, directory and environment", async () => {
  const script = "process.stdin.on('data', d => process.stdout.write(d + process.cwd() + process.env.A))";
  const { stdout } = await nodeExec.run(...node(script), { signal: never, stdin: "in ", cwd: "/", env: { A: " b" } });
  expect(stdout).toBe("in / b");
});

test("a program that does not read its input is no failure", async () => {
  const { exitCode } = await nodeExec.run(...node(""), { signal: never, stdin: "x".repeat(1_000_000) });
  expect(exitCode).toBe(0);
});

test("a program that is not there", async () => {
  const error = await rejectionOf(nodeExec.run("no-such-program-here", [], { signal: never }));
  expect([error.code, error.message]).toEqual(["NOT_FOUND", "the program no-such-program-here is not on the PATH"]);
});

test("an abort ends the program", async () => {
  const stop = new AbortController();
  const running = nodeExec.run(...node("setInterval(() => {}, 1000)"), { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(() => nodeExec.run(...node(""), { signal: stop.signal })).toThrow("enough");
});

test("endless output is cut off", async () => {
  const script = "const b = Buffer.alloc(1 << 20); (function w() { process.stdout.write(b, w) })()";
  const error = await rejectionOf(nodeExec.run(...node(script), { signal: never }));
  expect([error.code, error.place?.file]).toEqual(["TOO_LARGE", `output of ${process.execPath}`]);
});

test("a program that was not started is sent no signal, which could reach our own process group", async () => {
  const kill = vi.spyOn(ChildProcess.prototype, "kill").mockReturnValue(false);
  const stop = new AbortController();
  const running = nodeExec.run("/no/such/program", [], { signal: stop.signal });
  stop.abort(new Error("stopped"));
  await expect(running).rejects.toThrow("stopped");
  expect(kill).not.toHaveBeenCalled();
  kill.mockRestore();
});
