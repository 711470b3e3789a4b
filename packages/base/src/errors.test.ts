import { expect, test } from "vitest";
import { EXIT_CODES, SlipwayError, describePlace, messageOf } from "./index.ts";

test("an error says where, what and what next, on two lines", () => {
  const error = new SlipwayError("INVALID_INPUT", "expected a map, found a list", {
    place: { file: "overlays/eks.yaml", line: 3, column: 5, field: "spec.criteria" },
    hint: "Write it as key: value lines.",
  });
  expect(error.describe()).toBe(
    "overlays/eks.yaml:3:5: spec.criteria: expected a map, found a list\nWrite it as key: value lines.",
  );
});

test.each([
  [undefined, ""],
  [{}, ""],
  [{ file: "a.yaml" }, "a.yaml"],
  [{ file: "a.yaml", column: 4 }, "a.yaml"],
  [{ line: 2, column: 4 }, "2:4"],
  [{ field: "spec" }, "spec"],
])("the place %j reads %j", (place, text) => {
  expect(describePlace(place)).toBe(text);
});

test("a reader of files adds the file and keeps what is known already", () => {
  const inner = new SlipwayError("NOT_FOUND", "no such value", { place: { line: 7, file: undefined } });
  expect(inner.at({ file: "x.yaml", line: 1 }).place).toEqual({ file: "x.yaml", line: 7 });
});

test("every code ends a program with a status of the one table", () => {
  const statuses = (["USAGE", "INVALID_INPUT", "NOT_FOUND", "NOT_ALLOWED", "TIMED_OUT", "UNAVAILABLE"] as const).map(
    (code) => new SlipwayError(code, "").exitCode,
  );
  expect(statuses).toEqual([2, 2, 3, 4, 5, 6]);
  expect(new SlipwayError("ANSWER_IS_NO", "").exitCode).toBe(EXIT_CODES.ANSWER_IS_NO.exit);
  expect(new SlipwayError("BUG", "").exitCode).toBe(8);
  expect(new SlipwayError("INTERRUPTED", "").exitCode).toBe(130);
});

test("the cause is kept, and anything thrown has a text", () => {
  const cause = new TypeError("inner");
  expect(new SlipwayError("BUG", "outer", { cause }).cause).toBe(cause);
  expect([messageOf(cause), messageOf("text"), messageOf(undefined)]).toEqual(["inner", "text", "undefined"]);
});
