import { SlipwayError } from "@slipway/base";
import { KubeApiError } from "@slipway/kube";
import { NIM_KINDS } from "@slipway/serving";
import { expect, test } from "vitest";
import { writeError } from "./write-error.ts";

const TARGET = { kind: NIM_KINDS.NIMCache, name: "llama", namespace: "nim" };
const RIGHTS = "See what you may do with kubectl auth can-i create nimcaches.apps.nvidia.com -n nim.";
const RELEASE = "The NIM Operator of this cluster does not know the field: it is misspelt, or of another release.";

test.each([
  [
    "a webhook's refusal is no lack of rights",
    403,
    'admission webhook "vnimcache.apps.nvidia.com" denied the request: spec.storage must not be empty',
    false,
    undefined,
  ],
  ["a quota that is used up is none either", 403, "nimcaches is forbidden: exceeded quota: nims", false, undefined],
  [
    "nor is a policy's refusal",
    403,
    "nimcaches \"llama\" is forbidden: ValidatingAdmissionPolicy 'names' with binding 'all' denied request: no",
    false,
    undefined,
  ],
  ["a lack of rights is", 403, 'nimcaches is forbidden: User "jane" cannot create resource', false, RIGHTS],
  ["a field that is not known", 400, 'strict decoding error: unknown field "spec.x"', false, RELEASE],
  ["a field of a file", 400, 'strict decoding error: unknown field "spec.x"', true, `${RELEASE} Look at the file.`],
  ["what the definition refuses", 422, "spec.source: Invalid value", false, undefined],
])("%s", (_, status, message, fromFile, hint) => {
  const error = new KubeApiError(message, { status, reason: "" });
  expect(writeError(error, { ...TARGET, fromFile })).toMatchObject({
    code: status === 403 ? "NOT_ALLOWED" : "INVALID_INPUT",
    message: `NIMCache nim/llama: ${message}`,
    hint,
  });
});

test.each([
  new SlipwayError("TIMED_OUT", "late"),
  new KubeApiError("down", { status: 503, reason: "ServiceUnavailable" }),
  new Error("x"),
])("others stay as they are: %s", (error) => {
  expect(writeError(error, TARGET)).toBe(error);
});
