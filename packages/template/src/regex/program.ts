import { FunctionError } from "../function-error.ts";
import { parseRegex } from "./parse.ts";
import type { Assertion, Regex, SignTest } from "./syntax.ts";

/** A step of a compiled expression; numbers are positions in the program. */
export type Instruction =
  | { readonly op: "sign"; readonly test: SignTest }
  | { readonly op: "split"; first: number; second: number }
  | { readonly op: "jump"; to: number }
  | { readonly op: "save"; readonly slot: number }
  | { readonly op: "assert"; readonly which: Assertion }
  | { readonly op: "match" };

/** An expression that is ready to run. Slots 2n and 2n+1 are start and end of group n; group 0 is the whole match. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly slots: number;
  readonly names: ReadonlyMap<string, number>;
}

const MAX_INSTRUCTIONS = 5000;

/** Compiles a regular expression. Throws FunctionError for bad syntax, or when counts make it too large. */
export function compileRegex(source: string): Program {
  const { regex, groups, names } = parseRegex(source);
  const instructions: Instruction[] = [];
  emit({ kind: "group", body: regex, index: 0 }, instructions);
  instructions.push({ op: "match" });
  return { instructions, slots: 2 * (groups + 1), names };
}

function emit(regex: Regex, to: Instruction[]): void {
  if (to.length > MAX_INSTRUCTIONS) throw new FunctionError("the regular expression is too large");
  switch (regex.kind) {
    case "sign":
      to.push({ op: "sign", test: regex.test });
      return;
    case "assertion":
      to.push({ op: "assert", which: regex.which });
      return;
    case "sequence":
      for (const part of regex.parts) emit(part, to);
      return;
    case "group":
      to.push({ op: "save", slot: 2 * regex.index });
      emit(regex.body, to);
      to.push({ op: "save", slot: 2 * regex.index + 1 });
      return;
    case "choice":
      emitChoice(regex.options, to);
      return;
    case "repeat":
      emitRepeat(regex, to);
      return;
  }
}

function emitChoice(options: readonly Regex[], to: Instruction[]): void {
  const jumps: { op: "jump"; to: number }[] = [];
  for (const [index, option] of options.entries()) {
    const isLast = index === options.length - 1;
    const split = { op: "split" as const, first: to.length + 1, second: 0 };
    if (!isLast) to.push(split);
    emit(option, to);
    if (isLast) continue;
    const jump = { op: "jump" as const, to: 0 };
    jumps.push(jump);
    to.push(jump);
    split.second = to.length;
  }
  for (const jump of jumps) jump.to = to.length;
}

function emitRepeat({ body, least, most, greedy }: Extract<Regex, { kind: "repeat" }>, to: Instruction[]): void {
  for (let count = 0; count < least - 1; count++) emit(body, to);
  if (most === Infinity) {
    // `x*` is `(x+)?`, so that an `x` that can be empty is tried in the order that Go tries it.
    const exit = least === 0 ? pushSplit(greedy, to) : undefined;
    const start = to.length;
    emit(body, to);
    const end = to.length + 1;
    to.push({ op: "split", first: greedy ? start : end, second: greedy ? end : start });
    exit?.(end);
    return;
  }
  if (least > 0) emit(body, to);
  const exits: ((to: number) => void)[] = [];
  for (let count = least; count < most; count++) {
    exits.push(pushSplit(greedy, to));
    emit(body, to);
  }
  for (const exit of exits) exit(to.length);
}

/** A choice between going on and leaving; the target of leaving is set later. */
function pushSplit(greedy: boolean, to: Instruction[]): (exit: number) => void {
  const next = to.length + 1;
  const split = { op: "split" as const, first: next, second: next };
  to.push(split);
  return (exit) => {
    if (greedy) split.second = exit;
    else split.first = exit;
  };
}
