import type { Maybe } from "../os/hardware.ts";

/** The links of a GPU. */
export interface NvlinkStates {
  readonly up: number;
  readonly down: number;
  /** Of the links that are up, when all have one: GB/s. */
  readonly speed?: number | undefined;
}

/**
 * Reads `nvidia-smi nvlink -s`: a line a link, with its speed or `<inactive>`.
 *
 * @returns the links of each GPU by the GPU's index; a GPU without links is not among them
 */
export function parseNvlink(stdout: string): ReadonlyMap<number, NvlinkStates> {
  const links = new Map<number, (number | undefined)[]>();
  let index = -1;
  for (const line of stdout.split("\n")) {
    const [, gpu] = /^GPU (\d+):/.exec(line) ?? [];
    if (gpu !== undefined) index = Number(gpu);
    const [, state = ""] = /^\s+Link \d+:\s*(.*)$/.exec(line) ?? [];
    if (state === "" || index < 0) continue;
    const [, speed] = /^([\d.]+) GB\/s/.exec(state) ?? [];
    links.set(index, [...(links.get(index) ?? []), speed === undefined ? undefined : Number(speed)]);
  }
  return new Map([...links].map(([gpu, speeds]) => [gpu, statesOf(speeds)]));
}

function statesOf(speeds: readonly (number | undefined)[]): NvlinkStates {
  const up = speeds.filter((speed) => speed !== undefined);
  const [speed] = up;
  const same = up.every((other) => other === speed);
  return { up: up.length, down: speeds.length - up.length, ...(same ? { speed } : {}) };
}

/** The generation of the links that each architecture has. */
const VERSIONS: Readonly<Record<string, number>> = {
  Pascal: 1,
  Volta: 2,
  Turing: 2,
  Ampere: 3,
  Hopper: 4,
  Blackwell: 5,
};

/** What is told of a GPU's links; nothing for a GPU without. */
export function nvlinkReadings(states: NvlinkStates | undefined, architecture: string | undefined): Maybe {
  if (states === undefined) return [];
  return [
    ["nvlink.version", VERSIONS[architecture ?? ""]],
    ["nvlink.links-up", states.up],
    ["nvlink.links-down", states.down],
    ["nvlink.speed-gb-per-s", states.speed],
  ];
}
