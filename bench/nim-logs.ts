/**
 * `kubectl nim log stream` of 50 containers: how many lines a second it can take, whether any is lost at 100,000 lines a second,
 * and what memory it needs with a reader that keeps up and with one that does not.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { median } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const binary = join(root, "dist/bin/kubectl-nim");
const PODS = 10;
const CONTAINERS = 5;
const STREAMS = PODS * CONTAINERS;

/** One way to measure. */
interface Load {
  readonly name: string;
  /** Lines of each container. */
  readonly lines: number;
  /** Lines a second of each container; 0: as fast as they are taken. */
  readonly rate: number;
  /** Bytes a second that the reader takes; nothing: all at once. */
  readonly readerRate?: number;
  /** Seconds after which it is stopped, whatever has come. */
  readonly seconds?: number;
}

const LOADS: readonly Load[] = [
  { name: "100,000 lines a second", lines: 40_000, rate: 100_000 / STREAMS },
  { name: "as fast as it goes", lines: 40_000, rate: 0 },
  { name: "the same, twice as long", lines: 80_000, rate: 0 },
  { name: "a reader of 2 MB a second", lines: 1_000_000, rate: 100_000 / STREAMS, readerRate: 2e6, seconds: 20 },
];

/**
 * Measures and prints the table.
 *
 * @param runs how often each is measured: the median of the lines a second is shown, and the worst of the rest
 * @param program path of the program; what `npm run build` makes unless given
 */
export async function benchNimLogs(runs: number, program = binary): Promise<void> {
  const isBuilt = existsSync(program);
  const command = isBuilt ? [program] : [process.execPath, join(root, "apps/kubectl-nim/src/main.ts")];
  if (!isBuilt) console.error(`bench: ${program} is not there: the sources are measured`);
  console.log("LOG STREAM, 50 CONTAINERS          LINES   SECONDS   LINES/S      LOST   TWICE   PEAK MiB");
  for (const load of LOADS) {
    const all: Measured[] = [];
    for (let run = 0; run < Math.max(1, runs); run++) all.push(await measure(command, load));
    console.log(rowOf(load, summaryOf(all)));
  }
}

function summaryOf(all: readonly Measured[]): Measured {
  const most = (value: (one: Measured) => number): number => Math.max(...all.map(value));
  return {
    lines: median(all.map(({ lines }) => lines)),
    seconds: median(all.map(({ seconds }) => seconds)),
    lost: most(({ lost }) => lost),
    repeated: most(({ repeated }) => repeated),
    peak: most(({ peak }) => peak),
  };
}

interface Measured {
  readonly lines: number;
  readonly seconds: number;
  readonly lost: number;
  readonly repeated: number;
  readonly peak: number;
}

async function measure(command: readonly string[], load: Load): Promise<Measured> {
  const work = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  const script = join(import.meta.dirname, "nim-logs-server.ts");
  const server = spawn(process.execPath, [script, ...[PODS, CONTAINERS, load.lines, load.rate].map(String)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const port = Number(await firstLine(server.stdout));
    const kubeconfig = join(work, "config");
    writeFileSync(kubeconfig, kubeconfigOf(port));
    const [program = "", ...words] = command;
    const child = spawn(
      program,
      [...words, "log", "stream", "nimservice", "load", `--kubeconfig=${kubeconfig}`, "-n", "nim"],
      {
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    return await read(child, load);
  } finally {
    server.kill();
    rmSync(work, { recursive: true, force: true });
  }
}

/** Reads until all is there or the time is over, and stops the program. */
async function read(child: ChildProcess & { readonly stdout: Readable }, load: Load): Promise<Measured> {
  const counter = new Counter();
  const end = load.seconds === undefined ? Infinity : performance.now() + load.seconds * 1000;
  let [start, taken] = [0, 0];
  for await (const chunk of child.stdout) {
    if (start === 0) start = performance.now();
    counter.take(chunk);
    taken += chunk.length;
    if (counter.lines >= load.lines * STREAMS || performance.now() > end) break;
    const due = load.readerRate === undefined ? 0 : start + (taken / load.readerRate) * 1000;
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
  }
  const seconds = (performance.now() - start) / 1000;
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGINT");
  await closed;
  return { lines: counter.lines, seconds, lost: counter.lost, repeated: counter.repeated, peak };
}

/** Counts lines and looks at their numbers. */
class Counter {
  lines = 0;
  lost = 0;
  repeated = 0;
  readonly #next = new Map<string, number>();
  #rest = "";

  take(chunk: Buffer): void {
    const text = this.#rest + chunk.toString("latin1");
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      this.#line(text, start);
      start = end + 1;
    }
    this.#rest = text.slice(start);
  }

  #line(text: string, start: number): void {
    const behind = text.indexOf(" ", start);
    const name = text.slice(start, behind);
    const number = Number.parseInt(text.slice(behind + 1, behind + 12), 10);
    const next = this.#next.get(name) ?? 0;
    if (number > next) this.lost += number - next;
    if (number < next) this.repeated++;
    this.#next.set(name, Math.max(next, number + 1));
    this.lines++;
  }
}

async function firstLine(stream: Readable): Promise<string> {
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) return String(chunk).trim();
  throw new Error("the stand-in for an API server did not start");
}

function kubeconfigOf(port: number): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "load",
    clusters: [{ name: "load", cluster: { server: `http://127.0.0.1:${port}` } }],
    contexts: [{ name: "load", context: { cluster: "load", user: "load" } }],
    users: [{ name: "load", user: {} }],
  });
}

function rowOf({ name }: Load, { lines, seconds, lost, repeated, peak }: Measured): string {
  const cells = [
    [String(lines), 9],
    [seconds.toFixed(1), 9],
    [(lines / seconds).toFixed(0), 9],
    [String(lost), 9],
    [String(repeated), 7],
    [peak.toFixed(0), 10],
  ] as const;
  return `${name.padEnd(31)}${cells.map(([text, width]) => text.padStart(width)).join(" ")}`;
}
