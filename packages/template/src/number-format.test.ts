import fc from "fast-check";
import { expect, test } from "vitest";
import { formatFloat, type FloatVerb } from "./number-format.ts";
import goFloats from "./testdata/go-floats.json" with { type: "json" };

const VERBS: ReadonlyMap<string | number, FloatVerb> = new Map(
  (["b", "e", "f", "g", "x"] as const).map((verb) => [verb, verb]),
);

/** 300 numbers with what Go 1.26 makes of them: number, verb, precision (-1 for the shortest), text. */
test("floats are formatted as strconv.FormatFloat does", () => {
  const formatted = goFloats.map(([number = "", verb = "", precision = 0]) => {
    const form = VERBS.get(verb);
    const text =
      form === undefined ? "" : formatFloat(Number(number), form, precision === -1 ? undefined : Number(precision));
    return [number, verb, precision, text];
  });
  expect(formatted).toEqual(goFloats);
});

test("what is no finite number has a name", () => {
  expect([Number.NaN, Infinity, -Infinity].map((value) => formatFloat(value, "g"))).toEqual(["NaN", "+Inf", "-Inf"]);
  expect(formatFloat(-0, "g")).toBe("-0");
});

test("the shortest text reads back as the same number", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(formatFloat(value, "g"))).toBe(value);
      expect(Number(formatFloat(value, "e"))).toBe(value);
      expect(Number(formatFloat(value, "f"))).toBe(value);
    }),
  );
});
