import { expect, test } from "vitest";
import { integerOf, parseYaml, parseYamlAsText, parseYamlDocuments, type Tree } from "./index.ts";
import { errorOf } from "./testing/index.ts";

test.each<[string, Tree]>([
  ["", null],
  ["# only a comment", null],
  ["yes", "yes"],
  ["true", true],
  ["~", null],
  ["0755", 493],
  ["0o17", 15],
  ["0x1F", 31],
  ["1_000", 1000],
  ["089", 89],
  ["12345678901234567890", 12345678901234567890n],
  ["99999999999999999999999", 1e23],
  ["1e3", 1000],
  [".5", 0.5],
  ["'1.50'", "1.50"],
  ["2024-01-02", "2024-01-02"],
  ["12:30", "12:30"],
  ["{a: 1, 2: b, true: c, ~: d}", { a: 1, 2: "b", true: "c", null: "d" }],
  ["base: &b {x: 1}\nuse: {<<: *b, y: 2}", { base: { x: 1 }, use: { x: 1, y: 2 } }],
  ["toString: 1", { toString: 1 }],
  ["first\n---\nsecond", "first"],
])("%j is read with its own type", (text, value) => {
  expect(parseYaml(text)).toEqual(value);
});

test("all documents of a stream are read", () => {
  expect(parseYamlDocuments("a: 1\n---\n---\n- 2\n")).toEqual([{ a: 1 }, null, [2]]);
  expect(parseYamlDocuments("")).toEqual([]);
});

test("read as text, every scalar keeps what was written", () => {
  expect(parseYamlAsText("version: 1.10\nn: 0755\nyes: true\nlist: [1_0, ~]\n")).toEqual({
    version: "1.10",
    n: "0755",
    yes: "true",
    list: ["1_0", "~"],
  });
});

test.each([
  ["a: 1\na: 2", "INVALID_INPUT", "f.yaml:2:1: not valid YAML: duplicated mapping key"],
  ["a:\n\t- b", "INVALID_INPUT", "f.yaml:2:1: not valid YAML: tab characters must not be used in indentation"],
  ["a: *x", "INVALID_INPUT", 'f.yaml:1:5: not valid YAML: unidentified alias "x"'],
  ["__proto__: 1", "INVALID_INPUT", 'f.yaml:1:1: not valid YAML: the key "__proto__" is not allowed'],
  ["a: {constructor: 1}", "INVALID_INPUT", 'f.yaml:1:5: not valid YAML: the key "constructor" is not allowed'],
  ["a: &x [*x]", "INVALID_INPUT", "f.yaml: an alias refers to the value that it is part of"],
  ["x: !foo bar", "INVALID_INPUT", "f.yaml:1:4: not valid YAML: unknown scalar tag !<!foo>"],
  ["? [a]\n: b", "INVALID_INPUT", "f.yaml:1:1: not valid YAML: a key must be text, not a list or a map"],
  ["a: x\n b\0c", "INVALID_INPUT", "f.yaml:2:3: a NUL byte: this is not a text file"],
  ["[".repeat(200), "TOO_LARGE", "f.yaml:1:100: not valid YAML: nesting exceeded maxDepth (100)"],
])("%j is refused", (text, code, message) => {
  const error = errorOf(() => parseYaml(text, "f.yaml"));
  expect([error.code, error.describe()]).toEqual([code, message]);
});

test("a document that grows a billionfold through aliases is refused, small as it is", () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const item = level === 0 ? "x" : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array.from({ length: 10 }, () => item).join(",")}]`;
  });
  const error = errorOf(() => parseYaml(levels.join("\n"), "bomb.yaml"));
  expect(error.describe()).toBe("bomb.yaml: the document has more than 500000 values when its aliases are expanded");
  expect(error.code).toBe("TOO_LARGE");
});

test.each([
  ["- x\n".repeat(200_001), "f.yaml: the document has more than 200000 lines"],
  ["- x\r".repeat(200_001), "f.yaml: the document has more than 200000 lines"],
  [`[${"0,".repeat(500_001)}0]`, "f.yaml: the document has more than 500000 commas"],
])("a document of too many parts is refused before it is parsed", (text, message) => {
  const error = errorOf(() => parseYaml(text, "f.yaml"));
  expect([error.code, error.describe()]).toEqual(["TOO_LARGE", message]);
});

test("an integer of a million digits stays the text that was written", () => {
  expect(parseYaml("9".repeat(1_000_000))).toBe("9".repeat(1_000_000));
});

test.each([
  ["1__0", 10],
  ["+5", 5],
  ["-0b11", -3],
  ["0", 0],
  ["-9223372036854775808", -(2n ** 63n)],
  ["18446744073709551616", undefined],
  ["0x", undefined],
  ["08", undefined],
  ["1.0", undefined],
  ["", undefined],
])("the integer in %j", (text, value) => {
  expect(integerOf(text)).toBe(value);
});
