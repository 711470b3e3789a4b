import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { Socket } from "node:net";
import { join } from "node:path";
import { SlipwayError } from "@slipway/base";

/** What a control plane consists of, in the order in which its parts need each other. */
export const PARTS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;

export type PartName = (typeof PARTS)[number];

/** How a part is started: the program and the arguments before its own flags. */
export interface Program {
  readonly path: string;
  readonly args: readonly string[];
  /** Whether it ends by itself when its standard input does. */
  readonly endsWithInput: boolean;
}

/** A part that runs. */
export interface Part {
  readonly name: PartName;
  readonly pid: number;
  /** What it wrote, standard output and standard error. */
  readonly logFile: string;
  /** Rejects with UNAVAILABLE when the part ends although nobody stopped it; never resolves. */
  readonly failed: Promise<never>;
  /** Ends it: asks first and gives `graceMs` of time; with 0 it is killed at once. */
  stop(graceMs: number): Promise<void>;
}

/** What a part's standard input says when it is to end at once; nothing but its end says that this process is gone. */
const END = "end\n";

/**
 * Does for programs of others what ours do by themselves: waits for the end of input, kills the program, and removes
 * the directory unless it was told to end.
 */
const GUARD = `exec 3<&0
"$0" "$@" </dev/null 3<&- &
child=$!
( told=$(cat <&3); kill -9 $child; [ -n "$told" ] || rm -rf "$CONTROL_PLANE_DIRECTORY" ) 2>/dev/null &
guard=$!
trap 'kill $child' TERM
wait $child; status=$?
while kill -0 $child 2>/dev/null; do wait $child; status=$?; done
kill -9 $guard 2>/dev/null
exit $status`;

/** Starts a part in a directory that vanishes with this process. Standard input stays open as long as this process lives. */
export async function startPart(
  name: PartName,
  program: Program,
  flags: readonly string[],
  directory: string,
): Promise<Part> {
  const logFile = join(directory, `${name}.log`);
  const log = await open(logFile, "a");
  const own = [...program.args, ...flags];
  const [path, args] = program.endsWithInput ? [program.path, own] : ["/bin/sh", ["-c", GUARD, program.path, ...own]];
  try {
    const child = spawn(path, args, {
      cwd: directory,
      // A group of its own: Ctrl-C in a terminal reaches only the process that stops all parts in order.
      detached: true,
      // Collecting garbage less often takes a quarter off the processor time of a start.
      env: { CONTROL_PLANE_DIRECTORY: directory, GOGC: "400", PATH: "/usr/local/bin:/usr/bin:/bin", HOME: directory },
      stdio: ["pipe", log.fd, log.fd],
    });
    await once(child, "spawn");
    return running(name, child, logFile);
  } catch (error) {
    throw new SlipwayError("UNAVAILABLE", `${name} cannot be started: ${program.path}`, { cause: error });
  } finally {
    await log.close();
  }
}

function running(name: PartName, child: ChildProcess, logFile: string): Part {
  const { pid } = child;
  if (pid === undefined) throw new SlipwayError("BUG", `${name} runs without a process id`);
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      resolve(signal === null ? `status ${code ?? "unknown"}` : signal);
    });
  });
  const failed = ended.then(async (how) => {
    if (stopping) return await new Promise<never>(() => {});
    throw new SlipwayError("UNAVAILABLE", `${name} ended (${how}): ${await lastLines(logFile)}`, {
      place: { file: logFile },
    });
  });
  // It may fail when nobody is waiting.
  failed.catch(() => {});
  // A program that forgets to stop its control plane still ends, and the parts with it.
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  // The other end closes when the part ends; that is told by its exit.
  child.stdin?.on("error", () => {});
  const stop = async (graceMs: number): Promise<void> => {
    stopping = true;
    child.ref();
    const kill = setTimeout(() => child.kill("SIGKILL"), graceMs + 5000);
    const end = setTimeout(() => child.stdin?.end(END), graceMs);
    if (graceMs > 0) child.kill("SIGTERM");
    await ended;
    clearTimeout(end);
    clearTimeout(kill);
  };
  return { name, pid, logFile, failed, stop };
}

/** What a part said last, for an error; the log itself goes with the directory. */
async function lastLines(logFile: string): Promise<string> {
  const lines = (await readFile(logFile, "utf8").catch(() => "")).trimEnd().split("\n");
  const errors = lines.filter((line) => /^[EF]\d{4}|"level":"(?:error|fatal)"|^Error|error/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-3).join(" | ").slice(-2000) || "it said nothing";
}
