import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteGo, unquoteGo } from "./quote.ts";

test("a text becomes a Go literal", () => {
  expect(quoteGo(`a"b\\\n\t\u0000\u007f\u00a0é日\u{1f600}\u200b`)).toBe(
    `"a\\"b\\\\\\n\\t\\x00\\x7f\\u00a0é日\u{1f600}\\u200b"`,
  );
  expect(quoteGo("é\u{1f600}", '"', true)).toBe(`"\\u00e9\\U0001f600"`);
  expect(quoteGo("'", "'")).toBe(`'\\''`);
});

test.each([
  [`"a\\tb"`, "a\tb"],
  [`"\\x41\\101\\u00e9\\U0001F600"`, "AAé\u{1f600}"],
  ["`raw \\n\r\n`", "raw \\n\n"],
  [`'x'`, "x"],
  [`'\\''`, "'"],
  [`"\\'"`, undefined],
  [`"\\q"`, undefined],
  [`"\\ud800"`, undefined],
  [`"\\777"`, undefined],
  [`'ab'`, undefined],
  [`''`, undefined],
])("%s stands for %j", (literal, text) => {
  expect(unquoteGo(literal)).toBe(text);
});

test("quoting and unquoting gives back the text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
      fc.boolean(),
      (text, asciiOnly) => {
        expect(unquoteGo(quoteGo(text, '"', asciiOnly))).toBe(text);
      },
    ),
  );
});
