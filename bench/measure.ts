import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What runs of one program cost. */
export interface Cost {
  /** Median wall time, milliseconds. */
  readonly wall: number;
  /** Shortest wall time, milliseconds. */
  readonly least: number;
  /** Median peak memory, MiB. */
  readonly peak: number;
}

/** A program to measure. */
export interface Measured {
  readonly command: readonly string[];
  /** What every run starts from; its time does not count. */
  readonly before?: () => void;
}

const TIME = "/usr/bin/time";

/**
 * Runs programs in turn (A, B, …, A, B, …), so that a machine whose speed drifts treats all alike.
 *
 * @param programs name to program
 * @param runs how often each is run, after one run that does not count
 * @returns name to cost
 */
export function measureInTurn(programs: ReadonlyMap<string, Measured>, runs: number): ReadonlyMap<string, Cost> {
  if (!existsSync(TIME)) throw new Error(`peak memory is read through ${TIME}: install the package "time"`);
  const samples = new Map([...programs.keys()].map((name): [string, Sample[]] => [name, []]));
  for (let run = -1; run < runs; run++) {
    for (const [name, { command, before }] of programs) {
      before?.();
      const sample = runOnce(name, command);
      if (run >= 0) samples.get(name)?.push(sample);
    }
  }
  return new Map([...samples].map(([name, list]) => [name, summary(list)]));
}

interface Sample {
  readonly wall: number;
  readonly peak: number;
}

function runOnce(name: string, command: readonly string[]): Sample {
  const start = performance.now();
  const result = spawnSync(TIME, ["-f", "%M", ...command], { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  const wall = performance.now() - start;
  if (result.status !== 0) throw new Error(`${name} ended with ${result.status}: ${result.stderr}`);
  return { wall, peak: Number(result.stderr.trim().split("\n").at(-1)) / 1024 };
}

function summary(samples: readonly Sample[]): Cost {
  return {
    wall: median(samples.map(({ wall }) => wall)),
    least: Math.min(...samples.map(({ wall }) => wall)),
    peak: median(samples.map(({ peak }) => peak)),
  };
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
