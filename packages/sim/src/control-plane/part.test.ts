import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { rejectionOf } from "@slipway/base/testing";
import { expect, onTestFinished, test } from "vitest";
import { startPart, type Part, type Program } from "./part.ts";

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-part-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A program of others: it says its process id, and what it does when asked to end. */
function shell(script: string): Program {
  return { path: "/bin/sh", args: ["-c", script], endsWithInput: false };
}

async function said(part: Part, pattern: RegExp): Promise<string> {
  for (;;) {
    const match = pattern.exec(await readFile(part.logFile, "utf8"));
    if (match !== null) return match[1] ?? "";
    await sleep(10);
  }
}

async function isGone(pid: string): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      process.kill(Number(pid), 0);
    } catch {
      return true;
    }
    await sleep(10);
  }
  return false;
}

test("a program of others is asked to end, and does what it does then", async () => {
  const directory = await temporaryDirectory();
  const script = `trap 'echo "bye."; exit 0' TERM; echo "pid=$$."; while :; do sleep 0.05; done`;
  const part = await startPart("etcd", shell(script), [], directory);
  const pid = await said(part, /pid=(\d+)\./);
  await part.stop(5000);
  expect(await readFile(part.logFile, "utf8")).toContain("bye.");
  expect(await isGone(pid)).toBe(true);
  expect(await readdir(directory)).toEqual(["etcd.log"]);
});

test("one that does not listen is killed when its time is over; the directory stays", async () => {
  const directory = await temporaryDirectory();
  const part = await startPart(
    "etcd",
    shell(`trap '' TERM; echo "pid=$$."; while :; do sleep 0.05; done`),
    [],
    directory,
  );
  const pid = await said(part, /pid=(\d+)\./);
  await part.stop(50);
  expect(await isGone(pid)).toBe(true);
  expect(await readdir(directory)).toEqual(["etcd.log"]);
});

test("one is killed at once when no time is given", async () => {
  const directory = await temporaryDirectory();
  const part = await startPart("etcd", shell(`trap 'echo bye' TERM; echo "pid=$$."; exec sleep 60`), [], directory);
  const pid = await said(part, /pid=(\d+)\./);
  await part.stop(0);
  expect(await isGone(pid)).toBe(true);
  expect(await readFile(part.logFile, "utf8")).not.toContain("bye");
  expect((await stat(directory)).isDirectory()).toBe(true);
});

test("a part that ends by itself says how and what it said last", async () => {
  const directory = await temporaryDirectory();
  const script = "echo one; echo two; echo three; echo four; exit 3";
  const part = await startPart("kube-scheduler", shell(script), [], directory);
  expect(await rejectionOf(part.failed)).toMatchObject({
    code: "UNAVAILABLE",
    message: "kube-scheduler ended (status 3): two | three | four",
    place: { file: join(directory, "kube-scheduler.log") },
  });
});

test("errors of a log come before what was said after them", async () => {
  const directory = await temporaryDirectory();
  const script = `echo 'E1125 14:00:00.000000 bind: address already in use'; echo a; echo b; echo c; echo d; exit 1`;
  const part = await startPart("kube-apiserver", shell(script), [], directory);
  expect((await rejectionOf(part.failed)).message).toBe(
    "kube-apiserver ended (status 1): E1125 14:00:00.000000 bind: address already in use",
  );
});

test("a part that was stopped has not failed", async () => {
  const directory = await temporaryDirectory();
  const part = await startPart("etcd", shell("exec sleep 60"), [], directory);
  await part.stop(0);
  const outcome = await Promise.race([part.failed.catch(() => "failed"), sleep(50, "quiet")]);
  expect(outcome).toBe("quiet");
});

test("a program that is not there is named", async () => {
  const directory = await temporaryDirectory();
  const program: Program = { path: join(directory, "nothing"), args: [], endsWithInput: true };
  expect(await rejectionOf(startPart("kwok", program, [], directory))).toMatchObject({
    code: "UNAVAILABLE",
    message: `kwok cannot be started: ${join(directory, "nothing")}`,
  });
});
