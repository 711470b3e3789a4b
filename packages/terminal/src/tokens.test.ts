import { parseArgs } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tokensOf, type Token } from "./tokens.ts";

const TAKES_VALUE: ReadonlySet<string> = new Set(["--format", "-f", "--set"]);
const OPTIONS = {
  format: { type: "string", short: "f", multiple: true },
  set: { type: "string", multiple: true },
  debug: { type: "boolean", short: "d", multiple: true },
} as const;

function tokens(words: readonly string[]): readonly Token[] {
  return tokensOf(words, (option) => TAKES_VALUE.has(option));
}

/** What Node makes of the same words. */
function nodeTokens(words: readonly string[]): readonly Token[] {
  return parseArgs({ args: [...words], options: OPTIONS, strict: false, tokens: true }).tokens.flatMap(
    (token): readonly Token[] => {
      if (token.kind === "option-terminator") return [];
      if (token.kind === "positional") return [{ kind: "positional", value: token.value }];
      const { rawName, value, inlineValue = false } = token;
      return [{ kind: "option", rawName, value, inlineValue }];
    },
  );
}

test("options, their values, and what is neither", () => {
  expect(tokens(["a", "-dfjson", "--set", "--debug", "--no-debug=x", "-", "--", "--set"])).toEqual([
    { kind: "positional", value: "a" },
    { kind: "option", rawName: "-d", value: undefined, inlineValue: false },
    { kind: "option", rawName: "-f", value: "json", inlineValue: true },
    { kind: "option", rawName: "--set", value: "--debug", inlineValue: false },
    { kind: "option", rawName: "--no-debug", value: "x", inlineValue: true },
    { kind: "positional", value: "-" },
    { kind: "positional", value: "--set" },
  ]);
});

test("any command line is taken apart as Node does", () => {
  const part = fc.constantFrom(
    "-",
    "--",
    "---",
    "=",
    "f",
    "d",
    "x",
    "format",
    "set",
    "debug",
    "no-",
    "",
    "é",
    "😀",
    "1",
  );
  const word = fc.oneof(
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join("")),
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), (words) => {
      expect(tokens(words)).toEqual(nodeTokens(words));
    }),
    { numRuns: 1000 },
  );
});
