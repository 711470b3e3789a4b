import { expect, test } from "vitest";
import { hiddenSecret, keyProblem, looksLikeKey, readKey, secretObject } from "./index.ts";

const KEY = "nvapi-0123456789012345678901234567";

test("a key of NGC makes two secrets, in the forms that images and models are loaded with", () => {
  const names = [
    { use: "pullSecret", name: "ngc-secret" },
    { use: "authSecret", name: "ngc-api-secret" },
  ] as const;
  const config = {
    auths: { "nvcr.io": { username: "$oauthtoken", password: KEY, auth: btoa(`$oauthtoken:${KEY}`) } },
  };
  expect(names.map((name) => secretObject(name, KEY, "nim"))).toEqual([
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "ngc-secret", namespace: "nim" },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": JSON.stringify(config) },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "ngc-api-secret", namespace: "nim" },
      type: "Opaque",
      stringData: { NGC_API_KEY: KEY },
    },
  ]);
});

test("what is shown of a secret holds its keys and none of its values", () => {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "a",
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": `{"data":"${KEY}"}`, note: "x" },
    },
    data: { NGC_API_KEY: btoa(KEY) },
    stringData: { more: KEY },
  };
  expect(hiddenSecret(secret)).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "a", annotations: { note: "x" } },
    data: { NGC_API_KEY: "(redacted)" },
    stringData: { more: "(redacted)" },
  });
});

test("who wrote which field of a secret is not shown, whether anything was applied or not", () => {
  const managedFields = [{ manager: "kubectl", fieldsV1: {} }];
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "a", managedFields } };
  expect(hiddenSecret(secret)).toEqual({ apiVersion: "v1", kind: "Secret", metadata: { name: "a" } });
  const noted = { ...secret, metadata: { name: "a", managedFields, annotations: { note: "x" } } };
  expect(hiddenSecret(noted)).toEqual({ ...secret, metadata: { name: "a", annotations: { note: "x" } } });
});

test.each([
  ["ngc", `${KEY}\r\n`, undefined],
  ["ngc", "A".repeat(84), undefined],
  ["ngc", "hf_0123456789abcdef", "the key does not look like an NGC API key (nvapi-...)"],
  ["hf", " hf_0123456789abcdef ", undefined],
  ["hf", KEY, "the key does not look like a Hugging Face token (hf_...)"],
] as const)("a key of %s: %j", (owner, text, warning) => {
  expect(readKey(owner, text)).toEqual({ key: text.trim(), warning });
});

test.each([
  ["", "the key is empty"],
  [" \n", "the key is empty"],
  [`${KEY} ${KEY}`, "the key holds spaces, line breaks or characters that no key has"],
  ["kéy", "the key holds spaces, line breaks or characters that no key has"],
  ["x".repeat(5000), "the key has more than 4096 characters: it is none"],
])("what is no key is refused without being shown, %#", (text, problem) => {
  expect(keyProblem(text)).toBe(problem);
  expect(() => readKey("ngc", text)).toThrow(problem);
});

test.each([
  [KEY, true],
  ["hf_0123456789abcdef", true],
  ["hf-api-secret", false],
  ["HF_TOKEN", false],
  ["NGC_API_KEY", false],
])("%s looks like a key: %s", (text, does) => {
  expect(looksLikeKey(text)).toBe(does);
});
