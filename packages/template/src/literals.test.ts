import { expect, test } from "vitest";
import { charLiteral, numberLiteral } from "./literals.ts";
import { GoFloat } from "./value.ts";

test.each([
  ["0", 0],
  ["-42", -42],
  ["+7", 7],
  ["1_000", 1000],
  ["0x1F", 31],
  ["0b101", 5],
  ["0o17", 15],
  ["017", 15],
  ["9223372036854775807", 9_223_372_036_854_775_807n],
  ["1.5", 1.5],
  [".5", 0.5],
  ["1.", new GoFloat(1)],
  ["1e3", new GoFloat(1000)],
  ["-2.5e-3", -0.0025],
  ["0x1p4", new GoFloat(16)],
  ["0x1.8p1", new GoFloat(3)],
])("%s is a number", (text, value) => {
  expect(numberLiteral(text)).toEqual({ value });
});

test.each([
  ["089", '"089" is not a number'],
  ["1__0", '"1__0" is not a number'],
  ["1_", '"1_" is not a number'],
  ["-", '"-" is not a number'],
  ["1e", '"1e" is not a number'],
  ["9223372036854775808", "9223372036854775808 does not fit an int of 64 bits"],
  ["1e999", "1e999 does not fit a float64"],
])("%s is no number", (text, problem) => {
  expect(numberLiteral(text)).toEqual({ problem });
});

test("a character is its code point", () => {
  expect([`'a'`, `'\\n'`, `'日'`, `'ab'`].map(charLiteral)).toEqual([97, 10, 26085, undefined]);
});
