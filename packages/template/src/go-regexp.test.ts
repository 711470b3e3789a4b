import { expect, test } from "vitest";
import goRegexp from "./testdata/go-regexp.json" with { type: "json" };
import { FunctionError } from "./function-error.ts";
import { GoRegexp, expandReplacement } from "./go-regexp.ts";

function regexp(source: string): GoRegexp {
  return new GoRegexp(source, () => undefined);
}

/** 150 expressions and texts with what Go 1.26 does: whether and what it matches, all matches, replaced, split. */
test("expressions match as they do in Go", () => {
  const results = goRegexp.map(([input]) => {
    const [source = "", text = "", count = 0] = input ?? [];
    const made = regexp(String(source));
    const [value, limit] = [String(text), Number(count)];
    const replaced = made.replace(value, (group) => expandReplacement("<$0|$1>", group));
    return [
      input,
      [made.matches(value), made.find(value), made.findAll(value, limit), replaced, made.split(value, limit)],
    ];
  });
  expect(results).toEqual(goRegexp);
});

test.each([
  ["(?i)straße", "STRASSE Straße", "Straße"],
  ["(?U)a+", "aaa", "a"],
  ["(?U)a+?", "aaa", "aaa"],
  ["(?s).+", "a\nb", "a\nb"],
  ["(?m)^b$", "a\nb\nc", "b"],
  ["(?i:A)b(?-i)B", "abB", "abB"],
  ["\\Aa\\z", "a", "a"],
  ["\\Q.*\\E+", "x.***", ".***"],
  ["[\\x41-\\x{43}\\n]+", "xAB\nC", "AB\nC"],
  ["\\p{Greek}+", "abγδ", "γδ"],
  ["\\PL+", "ab12", "12"],
  ["\\p{^Lu}+", "ABcd", "cd"],
  ["[^[:^digit:]a]+", "a12b", "12"],
  ["[]a]+", "x]a]", "]a]"],
  ["[a\\]-]+", "x-a]", "-a]"],
  ["\\101\\t", "A\t", "A\t"],
  ["a{,2}", "a{,2}", "a{,2}"],
  ["x{2}{", "xx{", "xx{"],
])("%s finds in %j %j", (source, text, found) => {
  expect(regexp(source).find(text)).toBe(found);
});

test.each([
  ["(", "missing closing ): `(`"],
  [")", "unexpected ): `)`"],
  ["*a", "missing argument to repetition operator: `*`"],
  ["a**", "invalid nested repetition operator: `**`"],
  ["a{1001}", "invalid repeat count: `{1001}`"],
  ["(?=a)", "invalid or unsupported Perl syntax: `(?=`"],
  ["(?<=a)b", "invalid named capture: `(?<=a)b`"],
  ["(a)\\1", "invalid escape sequence: `\\1`"],
  ["[a", "missing closing ]: `[a`"],
  ["[b-a]", "invalid character class range: `b-a`"],
  ["\\p{Klingon}", "invalid character class range: `\\p{Klingon}`"],
])("%s is refused", (source, problem) => {
  expect(() => regexp(source)).toThrow(new FunctionError(`not a valid regular expression: ${problem}`));
});

test("replacements name groups by number or name, and the longest name counts", () => {
  const made = regexp("(?P<first>\\w)(\\w*)");
  const replaced = (template: string) => made.replace("ab cd", (group) => expandReplacement(template, group));
  expect(replaced("${2}${first}")).toBe("ba dc");
  expect(replaced("$2$first!")).toBe("ba! dc!");
  expect(replaced("$1x-$$-$9")).toBe("-$- -$-");
});
