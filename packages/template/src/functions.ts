import { FunctionError } from "./function-error.ts";
import { GoFloat, intOf, isList, isMap, typeOf, type GoList, type GoMap, type Value } from "./value.ts";

/** What a function may ask of the template that runs it. */
export interface Runtime {
  /** Counts work; throws when the template has done too much. One step is about one value or 64 signs of text. */
  readonly charge: (steps: number) => void;
  /** Throws when a text or list of this many signs or items would be too large to make. */
  readonly checkSize: (size: number) => void;
  /** Renders a defined template with data, as `include` does. */
  readonly include: (name: string, data: Value) => string;
  /** Renders a text as a template with data, as `tpl` does. */
  readonly renderText: (text: string, data: Value) => string;
  /** The time of the caller's clock, where there is one. */
  readonly now: Date | undefined;
}

/** A function that templates can call. */
export interface TemplateFunction {
  /** The fewest and the most arguments. */
  readonly least: number;
  readonly most: number;
  /** Throws FunctionError when it cannot do its work. Absent values arrive as null. */
  readonly call: (values: readonly Value[], runtime: Runtime) => Value;
  /** The truth at which no further argument is looked at: `or` stops at true, `and` at false. */
  readonly stopsAt?: boolean;
}

/** Functions by the names that templates use. */
export type FunctionMap = ReadonlyMap<string, TemplateFunction>;

/** What one parameter of a function takes. */
export interface Parameter<T> {
  /** Throws FunctionError when the value has another type. */
  accept(value: Value, position: number): T;
}

function parameter<T>(expected: string, read: (value: Value) => T | undefined): Parameter<T> {
  return {
    accept: (value, position) => {
      const accepted = read(value);
      if (accepted !== undefined) return accepted;
      throw new FunctionError(`argument ${position} must be ${expected}, and is ${describeValue(value)}`);
    },
  };
}

function describeValue(value: Value): string {
  if (value === null) return "nil";
  if (isMap(value) || isList(value)) return `a ${isMap(value) ? "map" : "list"}`;
  const plain = value instanceof GoFloat ? value.value : value;
  const shown = typeof plain === "string" ? JSON.stringify(plain.slice(0, 40)) : String(plain);
  return `${shown} (${typeOf(value)})`;
}

/** Any value. */
export const anything: Parameter<Value> = { accept: (value) => value };
/** A text; numbers and nil are refused, as in Go. */
export const text: Parameter<string> = parameter("a text", (value) => (typeof value === "string" ? value : undefined));
/** True or false. */
export const boolean: Parameter<boolean> = parameter("true or false", (value) =>
  typeof value === "boolean" ? value : undefined,
);
/** An `int` that a JavaScript number holds. */
export const integer: Parameter<number> = parameter("an int", (value) => {
  const number = intOf(value);
  return typeof number === "number" ? number : undefined;
});
/** A map; nil counts as an empty one, as a nil map does in Go. */
export const map: Parameter<GoMap> = parameter("a map", (value) => {
  if (value === null) return new Map<string, Value>();
  return isMap(value) ? value : undefined;
});
/** A list. */
export const list: Parameter<GoList> = parameter("a list", (value) => (isList(value) ? value : undefined));

function at(values: readonly Value[], index: number): Value {
  return values[index] ?? null;
}

/** A function without arguments. */
export function nullary(call: (runtime: Runtime) => Value): TemplateFunction {
  return { least: 0, most: 0, call: (_, runtime) => call(runtime) };
}

/** A function of one argument. */
export function unary<A>(first: Parameter<A>, call: (one: A, runtime: Runtime) => Value): TemplateFunction {
  return { least: 1, most: 1, call: (values, runtime) => call(first.accept(at(values, 0), 1), runtime) };
}

/** A function of two arguments. */
export function binary<A, B>(
  first: Parameter<A>,
  second: Parameter<B>,
  call: (one: A, two: B, runtime: Runtime) => Value,
): TemplateFunction {
  return {
    least: 2,
    most: 2,
    call: (values, runtime) => call(first.accept(at(values, 0), 1), second.accept(at(values, 1), 2), runtime),
  };
}

/** A function of three arguments. */
export function ternary<A, B, C>(
  first: Parameter<A>,
  second: Parameter<B>,
  third: Parameter<C>,
  call: (one: A, two: B, three: C, runtime: Runtime) => Value,
): TemplateFunction {
  return {
    least: 3,
    most: 3,
    call: (values, runtime) =>
      call(first.accept(at(values, 0), 1), second.accept(at(values, 1), 2), third.accept(at(values, 2), 3), runtime),
  };
}

/** A function of any number of arguments of one type, but at least `least`. */
export function variadic<A>(
  least: number,
  each: Parameter<A>,
  call: (all: readonly A[], runtime: Runtime) => Value,
): TemplateFunction {
  return {
    least,
    most: Infinity,
    call: (values, runtime) =>
      call(
        values.map((value, index) => each.accept(value, index + 1)),
        runtime,
      ),
  };
}

/** A function with one argument of its own type before any number of others. */
export function leading<A, B>(
  first: Parameter<A>,
  each: Parameter<B>,
  call: (one: A, others: readonly B[], runtime: Runtime) => Value,
): TemplateFunction {
  return {
    least: 1,
    most: Infinity,
    call: (values, runtime) =>
      call(
        first.accept(at(values, 0), 1),
        values.slice(1).map((value, index) => each.accept(value, index + 2)),
        runtime,
      ),
  };
}

/** Layers of functions: a later one replaces names of an earlier one. */
export function layer(...layers: readonly FunctionMap[]): FunctionMap {
  return new Map(layers.flatMap((functions) => [...functions]));
}

/** A function map from an object literal. */
export function functionMap(functions: Readonly<Record<string, TemplateFunction>>): FunctionMap {
  return new Map(Object.entries(functions));
}
