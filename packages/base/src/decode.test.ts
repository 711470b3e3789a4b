import { expect, test } from "vitest";
import {
  cursorOf,
  enter,
  entries,
  items,
  kindOf,
  optionalBoolean,
  optionalInteger,
  optionalMap,
  optionalText,
  parseYaml,
  parseYamlAsText,
  requiredText,
  textList,
  type Cursor,
} from "./index.ts";
import { errorOf } from "./testing/index.ts";

const text = `
spec:
  version: 1.10
  nodes: 8
  on: true
  empty: ""
  none: ~
  list: [a, 1.50]
  refs:
    - name: x
    - name: 7
`;
const spec = enter(
  cursorOf(parseYaml(text), () => parseYamlAsText(text)),
  "spec",
);

test("a text field keeps what was written, also where YAML reads a number", () => {
  expect(optionalText(enter(spec, "version"))).toBe("1.10");
  expect(textList(enter(spec, "list"))).toEqual(["a", "1.50"]);
  expect(items(enter(spec, "refs")).map((ref) => requiredText(enter(ref, "name")))).toEqual(["x", "7"]);
});

test("without the text of the source a number prints itself", () => {
  expect(optionalText(enter(cursorOf({ n: 1.5 }), "n"))).toBe("1.5");
});

test("what is absent or null is nothing, an empty list or no entries", () => {
  for (const name of ["none", "nowhere", "toString"]) {
    const field = enter(spec, name);
    expect([optionalText(field), optionalBoolean(field), optionalInteger(field), optionalMap(field)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([items(field), entries(field), enter(field, "deeper").value]).toEqual([[], [], undefined]);
  }
});

test("values of the right type are given", () => {
  expect(optionalInteger(enter(spec, "nodes"))).toBe(8);
  expect(optionalBoolean(enter(spec, "on"))).toBe(true);
  expect(entries(enter(cursorOf({ m: { a: 1, b: 2 } }), "m")).map(([key, at]) => [key, at.field, at.value])).toEqual([
    ["a", "m.a", 1],
    ["b", "m.b", 2],
  ]);
});

test.each<[string, (cursor: Cursor) => unknown, string]>([
  ["refs", optionalText, "spec.refs: expected text, found a list"],
  ["version", items, "spec.version: expected a list, found a number"],
  ["list", entries, "spec.list: expected a map, found a list"],
  ["version", optionalBoolean, "spec.version: expected true or false, found a number"],
  ["version", optionalInteger, "spec.version: expected a whole number, found a number"],
  ["empty", requiredText, "spec.empty: must be given and not be empty"],
  ["nowhere", requiredText, "spec.nowhere: must be given and not be empty"],
])("%s of the wrong type names the field", (name, decode, message) => {
  expect(errorOf(() => decode(enter(spec, name))).describe()).toBe(message);
});

test("an item's field holds its index", () => {
  expect(items(enter(spec, "refs")).map(({ field }) => field)).toEqual(["spec.refs[0]", "spec.refs[1]"]);
});

test("every kind has a name", () => {
  expect([undefined, null, [], {}, "a", true, 1, 1n].map(kindOf)).toEqual([
    "nothing",
    "null",
    "a list",
    "a map",
    "text",
    "true or false",
    "a number",
    "a number",
  ]);
});
