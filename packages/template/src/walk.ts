import { didYouMean } from "@slipway/base";
import { isTrue } from "./compare.ts";
import { evaluatePipeline, guarded, setVariable } from "./expressions.ts";
import type { Branch, Node } from "./nodes.ts";
import type { Failure } from "./place.ts";
import { printValue } from "./print.ts";
import type { Frame, Result } from "./state.ts";
import { intOf, isList, isMap, sortedKeys, typeOf } from "./value.ts";

/** How a body ended: at its end, or by a jump that the innermost range takes. */
type Flow = "end" | "break" | "continue";

/** Renders a body into the output of a frame. */
export function walk(frame: Frame, dot: Result, nodes: readonly Node[]): Flow {
  for (const node of nodes) {
    const flow = walkNode(frame, dot, node);
    if (flow !== "end") return flow;
  }
  return "end";
}

function walkNode(frame: Frame, dot: Result, node: Node): Flow {
  switch (node.kind) {
    case "text":
      guarded(frame, node.at, "", () => write(frame, node.text));
      return "end";
    case "action":
      walkAction(frame, dot, node);
      return "end";
    case "template":
      walkTemplate(frame, dot, node);
      return "end";
    case "if":
    case "with":
    case "range":
      return walkBranch(frame, dot, node);
    case "break":
    case "continue":
    default:
      return node.kind;
  }
}

function write(frame: Frame, text: string): void {
  frame.session.budget.charge(1);
  frame.session.budget.write(text.length);
  frame.output.push(text);
}

function walkAction(frame: Frame, dot: Result, { at, pipeline }: Extract<Node, { kind: "action" }>): void {
  const value = evaluatePipeline(frame, dot, pipeline);
  if (pipeline.variables.length > 0) return;
  guarded(frame, at, "", () => {
    write(frame, value === undefined ? "<no value>" : printValue(value, frame.session.budget.charge));
  });
}

function walkTemplate(frame: Frame, dot: Result, node: Extract<Node, { kind: "template" }>): void {
  const data = node.pipeline === undefined ? undefined : evaluatePipeline(frame, dot, node.pipeline);
  const { session, output } = frame;
  const body = session.bodies.get(node.name);
  if (body === undefined) {
    const hint = didYouMean(node.name, session.bodies.keys());
    return session.fail(node.at, `the template "${node.name}" is not defined`, hint);
  }
  guarded(frame, node.at, "", () => {
    session.budget.nested(() => walk({ session, output, variables: [{ name: "$", value: data }] }, data, body));
  });
}

function walkBranch(frame: Frame, dot: Result, branch: Branch): Flow {
  const known = frame.variables.length;
  const flow = guarded(frame, branch.at, "", () =>
    frame.session.budget.nested(() => {
      const value =
        branch.kind === "range" ? rangeValue(frame, dot, branch) : evaluatePipeline(frame, dot, branch.pipeline);
      if (branch.kind === "range") return walkRange(frame, dot, value, branch);
      if (!isTrue(value ?? null)) return walk(frame, dot, branch.otherwise);
      return walk(frame, branch.kind === "with" ? value : dot, branch.body);
    }),
  );
  frame.variables.length = known;
  return flow;
}

/** The value of a range's pipeline; its variables are set for each item instead. */
function rangeValue(frame: Frame, dot: Result, { pipeline }: Branch): Result {
  return evaluatePipeline(frame, dot, { ...pipeline, variables: [] });
}

function walkRange(frame: Frame, dot: Result, value: Result, branch: Branch): Flow {
  let isEmpty = true;
  for (const [key, item] of itemsOf(frame, value, branch)) {
    isEmpty = false;
    frame.session.budget.charge(1);
    const known = frame.variables.length;
    const { variables, assigns } = branch.pipeline;
    const [first, second] = variables;
    if (first !== undefined) setVariable(frame, first, second === undefined ? item : key, assigns);
    if (second !== undefined) setVariable(frame, second, item, assigns);
    const flow = walk(frame, item, branch.body);
    frame.variables.length = known;
    if (flow === "break") break;
  }
  return isEmpty ? walk(frame, dot, branch.otherwise) : "end";
}

function* itemsOf(frame: Frame, value: Result, branch: Branch): Generator<readonly [Result, Result]> {
  const fail: Failure = frame.session.fail;
  if (value === undefined || value === null) return;
  if (isList(value)) {
    yield* value.entries();
    return;
  }
  if (isMap(value)) {
    for (const key of sortedKeys(value)) yield [key, value.get(key)];
    return;
  }
  const count = intOf(value);
  if (count === undefined) {
    fail(branch.at, `range cannot walk over a value of type ${typeOf(value)}: expected a list, a map or an int`);
  }
  if (branch.pipeline.variables.length > 1) fail(branch.at, "range over an int sets one variable, not two");
  for (let at = 0; at < count; at++) yield [undefined, at];
}
