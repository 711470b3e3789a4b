import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { KubeApiError } from "../../errors.ts";
import { retryDelay } from "./retry.ts";

const never = (): number => 0;
const lost = (code: string): SlipwayError =>
  new SlipwayError("UNAVAILABLE", "lost", { cause: Object.assign(new Error(code), { code }) });

test("the wait doubles, has a limit, and up to half of it is left to chance", () => {
  const error = new KubeApiError("busy", { status: 503, reason: "" });
  const delays = (random: () => number) => [1, 2, 3, 4, 5].map((attempt) => retryDelay(error, "GET", attempt, random));
  expect(delays(never)).toEqual([200, 400, 800, 1600, undefined]);
  expect(delays(() => 1)).toEqual([100, 200, 400, 800, undefined]);
});

test("the server's own wait counts when it is longer", () => {
  const error = (retryAfterSeconds: number) => new KubeApiError("busy", { status: 429, reason: "", retryAfterSeconds });
  expect(retryDelay(error(7), "POST", 1, never)).toBe(7000);
  expect(retryDelay(error(0), "POST", 1, never)).toBe(200);
});

test.each([
  ["GET", "ECONNRESET", true],
  ["PUT", "ECONNRESET", false],
  ["PUT", "ECONNREFUSED", true],
  ["GET", "ENOTFOUND", false],
  ["GET", "CERT_HAS_EXPIRED", false],
])("%s after %s is repeated: %s", (method, code, isRepeated) => {
  expect(retryDelay(lost(code), method, 1) !== undefined).toBe(isRepeated);
});

test("what is not an answer, nor the network, is final", () => {
  expect(retryDelay(new Error("a bug"), "GET", 1)).toBeUndefined();
  expect(retryDelay(new KubeApiError("?", { status: 501, reason: "" }), "GET", 1)).toBeUndefined();
});
