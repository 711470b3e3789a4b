import { gzipSync } from "node:zlib";
import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { readHelmSecret } from "./helm-secret.ts";
import { base64, helmSecret } from "./testing/helm.ts";

const release = {
  namespace: "gpu-operator",
  name: "gpu-operator",
  revision: 3,
  status: "deployed",
  chart: { name: "gpu-operator", version: "v25.3.3", appVersion: "v25.3.3" },
  config: { driver: { token: "planted" } },
};

function secretOf(data: string) {
  return { ...helmSecret(release), data: { release: data } };
}

test("a release is read without its values", () => {
  expect(readHelmSecret(helmSecret(release))).toEqual({
    chart: "gpu-operator",
    version: "v25.3.3",
    appVersion: "v25.3.3",
    status: "deployed",
  });
});

test("a release that was not compressed is read too", () => {
  const text = JSON.stringify({ chart: { metadata: { name: "old", version: "1" } } });
  expect(readHelmSecret(secretOf(base64(base64(text))))).toEqual({
    chart: "old",
    version: "1",
    appVersion: "",
    status: "",
  });
});

test.each([
  ["nothing", "", "INVALID_INPUT", "not valid JSON"],
  ["another text", base64(base64("hello")), "INVALID_INPUT", "not valid JSON"],
  ["no chart", base64(gzipSync("{}").toString("base64")), "INVALID_INPUT", "the release names no chart"],
  [
    "half of a release",
    base64(gzipSync("x".repeat(99)).subarray(0, 20).toString("base64")),
    "INVALID_INPUT",
    "cannot be unpacked",
  ],
  ["a bomb", base64(gzipSync(Buffer.alloc(33 * 1024 * 1024)).toString("base64")), "TOO_LARGE", "more than 32 MiB"],
])("%s is refused", (_what, data, code, message) => {
  const error = errorOf(() => readHelmSecret(secretOf(data)));
  expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
});
