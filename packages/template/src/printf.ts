import { readDirective, type Arguments, type Directive } from "./format-directive.ts";
import { formatBoolean, formatFloat64, formatInteger, formatText, pad } from "./format-scalar.ts";
import { FunctionError } from "./function-error.ts";
import type { Runtime } from "./functions.ts";
import { printWith } from "./print.ts";
import {
  MAX_VALUE_DEPTH,
  floatOf,
  intOf,
  isList,
  isMap,
  sortedKeys,
  typeOf,
  type GoScalar,
  type Value,
} from "./value.ts";

/**
 * Go's `fmt.Sprintf`, with its verbs, flags, widths, precisions, `*` and `[n]`, and its notes for misuse such as
 * `%!d(string=x)`. `%#v` of a float64 and the flag `#` of float verbs are as without the flag.
 */
export function formatGo(
  format: string,
  values: readonly Value[],
  runtime: Pick<Runtime, "charge" | "checkSize">,
): string {
  const args: Arguments = { values, next: 0, reordered: false };
  let formatted = "";
  let at = 0;
  for (;;) {
    const percent = format.indexOf("%", at);
    if (percent < 0) break;
    formatted += format.slice(at, percent);
    const { directive, problems, end } = readDirective(format, percent + 1, args);
    runtime.checkSize(formatted.length + (directive.width ?? 0) + (directive.precision ?? 0));
    formatted += problems.notes + formatNext(directive, problems.badIndex, args, runtime.charge);
    runtime.charge(1 + (directive.width ?? 0) / 64);
    at = end;
  }
  formatted += format.slice(at);
  return formatted + extraArguments(args, runtime.charge);
}

function formatNext(directive: Directive, badIndex: boolean, args: Arguments, charge: Runtime["charge"]): string {
  const { verb } = directive;
  if (verb === "") return "%!(NOVERB)";
  if (verb === "%") return "%";
  if (badIndex) return `%!${verb}(BADINDEX)`;
  const value = args.values[args.next];
  if (value === undefined) return `%!${verb}(${args.reordered ? "BADINDEX" : "MISSING"})`;
  args.next++;
  return formatValue(value, directive, charge);
}

function extraArguments(args: Arguments, charge: Runtime["charge"]): string {
  if (args.reordered || args.next >= args.values.length) return "";
  const extra = args.values
    .slice(args.next)
    .map((value) => (value === null ? "<nil>" : `${typeOf(value)}=${formatValue(value, PLAIN, charge)}`));
  return `%!(EXTRA ${extra.join(", ")})`;
}

const PLAIN: Directive = {
  plus: false,
  minus: false,
  sharp: false,
  space: false,
  zero: false,
  width: undefined,
  precision: undefined,
  verb: "v",
};

function formatValue(value: Value, read: Directive, charge: Runtime["charge"]): string {
  const { verb } = read;
  // For %v the flag + asks for the names of fields, which values here do not have.
  const directive = verb === "v" ? { ...read, plus: false } : read;
  if (verb === "T" && value === null) return pad("<nil>", directive);
  if (verb === "T") return formatText(typeOf(value), { ...directive, verb: "s" }) ?? "";
  if (value === null) return verb === "v" ? pad("<nil>", directive) : `%!${verb}(<nil>)`;
  if (verb === "v" && directive.sharp) return goSyntax(value, directive, charge, 0);
  return printWith(value, { scalar: (scalar) => formatScalar(scalar, directive), charge }, 0);
}

function formatScalar(value: GoScalar, directive: Directive): string {
  return scalarText(value, directive) ?? badVerb(value, directive);
}

function scalarText(value: GoScalar, directive: Directive): string | undefined {
  if (typeof value === "string") return formatText(value, directive);
  if (typeof value === "boolean") return formatBoolean(value, directive);
  const integer = intOf(value);
  if (integer !== undefined) return formatInteger(integer, directive);
  return formatFloat64(floatOf(value) ?? Number.NaN, directive);
}

function badVerb(value: GoScalar, directive: Directive): string {
  const shown = scalarText(value, { ...directive, verb: "v" }) ?? "";
  return `%!${directive.verb}(${typeOf(value)}=${shown})`;
}

/** `%#v`: the value as Go source. */
function goSyntax(value: Value, directive: Directive, charge: Runtime["charge"], depth: number): string {
  charge(1);
  if (depth > MAX_VALUE_DEPTH) throw new FunctionError(`a value nests deeper than ${MAX_VALUE_DEPTH} levels`);
  if (value === null) return "interface {}(nil)";
  if (isList(value)) {
    return `${typeOf(value)}{${value.map((item) => goSyntax(item, directive, charge, depth + 1)).join(", ")}}`;
  }
  if (isMap(value)) {
    const entries = sortedKeys(value).map(
      (key) => `${formatScalar(key, directive)}:${goSyntax(value.get(key) ?? null, directive, charge, depth + 1)}`,
    );
    return `${typeOf(value)}{${entries.join(", ")}}`;
  }
  return formatScalar(value, directive);
}
