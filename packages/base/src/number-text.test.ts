import { expect, test } from "vitest";
import { floatText, numberText } from "./number-text.ts";

test.each([
  [0, "0"],
  [-7, "-7"],
  [1234567, "1234567"],
  [12345678901234567890n, "12345678901234567890"],
  [24.04, "24.04"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [1.5e-7, "1.5e-07"],
  [1e21, "1e+21"],
  [1234567.5, "1.2345675e+06"],
  [Infinity, "+Inf"],
  [-Infinity, "-Inf"],
  [NaN, "NaN"],
])("%s prints as %s", (value, text) => {
  expect(numberText(value)).toBe(text);
});

test("a float takes an exponent where an integer of the same size does not", () => {
  expect(floatText(123456)).toBe("123456");
  expect(floatText(1234567)).toBe("1.234567e+06");
  expect(floatText(123456789012)).toBe("1.23456789012e+11");
});
