import { expect, test } from "vitest";
import goRegexp from "../testdata/go-regexp.json" with { type: "json" };
import { FunctionError } from "../function-error.ts";
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
  ["(", "a ( that is not closed"],
  [")", "a ) without a ( before it"],
  ["*a", 'nothing before "*" to repeat'],
  ["a**", 'two repetitions in a row at "*"'],
  ["a{1001}", "the bad repetition {1001}"],
  ["a{2,1}", "the bad repetition {2,1}"],
  ["(?=a)", "a group that RE2 does not know: it has no looking ahead or behind"],
  ["(a)\\8", "the unknown escape \\8"],
  ["\\C", "the unknown escape \\C"],
  ["(".repeat(60), "groups that nest deeper than 50 levels"],
])("%s is refused", (source, problem) => {
  const message = `the regular expression ${JSON.stringify(source)} has ${problem}`;
  expect(() => regexp(source)).toThrow(new FunctionError(message));
});

test.each([
  ["[a", "the class [a is not closed: expected ]"],
  ["[b-a]", "the class [b-a] has a range that goes down"],
  ["[\\8]", "unknown escape \\8 in a class"],
])("the class %s is refused", (source, problem) => {
  expect(() => regexp(source)).toThrow(new FunctionError(problem));
});

test("a class of an unknown script is refused", () => {
  expect(() => regexp("\\p{Klingon}")).toThrow(/^not a valid class in a regular expression: /);
});

test("replacements name groups by number or name, and the longest name counts", () => {
  const made = regexp("(?P<first>\\w)(\\w*)");
  const replaced = (template: string) => made.replace("ab cd", (group) => expandReplacement(template, group));
  expect(replaced("${2}${first}")).toBe("ba dc");
  expect(replaced("$2$first!")).toBe("ba! dc!");
  expect(replaced("$1x-$$-$9")).toBe("-$- -$-");
});
