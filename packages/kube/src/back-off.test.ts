import fc from "fast-check";
import { expect, test } from "vitest";
import { backOff } from "./back-off.ts";

test("pauses double up to half a minute, and start again after a success", () => {
  const pause = backOff(() => 0);
  const pauses = Array.from({ length: 9 }, () => pause.next());
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  pause.reset();
  expect(pause.next()).toBe(250);
});

test("chance takes off up to a half, however often it fails", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(5000), (random, failures) => {
      const pause = backOff(() => random);
      for (let index = 0; index < failures; index++) pause.next();
      const next = pause.next();
      expect(next).toBeGreaterThan(125 - 1);
      expect(next).toBeLessThanOrEqual(30_000);
    }),
  );
});
