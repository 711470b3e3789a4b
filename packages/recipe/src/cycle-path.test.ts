import { expect, test } from "vitest";
import { cyclePath } from "./cycle-path.ts";

test("a short cycle is shown whole, of a long one its ends", () => {
  expect(cyclePath(["a", "b", "a"])).toBe('"a" -> "b" -> "a"');
  const names = Array.from({ length: 1000 }, (_, at) => `c${at}`);
  expect(cyclePath(names)).toBe(
    '"c0" -> "c1" -> "c2" -> "c3" -> "c4" -> "c5" -> ... -> "c995" -> "c996" -> "c997" -> "c998" -> "c999"',
  );
});
