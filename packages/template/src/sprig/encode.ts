import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { parseJson, parseYaml, sortedTree, writeYaml, messageOf, type Tree, type YamlLayout } from "@slipway/base";
import { FunctionError } from "../function-error.ts";
import { anything, functionMap, text, unary } from "../functions.ts";
import type { FunctionMap, Runtime, TemplateFunction } from "../functions.ts";
import { binaryOf, bytesOf, ofBinary } from "../utf8.ts";
import { fromData, goFloat, isList, isMap, toTree, type Value } from "../value.ts";
import { jsonOf } from "./json.ts";

/** A value as YAML without the newline at the end; keys in Go's order. */
export function toYaml(value: Value, runtime: Runtime, layout: YamlLayout): string {
  const tree = toTree(value, () => runtime.charge(1));
  return writeYaml(sortedTree(tree), layout).replace(/\n$/, "");
}

function json(indent: number, escapesHtml: boolean): TemplateFunction {
  return unary(anything, (value, { charge }) => jsonOf(value, { indent, escapesHtml, charge }));
}

/** Numbers that a template reads out of a text are `float64`, as Go's JSON decoder gives them. */
function withFloats(tree: Tree): Value {
  const value = fromData(tree);
  return floats(value);
}

function floats(value: Value): Value {
  if (typeof value === "number") return goFloat(value);
  if (typeof value === "bigint") return goFloat(Number(value));
  if (isList(value)) return value.map(floats);
  return isMap(value) ? new Map([...value].map(([key, item]) => [key, floats(item)])) : value;
}

/** Helm's `from…` functions do not fail: what is wrong comes as a map with `Error`, or a list with the message. */
function reading(parse: (source: string) => Tree, wanted: "map" | "list"): TemplateFunction {
  return unary(text, (source) => {
    let problem = `expected a ${wanted}`;
    try {
      const value = withFloats(parse(source));
      if (wanted === "map" ? isMap(value) : isList(value)) return value;
      if (value === null) return wanted === "map" ? new Map<string, Value>() : [];
    } catch (error) {
      problem = messageOf(error);
    }
    return wanted === "list" ? [problem] : new Map([["Error", problem]]);
  });
}

/** A text that is no base64 gives the complaint itself, as sprig does. */
function decodeBase64(value: string): string {
  const plain = value.replace(/[\r\n]/g, "");
  const valid = /^[A-Za-z0-9+/]*={0,2}/.exec(plain)?.[0].length ?? 0;
  if (valid !== plain.length || plain.length % 4 !== 0) return `illegal base64 data at input byte ${valid}`;
  return ofBinary(atob(plain));
}

/** Sprig's and Helm's functions that turn values into texts and back. */
export const encodeFunctions: FunctionMap = functionMap({
  toYaml: unary(anything, (value, runtime) => toYaml(value, runtime, { lists: "flush" })),
  mustToYaml: unary(anything, (value, runtime) => toYaml(value, runtime, { lists: "flush" })),
  toYamlPretty: unary(anything, (value, runtime) => toYaml(value, runtime, {})),
  fromYaml: reading(parseYaml, "map"),
  fromYamlArray: reading(parseYaml, "list"),
  toJson: json(0, true),
  mustToJson: json(0, true),
  toRawJson: json(0, false),
  mustToRawJson: json(0, false),
  toPrettyJson: json(2, true),
  mustToPrettyJson: json(2, true),
  fromJson: reading(parseJson, "map"),
  fromJsonArray: reading(parseJson, "list"),
  mustFromJson: unary(text, (source) => {
    try {
      return withFloats(parseJson(source));
    } catch (error) {
      throw new FunctionError(messageOf(error));
    }
  }),
  b64enc: unary(text, (value) => btoa(binaryOf(value))),
  b64dec: unary(text, decodeBase64),
  sha256sum: unary(text, (value) => bytesToHex(sha256(bytesOf(value)))),
});
