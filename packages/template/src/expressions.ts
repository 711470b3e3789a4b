import { didYouMean } from "@slipway/base";
import { isTrue } from "./compare.ts";
import { FunctionError, UnknownFunctionError } from "./function-error.ts";
import type { TemplateFunction } from "./functions.ts";
import type { Command, Expression, Pipeline } from "./nodes.ts";
import type { Frame, Result } from "./state.ts";
import { isMap, sortedKeys, typeOf, type Value } from "./value.ts";

/** Runs a pipeline and sets its variables. */
export function evaluatePipeline(frame: Frame, dot: Result, pipeline: Pipeline): Result {
  const value = guarded(frame, pipeline.at, "", () => {
    let piped: { readonly value: Value } | undefined;
    for (const command of pipeline.commands) {
      piped = { value: evaluateCommand(frame, dot, command, piped) ?? null };
    }
    return piped?.value ?? undefined;
  });
  for (const name of pipeline.variables) setVariable(frame, name, value, pipeline.assigns);
  return value;
}

/** Sets a variable: the innermost of that name when assigning, else a new one. */
export function setVariable(frame: Frame, name: string, value: Result, assigns: boolean): void {
  const known = assigns ? frame.variables.findLast((variable) => variable.name === name) : undefined;
  if (known === undefined) frame.variables.push({ name, value });
  else known.value = value;
}

/** Runs something that may throw a FunctionError, and gives such an error its place in the template. */
export function guarded<T>(frame: Frame, at: number, prefix: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    return frame.session.fail(at, `${prefix}${error.message}`, undefined, error);
  }
}

type Piped = { readonly value: Value } | undefined;

function evaluateCommand(frame: Frame, dot: Result, command: Command, piped: Piped): Result {
  frame.session.budget.charge(1);
  const { first, rest } = command;
  if (first.kind === "function") return callFunction(frame, dot, first, rest, piped);
  if (rest.length > 0 || piped !== undefined) {
    frame.session.fail(first.at, `${describe(first)} is not a function and takes no arguments`);
  }
  if (first.kind === "nil") return frame.session.fail(first.at, "nil is not a command: expected a value or a function");
  return evaluate(frame, dot, first);
}

function describe(expression: Expression): string {
  if (expression.kind === "field") return `.${expression.names.join(".")}`;
  if (expression.kind === "variable") return [expression.name, ...expression.names].join(".");
  return expression.kind === "chain" ? `(…).${expression.names.join(".")}` : "this value";
}

function evaluate(frame: Frame, dot: Result, expression: Expression): Result {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "nil":
      return null;
    case "dot":
      return dot;
    case "field":
      return fields(frame, dot, expression.names, expression);
    case "variable":
      return fields(frame, variable(frame, expression.name), expression.names, expression);
    case "function":
      return callFunction(frame, dot, expression, [], undefined);
    case "chain":
      return fields(frame, evaluate(frame, dot, expression.inner), expression.names, expression);
    case "pipeline":
    default:
      return frame.session.budget.nested(() => evaluatePipeline(frame, dot, expression.pipeline));
  }
}

function variable(frame: Frame, name: string): Result {
  return frame.variables.findLast((candidate) => candidate.name === name)?.value;
}

function fields(frame: Frame, start: Result, names: readonly string[], expression: Expression): Result {
  let value = start;
  for (const name of names) value = field(frame, value, name, expression);
  return value;
}

function field(frame: Frame, receiver: Result, name: string, expression: Expression): Result {
  const { fail, missingKey } = frame.session;
  const where = describe(expression);
  if (receiver === undefined) {
    if (missingKey !== "error") return undefined;
    return fail(expression.at, `${where}: there is no value to take the field "${name}" from`);
  }
  if (receiver === null) return fail(expression.at, `${where}: the field "${name}" is asked of nil`);
  if (!isMap(receiver)) {
    return fail(expression.at, `${where}: the field "${name}" is asked of a value of type ${typeOf(receiver)}`);
  }
  const value = receiver.get(name);
  if (value !== undefined) return value;
  if (missingKey !== "error") return missingKey === "zero" ? null : undefined;
  return fail(expression.at, `${where}: the map has no key "${name}"`, didYouMean(name, sortedKeys(receiver)));
}

type FunctionExpression = Extract<Expression, { readonly kind: "function" }>;

function callFunction(
  frame: Frame,
  dot: Result,
  { name, at }: FunctionExpression,
  rest: readonly Expression[],
  piped: Piped,
): Result {
  const { session } = frame;
  const called = session.functions.get(name);
  if (called === undefined) {
    const message = `unknown function "${name}"`;
    return session.fail(at, message, didYouMean(name, session.functions.keys()), new UnknownFunctionError(message));
  }
  checkCount(frame, called, name, at, rest.length + (piped === undefined ? 0 : 1));
  const values = argumentsOf(frame, dot, called, rest, piped);
  const result = guarded(frame, at, `${name}: `, () => called.call(values, session.runtime));
  chargeResult(frame, at, result);
  return result;
}

function argumentsOf(
  frame: Frame,
  dot: Result,
  called: TemplateFunction,
  rest: readonly Expression[],
  piped: Piped,
): readonly Value[] {
  const values: Value[] = [];
  for (const expression of rest) {
    const value = evaluate(frame, dot, expression) ?? null;
    values.push(value);
    if (called.stopsAt === isTrue(value)) return values;
  }
  if (piped !== undefined) values.push(piped.value);
  return values;
}

function checkCount(frame: Frame, called: TemplateFunction, name: string, at: number, count: number): void {
  const { least, most } = called;
  if (count >= least && count <= most) return;
  const range = most === Infinity ? `at least ${least}` : least === most ? `${least}` : `${least} to ${most}`;
  frame.session.fail(at, `${name} takes ${range} arguments, got ${count}`);
}

function chargeResult(frame: Frame, at: number, result: Value): void {
  if (typeof result !== "string" && !Array.isArray(result)) return;
  guarded(frame, at, "", () => {
    frame.session.budget.checkSize(result.length);
    frame.session.budget.charge(result.length / (typeof result === "string" ? 64 : 1));
  });
}
