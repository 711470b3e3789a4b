import { SlipwayError } from "@slipway/base";
import { builtinFunctions } from "./builtins.ts";
import { FunctionError } from "./function-error.ts";
import { layer, type FunctionMap, type Runtime } from "./functions.ts";
import { Budget, RENDER_LIMITS, type RenderLimits } from "./limits.ts";
import type { Node } from "./nodes.ts";
import { parseSource, type Bodies } from "./parser.ts";
import { failureIn, type Failure } from "./place.ts";
import type { Frame, MissingKey, Session } from "./state.ts";
import { fromData, type Value } from "./value.ts";
import { walk } from "./walk.ts";

/** What a template may call, and what errors call it. */
export interface TemplateOptions {
  /** The name for errors, usually a path. Default `template`. */
  readonly name?: string;
  /** Functions beside those of Go's text/template; one of the same name replaces it. */
  readonly functions?: FunctionMap;
}

/** How a template is rendered. */
export interface RenderOptions {
  /** Default "default": a missing key prints `<no value>`. */
  readonly missingKey?: MissingKey;
  /** Where `now` takes the time from. Without it, the functions of time fail. */
  readonly clock?: { now(): Date };
  readonly limits?: Partial<RenderLimits>;
}

/** A template that is ready to render, any number of times. */
export interface Template {
  readonly name: string;
  /** The names of the templates that its source defines. */
  readonly defines: readonly string[];
  /**
   * Renders the template. The data is copied first, so no function can change it.
   *
   * @param data scalars, arrays and plain objects
   * @throws SlipwayError INVALID_TEMPLATE with name, line and column when a function fails or a limit is reached
   */
  render(data: unknown, options?: RenderOptions): string;
}

/**
 * Parses a template in the language of Go's text/template.
 *
 * @throws SlipwayError INVALID_TEMPLATE with name, line and column for bad syntax and for unknown functions
 */
export function parseTemplate(source: string, options: TemplateOptions = {}): Template {
  const name = options.name ?? "template";
  const functions = withBuiltins(options.functions);
  const fail = failureIn(name, source);
  const bodies = parseSource(source, functions, fail);
  return {
    name,
    defines: [...bodies.defined.keys()],
    render: (data, renderOptions = {}) => start({ name, fail, functions, bodies }, data, renderOptions),
  };
}

/** Joined once for each set of functions, since many small templates share one. */
const JOINED = new WeakMap<FunctionMap, FunctionMap>();

function withBuiltins(functions: FunctionMap | undefined): FunctionMap {
  if (functions === undefined) return builtinFunctions;
  const joined = JOINED.get(functions) ?? layer(builtinFunctions, functions);
  JOINED.set(functions, joined);
  return joined;
}

/** Parses and renders a template once; see {@link parseTemplate}. */
export function render(source: string, data: unknown, options: TemplateOptions & RenderOptions = {}): string {
  return parseTemplate(source, options).render(data, options);
}

interface Parsed {
  readonly name: string;
  readonly fail: Failure;
  readonly functions: FunctionMap;
  readonly bodies: Bodies;
}

function start(parsed: Parsed, data: unknown, options: RenderOptions): string {
  const budget = new Budget({ ...RENDER_LIMITS, ...options.limits });
  try {
    return renderBodies(parsed, fromData(data), options, budget);
  } catch (error) {
    if (error instanceof FunctionError) return parsed.fail(0, error.message, undefined, error);
    if (!(error instanceof RangeError)) throw error;
    throw new SlipwayError("INVALID_TEMPLATE", "the template or its data nests too deeply or grows too large", {
      place: { file: parsed.name },
      cause: error,
    });
  }
}

function renderBodies(parsed: Parsed, data: Value, options: RenderOptions, budget: Budget): string {
  const session: Session = {
    fail: parsed.fail,
    functions: parsed.functions,
    bodies: parsed.bodies.defined,
    missingKey: options.missingKey ?? "default",
    budget,
    runtime: runtimeFor(parsed, options, budget, () => session),
  };
  return renderBody(session, data, parsed.bodies.root);
}

function renderBody(session: Session, data: Value, nodes: readonly Node[]): string {
  const frame: Frame = { session, variables: [{ name: "$", value: data }], output: [] };
  walk(frame, data, nodes);
  return frame.output.join("");
}

function runtimeFor(parsed: Parsed, options: RenderOptions, budget: Budget, session: () => Session): Runtime {
  return {
    charge: budget.charge,
    checkSize: budget.checkSize,
    now: options.clock?.now(),
    include: (name, data) => {
      const body = session().bodies.get(name);
      if (body === undefined) throw new FunctionError(`the template "${name}" is not defined`);
      return budget.nested(() => renderBody(session(), data, body));
    },
    renderText: (text, data) => {
      const fail = failureIn(`${parsed.name} (tpl)`, text);
      const bodies = parseSource(text, parsed.functions, fail);
      const defined = new Map([...parsed.bodies.defined, ...bodies.defined]);
      const inner: Parsed = { ...parsed, fail, bodies: { root: bodies.root, defined } };
      return budget.nested(() => renderBodies(inner, data, options, budget));
    },
  };
}
