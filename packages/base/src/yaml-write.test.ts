import fc from "fast-check";
import { expect, test } from "vitest";
import { compareNatural, parseYaml, sortedTree, writeYaml } from "./index.ts";
import { anyTree } from "./testing/index.ts";

test("what YAML 1.1 would misread is quoted, and lists stand below their key", () => {
  const document = {
    plain: "text",
    list: [{ a: 1, b: ["x"] }, "y"],
    version: "1.50",
    date: "2024-01-02",
    y: "no",
    lead: " x",
    colon: "a: b",
    lines: "a\nb\n",
    huge: 12345678901234567890n,
    large: 1e23,
    none: null,
    empty: {},
  };
  expect(writeYaml(document)).toBe(`plain: text
list:
  - a: 1
    b:
      - x
  - "y"
version: "1.50"
date: "2024-01-02"
"y": "no"
lead: ' x'
colon: 'a: b'
lines: |
  a
  b
huge: 12345678901234567890
large: 1.e+23
none: null
empty: {}
`);
});

test("Helm's layout puts the dash below the key", () => {
  expect(writeYaml({ a: [1, [2]], b: {} }, { lists: "flush" })).toBe("a:\n- 1\n- - 2\nb: {}\n");
});

test("with 4 spaces the text of a list item stays next to its dash, and maps below it stand at the next fourth column", () => {
  const document = {
    a: { list: [{ x: 1, y: [1, [2, "yes"]] }, "s", [], {}], text: "one\n\ntwo\n" },
    lead: " x\ny",
    items: [" x\ny", { "k: 1": "a\nb" }],
    "two\nlines": null,
    kept: "a\n\n",
  };
  expect(writeYaml(document, { indent: 4 })).toBe(`a:
    list:
        - x: 1
          "y":
            - 1
            - - 2
              - "yes"
        - s
        - []
        - {}
    text: |
        one

        two
lead: |4-
     x
    y
items:
    - |2-
       x
      y
    - 'k: 1': |-
        a
        b
"two\\nlines": null
kept: |+
    a

`);
});

test("long lines are not folded and shared parts are written out", () => {
  const part = { text: "word ".repeat(50).trim() };
  expect(writeYaml([part, part])).toBe(`- text: ${part.text}\n- text: ${part.text}\n`);
});

test("whatever is written reads back as the same document", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      expect(parseYaml(writeYaml(tree))).toEqual(tree);
      expect(parseYaml(writeYaml(tree, { lists: "flush" }))).toEqual(tree);
      expect(parseYaml(writeYaml(tree, { indent: 4 }))).toEqual(tree);
    }),
  );
});

test("keys sort naturally: signs, digits as numbers, upper before lower case", () => {
  const keys = ["b", "a10", "a9", "B", "_x", "a", "2", "10", "a-1", ".x"];
  expect(keys.toSorted(compareNatural)).toEqual([".x", "_x", "2", "10", "B", "a", "a-1", "a9", "a10", "b"]);
});

test("sorting reaches every map and leaves lists alone", () => {
  expect(JSON.stringify(sortedTree({ b: [{ d: 1, c: 2 }, 0], a: null }))).toBe('{"a":null,"b":[{"c":2,"d":1},0]}');
});

test("the natural order is an order", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
      expect(Math.sign(compareNatural(a, b))).toBe(-Math.sign(compareNatural(b, a)) + 0);
      fc.pre(compareNatural(a, b) <= 0 && compareNatural(b, c) <= 0);
      expect(compareNatural(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});
