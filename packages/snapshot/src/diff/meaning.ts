import type { Reading } from "../model.ts";

/**
 * Whether a version went up or down, whatever its form: `570.158.01`, `v1.33.5-eks-1`, `6.8.0-1021-aws`.
 *
 * @returns nothing when the first part that differs is no number on both sides
 */
export function versionStep(from: string, to: string): "upgrade" | "downgrade" | undefined {
  const [left, right] = [partsOf(from), partsOf(to)];
  if (left === undefined || right === undefined) return undefined;
  const length = Math.max(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const [part, other] = [numberOf(left[index]), numberOf(right[index])];
    if (part === undefined || other === undefined) {
      if (left[index] === right[index]) continue;
      return undefined;
    }
    if (part !== other) return part < other ? "upgrade" : "downgrade";
  }
  return undefined;
}

/** A part that is not there is less than any number. */
function numberOf(part: string | undefined): bigint | undefined {
  if (part === undefined) return -1n;
  return /^\d+$/.test(part) ? BigInt(part) : undefined;
}

const LONGEST = 200;

/** Numbers and what is between them; nothing for a text that is no version. */
function partsOf(text: string): readonly string[] | undefined {
  if (text.length > LONGEST || !/^v?\d+(\.\d|$|[-+_])/.test(text)) return undefined;
  return text.replace(/^v/, "").match(/\d+|[A-Za-z]+/g) ?? undefined;
}

/** `2 more`, `1 fewer`; nothing for what is no pair of numbers. */
export function numberStep(from: Reading, to: Reading): string | undefined {
  if (typeof from !== "number" || typeof to !== "number") return undefined;
  const step = to - from;
  if (!Number.isSafeInteger(step)) return undefined;
  return step < 0 ? `${-step} fewer` : `${step} more`;
}

/** What happened to a label or taint of nodes (`value|node,node`): `also on n3`, `no longer on n1`. */
export function nodesStep(from: Reading, to: Reading): string | undefined {
  const [left, right] = [splitNodes(from), splitNodes(to)];
  if (left === undefined || right === undefined || left.value !== right.value) return undefined;
  const [added, removed] = [without(right.nodes, left.nodes), without(left.nodes, right.nodes)];
  const parts = [
    ...(added.length === 0 ? [] : [`also on ${added.join(", ")}`]),
    ...(removed.length === 0 ? [] : [`no longer on ${removed.join(", ")}`]),
  ];
  return parts.length === 0 ? undefined : parts.join("; ");
}

interface OnNodes {
  readonly value: string;
  readonly nodes: readonly string[];
}

/** Nothing when nodes were left out of the list (`n1,n2 (+3 more)`): which ones came or went is not known. */
function splitNodes(reading: Reading): OnNodes | undefined {
  if (typeof reading !== "string" || !reading.includes("|") || /\(\+\d+ more\)$/.test(reading)) return undefined;
  const end = reading.lastIndexOf("|");
  return { value: reading.slice(0, end), nodes: reading.slice(end + 1).split(",") };
}

function without(from: readonly string[], other: readonly string[]): readonly string[] {
  const left = new Set(other);
  return from.filter((name) => !left.has(name));
}
