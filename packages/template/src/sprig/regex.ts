import { binary, functionMap, integer, ternary, text } from "../functions.ts";
import type { FunctionMap, Runtime } from "../functions.ts";
import { unary } from "../functions.ts";
import { GoRegexp, expandReplacement } from "../go-regexp.ts";

function replaceAll(source: string, value: string, replacement: string, runtime: Runtime): string {
  let size = value.length;
  return new GoRegexp(source, runtime.charge).replace(value, (group) => {
    const filled = expandReplacement(replacement, group);
    runtime.checkSize((size += filled.length));
    return filled;
  });
}

function replaceAllLiteral(source: string, value: string, replacement: string, runtime: Runtime): string {
  let size = value.length;
  return new GoRegexp(source, runtime.charge).replace(value, () => {
    runtime.checkSize((size += replacement.length));
    return replacement;
  });
}

const plain: FunctionMap = functionMap({
  regexMatch: binary(text, text, (source, value, { charge }) => new GoRegexp(source, charge).matches(value)),
  regexFind: binary(text, text, (source, value, { charge }) => new GoRegexp(source, charge).find(value)),
  regexFindAll: ternary(text, text, integer, (source, value, count, { charge }) =>
    new GoRegexp(source, charge).findAll(value, count),
  ),
  regexReplaceAll: ternary(text, text, text, replaceAll),
  regexReplaceAllLiteral: ternary(text, text, text, replaceAllLiteral),
  regexSplit: ternary(text, text, integer, (source, value, count, { charge }) =>
    new GoRegexp(source, charge).split(value, count),
  ),
});

/** Sprig's functions of regular expressions, in Go's syntax; the `must` forms fail just as the plain ones do. */
export const regexFunctions: FunctionMap = new Map([
  ...plain,
  ...[...plain].map(([name, called]) => [`must${name.slice(0, 1).toUpperCase()}${name.slice(1)}`, called] as const),
  ["regexQuoteMeta", unary(text, (value) => value.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&"))],
]);
