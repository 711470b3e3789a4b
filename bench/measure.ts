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
/** Memory hardly varies from run to run. */
const MEMORY_RUNS = 3;

/**
 * Runs programs in turn (A, B, …, A, B, …), so that a machine whose speed drifts treats all alike. Memory is read in runs
 * of its own, because the program that reports it takes time itself.
 *
 * @param programs name to program
 * @param runs how often each is run, after one run that does not count
 * @returns name to cost
 */
export function measureInTurn(programs: ReadonlyMap<string, Measured>, runs: number): ReadonlyMap<string, Cost> {
  if (!existsSync(TIME)) throw new Error(`peak memory is read through ${TIME}: install the package "time"`);
  const walls = sampleInTurn(programs, runs, wallOf);
  const peaks = sampleInTurn(programs, MEMORY_RUNS, peakOf);
  return new Map(
    [...programs.keys()].map((name): [string, Cost] => {
      const times = walls.get(name) ?? [];
      return [name, { wall: median(times), least: Math.min(...times), peak: median(peaks.get(name) ?? []) }];
    }),
  );
}

function sampleInTurn(
  programs: ReadonlyMap<string, Measured>,
  runs: number,
  sample: (command: readonly string[]) => number,
): ReadonlyMap<string, readonly number[]> {
  const samples = new Map([...programs.keys()].map((name): [string, number[]] => [name, []]));
  for (let run = -1; run < runs; run++) {
    for (const [name, { command, before }] of programs) {
      before?.();
      const figure = sample(command);
      if (run >= 0) samples.get(name)?.push(figure);
    }
  }
  return samples;
}

/** Milliseconds from start to end of one run. */
function wallOf([program = "", ...args]: readonly string[]): number {
  const start = performance.now();
  const { status } = spawnSync(program, args, { stdio: "ignore" });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
  return wall;
}

/** Peak memory of one run, MiB. */
function peakOf(command: readonly string[]): number {
  const { stderr } = spawnSync(TIME, ["-f", "%M", ...command], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  return Number(stderr.trim().split("\n").at(-1)) / 1024;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
