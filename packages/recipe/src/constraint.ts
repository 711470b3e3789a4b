import { compareVersions, parseVersion } from "@slipway/base";
import type { Constraint } from "./model.ts";

/** The measured value behind a name such as `K8s.server.version`, as text; nothing when it was not measured. */
export type Lookup = (name: string) => string | undefined;

/** What became of a constraint. */
export interface ConstraintOutcome {
  readonly passed: boolean;
  /** The expression as it stands in the constraint. */
  readonly expected: string;
  /** What was measured; absent when nothing was, or when it was an empty text. */
  readonly actual?: string | undefined;
  /**
   * Why it did not pass: `expected X, got Y`, or a code in brackets and a sentence when it could not be evaluated
   * (`[NOT_FOUND]` not measured, `[INVALID_REQUEST]` a bad constraint, `[INTERNAL]` no version to compare).
   */
  readonly reason?: string | undefined;
}

/**
 * Evaluates a constraint by the rules of release 0.11.1 of aicr. `>= <= > <` compare versions, by the parts that both
 * sides have; `==` and `!=` compare versions when the expected value has a digit and a dot and both sides are versions,
 * else text; without an operator the text must be equal. What cannot be evaluated has not passed.
 *
 * @param lookup gives measured values; see `snapshotLookup`
 */
export function evaluateConstraint(constraint: Constraint, lookup: Lookup): ConstraintOutcome {
  const expected = constraint.value;
  if (!MEASUREMENT_NAME.test(constraint.name)) {
    return refused(expected, `[INVALID_REQUEST] "${constraint.name}" is not of the form Type.subtype.key`);
  }
  const actual = lookup(constraint.name);
  if (actual === undefined) return refused(expected, `[NOT_FOUND] the snapshot has no ${constraint.name}`);
  const verdict = judge(parseExpression(expected), actual);
  if (verdict === true) return { passed: true, expected, ...found(actual) };
  const reason = verdict === false ? `expected ${expected}, got ${actual}` : verdict;
  return { ...refused(expected, reason), ...found(actual) };
}

const MEASUREMENT_NAME = /^[^.]+\.[^.]+\../s;

/** Longest first, so that `>=` is not read as `>`. */
const OPERATORS = [">=", "<=", "!=", "==", ">", "<"] as const;

type Operator = (typeof OPERATORS)[number] | "equal text";

interface Expression {
  readonly operator: Operator;
  readonly value: string;
}

function parseExpression(text: string): Expression {
  const trimmed = text.trim();
  const operator = OPERATORS.find((candidate) => trimmed.startsWith(candidate));
  if (operator === undefined) return { operator: "equal text", value: trimmed };
  return { operator, value: trimmed.slice(operator.length).trim() };
}

/** @returns whether it holds, or the reason why that cannot be said */
function judge({ operator, value }: Expression, actual: string): boolean | string {
  if (value === "") return "[INVALID_REQUEST] the constraint has no value to compare with";
  if (operator === "equal text") return actual === value;
  if (operator === "==" || operator === "!=") return isSame(value, actual) === (operator === "==");
  const [left, right] = [parseVersion(actual), parseVersion(value)];
  if (left === undefined) return `[INTERNAL] the measured value "${actual}" is not a version`;
  if (right === undefined) return `[INTERNAL] the expected value "${value}" is not a version`;
  const order = compareVersions(left, right, "common");
  if (operator === ">=") return order >= 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order < 0;
}

function isSame(value: string, actual: string): boolean {
  const looksLikeVersion = /\d/.test(value) && value.includes(".");
  const [left, right] = looksLikeVersion ? [parseVersion(actual), parseVersion(value)] : [];
  if (left === undefined || right === undefined) return actual === value;
  return compareVersions(left, right, "exact") === 0;
}

function refused(expected: string, reason: string): ConstraintOutcome {
  return { passed: false, expected, reason };
}

function found(actual: string): Pick<ConstraintOutcome, "actual"> {
  return actual === "" ? {} : { actual };
}
