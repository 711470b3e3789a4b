import { FunctionError } from "../function-error.ts";
import { anything, binary, functionMap, integer, leading, ternary, text, unary, variadic } from "../functions.ts";
import type { FunctionMap, Runtime } from "../functions.ts";
import { printValue } from "../print.ts";
import { goFloat, type Value } from "../value.ts";
import { MAX_NUMBERS } from "./bounds.ts";
import { calculate, divisor, toFloat, toInteger } from "./numbers.ts";

function untilStep(start: number, stop: number, step: number): readonly number[] {
  const isUp = stop >= start;
  if ((isUp && step <= 0) || (!isUp && step >= 0)) return [];
  const count = Math.ceil((stop - start) / step);
  if (count > MAX_NUMBERS) throw new FunctionError(`${count} numbers are more than the limit of ${MAX_NUMBERS}`);
  return Array.from({ length: count }, (_, index) => start + index * step);
}

/** `seq end`, `seq start end`, `seq start step end`: the numbers, both ends included, parted by blanks. */
function sequence(limits: readonly number[]): string {
  const [first = 1, second = 1, third] = limits;
  if (limits.length === 0 || limits.length > 3) return "";
  const start = limits.length === 1 ? 1 : first;
  const end = third ?? (limits.length === 1 ? first : second);
  const direction = end < start ? -1 : 1;
  const step = third === undefined ? direction : second;
  if (end < start && step > 0) return "";
  return untilStep(start, end + direction, step).join(" ");
}

function round(value: Value, places: number, roundsUpFrom: number): Value {
  const power = 10 ** places;
  const digits = power * toFloat(value);
  const fraction = digits - Math.trunc(digits);
  return goFloat((fraction >= roundsUpFrom ? Math.ceil(digits) : Math.floor(digits)) / power);
}

function largest(first: Value, others: readonly Value[]): number | bigint {
  return others.map(toInteger).reduce((best, next) => (next > best ? next : best), toInteger(first));
}

function smallest(first: Value, others: readonly Value[]): number | bigint {
  return others.map(toInteger).reduce((best, next) => (next < best ? next : best), toInteger(first));
}

function floats(operation: (one: number, other: number) => number) {
  return leading(anything, anything, (first, others) =>
    goFloat(others.map(toFloat).reduce((total, next) => decimal(operation(total, next)), toFloat(first))),
  );
}

/** Sprig calculates with decimals, where 0.1 + 0.2 is 0.3; 15 digits of a float64 are decimals too. */
function decimal(value: number): number {
  return Number(value.toPrecision(15));
}

function octal(value: Value, runtime: Runtime): Value {
  const digits = printValue(value, runtime.charge);
  return /^[0-7]{1,17}$/.test(digits) ? Number.parseInt(digits, 8) : 0;
}

const integers: FunctionMap = functionMap({
  add: variadic(0, anything, (values) =>
    values.map(toInteger).reduce((total, next) => calculate(total, next, (one, other) => one + other), 0),
  ),
  add1: unary(anything, (value) => calculate(toInteger(value), 1, (one, other) => one + other)),
  sub: binary(anything, anything, (left, right) =>
    calculate(toInteger(left), toInteger(right), (one, other) => one - other),
  ),
  mul: leading(anything, anything, (first, others) =>
    others
      .map(toInteger)
      .reduce((total, next) => calculate(total, next, (one, other) => one * other), toInteger(first)),
  ),
  div: binary(anything, anything, (left, right) =>
    calculate(toInteger(left), divisor(right), (one, other) => one / other),
  ),
  mod: binary(anything, anything, (left, right) =>
    calculate(toInteger(left), divisor(right), (one, other) => one % other),
  ),
  max: leading(anything, anything, largest),
  biggest: leading(anything, anything, largest),
  min: leading(anything, anything, smallest),
});

const decimals: FunctionMap = functionMap({
  floor: unary(anything, (value) => goFloat(Math.floor(toFloat(value)))),
  ceil: unary(anything, (value) => goFloat(Math.ceil(toFloat(value)))),
  round: {
    ...ternary(anything, integer, anything, (value, places, from) =>
      round(value, places, from === null ? 0.5 : toFloat(from)),
    ),
    least: 2,
  },
  addf: variadic(0, anything, (values) =>
    goFloat(values.map(toFloat).reduce((total, next) => decimal(total + next), 0)),
  ),
  subf: floats((one, other) => one - other),
  mulf: floats((one, other) => one * other),
  divf: floats((one, other) => {
    if (other === 0) throw new FunctionError("cannot divide by zero");
    return one / other;
  }),
  maxf: floats(Math.max),
  minf: floats(Math.min),
});

const conversions: FunctionMap = functionMap({
  int: unary(anything, toInteger),
  int64: unary(anything, toInteger),
  float64: unary(anything, (value) => goFloat(toFloat(value))),
  atoi: unary(text, (value) =>
    /^[+-]?\d{1,18}$/.test(value) ? toInteger(value.replace(/^([+-]?)0+(?=\d)/, "$1")) : 0,
  ),
  toDecimal: unary(anything, octal),
  until: unary(integer, (count) => untilStep(0, count, count < 0 ? -1 : 1)),
  untilStep: ternary(integer, integer, integer, untilStep),
  seq: variadic(0, integer, sequence),
});

/** Sprig's functions of numbers. */
export const mathFunctions: FunctionMap = new Map([...integers, ...decimals, ...conversions]);
