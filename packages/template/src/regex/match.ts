import type { Program } from "./program.ts";
import type { Assertion } from "./syntax.ts";

/** Start and end of the match and of each group, as positions in the signs; undefined for groups not taken. */
export type Match = readonly (number | undefined)[];

interface Thread {
  readonly at: number;
  readonly slots: Match;
}

/**
 * Finds the first match from a position on, by running all ways at once, so that the time grows with the length of the
 * text times the size of the expression and never faster (Thompson, Pike). Of several matches at the same place it is
 * the one that backtracking would find first.
 *
 * @param charge counts the work
 */
export function findMatch(
  program: Program,
  signs: readonly string[],
  from: number,
  charge: (steps: number) => void,
): Match | undefined {
  let found: Match | undefined;
  let threads: Thread[] = [];
  for (let position = from; position <= signs.length; position++) {
    const visited = new Set<number>(threads.map((thread) => thread.at));
    if (found === undefined) follow(program, signs, position, { at: 0, slots: [] }, visited, threads);
    if (threads.length === 0 && found !== undefined) break;
    charge((1 + threads.length) / 8);
    const next: Thread[] = [];
    const reached = new Set<number>();
    for (const thread of threads) {
      const instruction = program.instructions[thread.at];
      if (instruction?.op === "match") {
        found = thread.slots;
        break;
      }
      const sign = signs[position];
      if (instruction?.op !== "sign" || sign === undefined || !instruction.test(sign)) continue;
      follow(program, signs, position + 1, { at: thread.at + 1, slots: thread.slots }, reached, next);
    }
    threads = next;
  }
  return found;
}

/** Walks over everything that takes no sign, in the order of preference, and keeps the places that do or that match. */
function follow(
  program: Program,
  signs: readonly string[],
  position: number,
  start: Thread,
  visited: Set<number>,
  threads: Thread[],
): void {
  const open = [start];
  for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
    const { at, slots } = thread;
    const instruction = program.instructions[at];
    if (instruction === undefined || visited.has(at)) continue;
    visited.add(at);
    switch (instruction.op) {
      case "jump":
        open.push({ at: instruction.to, slots });
        break;
      case "split":
        open.push({ at: instruction.second, slots }, { at: instruction.first, slots });
        break;
      case "save":
        open.push({ at: at + 1, slots: saved(slots, instruction.slot, position) });
        break;
      case "assert":
        if (holds(instruction.which, signs, position)) open.push({ at: at + 1, slots });
        break;
      case "sign":
      case "match":
        threads.push(thread);
        break;
    }
  }
}

function saved(slots: Match, slot: number, position: number): Match {
  const copy = slots.slice();
  while (copy.length < slot) copy.push(undefined);
  copy[slot] = position;
  return copy;
}

function holds(which: Assertion, signs: readonly string[], position: number): boolean {
  switch (which) {
    case "text start":
      return position === 0;
    case "text end":
      return position === signs.length;
    case "line start":
      return position === 0 || signs[position - 1] === "\n";
    case "line end":
      return position === signs.length || signs[position] === "\n";
    case "word border":
      return isWord(signs[position - 1]) !== isWord(signs[position]);
    case "no word border":
    default:
      return isWord(signs[position - 1]) === isWord(signs[position]);
  }
}

function isWord(sign: string | undefined): boolean {
  return sign !== undefined && /^[0-9A-Za-z_]$/.test(sign);
}
