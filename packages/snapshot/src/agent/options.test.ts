import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { checkAgentOptions } from "./options.ts";
import { OPTIONS } from "./testing/agent-cluster.ts";

test("options that the server takes", () => {
  const full = { ...OPTIONS, serviceAccountName: "snapshots.gpu", runtimeClass: "nvidia", imagePullSecrets: ["ngc"] };
  expect(() => checkAgentOptions(OPTIONS)).not.toThrow();
  expect(() => checkAgentOptions({ ...full, jobName: "a".repeat(30) })).not.toThrow();
});

test.each([
  [{ namespace: "GPU" }, '"GPU" cannot be the name of the namespace'],
  [{ namespace: "" }, '"" cannot be the name of the namespace'],
  [{ jobName: "a".repeat(31) }, `"${"a".repeat(31)}" cannot be the name of the Job`],
  [{ serviceAccountName: "../x" }, '"../x" cannot be the name of the service account'],
  [{ runtimeClass: "nvidia;" }, '"nvidia;" cannot be the name of the runtime class'],
  [{ imagePullSecrets: ["ok", "-"] }, '"-" cannot be the name of the image pull secret'],
  [{ image: "" }, '"" is no image'],
  [{ image: "a b" }, '"a b" is no image'],
  [{ requireGpu: true, runtimeClass: "nvidia" }, "a GPU that is asked for and a runtime class exclude each other"],
])("%j is refused", (options, message) => {
  const error = errorOf(() => checkAgentOptions({ ...OPTIONS, ...options }));
  expect([error.code, error.message]).toEqual(["USAGE", message]);
});
