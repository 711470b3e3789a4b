import fc from "fast-check";
import { expect, test } from "vitest";
import { anyTree } from "../testing/index.ts";
import { parseJson, writeJson } from "../json.ts";
import { REDACTED, redactNamed, redactText, redactTree } from "./index.ts";

test("what stands under the name of a secret, beside its name, behind its flag, or in JSON text", () => {
  const pod = {
    metadata: { annotations: { last: '{"env":[{"name":"HF_TOKEN","value":"planted-1"}]}', note: "plain" } },
    spec: {
      containers: [
        {
          args: ["--token", "planted-2", "--port", "8000", "--password=planted-3"],
          env: [
            { name: "NGC_API_KEY", value: "planted-4" },
            { name: "LOG_LEVEL", value: "debug" },
            { name: "MAX_TOKENS", value: "4096" },
          ],
        },
      ],
    },
    ".dockerconfigjson": '{"auths":{"nvcr.io":{"auth":"cm9ib3Q6cGxhbnRlZC01"}}}',
  };
  expect(redactTree("", pod)).toEqual({
    metadata: { annotations: { last: `{"env":[{"name":"HF_TOKEN","value":"${REDACTED}"}]}`, note: "plain" } },
    spec: {
      containers: [
        {
          args: ["--token", REDACTED, "--port", "8000", `--password=${REDACTED}`],
          env: [
            { name: "NGC_API_KEY", value: REDACTED },
            { name: "LOG_LEVEL", value: "debug" },
            { name: "MAX_TOKENS", value: "4096" },
          ],
        },
      ],
    },
    ".dockerconfigjson": `{"auths":{"nvcr.io":{"auth":"${REDACTED}"}}}`,
  });
});

test("a document without secrets is the same object", () => {
  const plain = { spec: { replicas: 2, image: "nvcr.io/nim/meta/llama3:1.0.0" } };
  expect(redactTree("", plain)).toBe(plain);
  expect(redactNamed("image", "nvcr.io/nim/meta/llama3:1.0.0")).toBe("nvcr.io/nim/meta/llama3:1.0.0");
});

test("no document makes it fail, and what it gives is clean", () => {
  fc.assert(
    fc.property(anyTree, (tree) => {
      const clean = redactTree("", tree);
      expect(redactTree("", clean)).toEqual(clean);
    }),
  );
});

test("a document stays one that can be written and read", () => {
  const clean = redactTree("", { password: "planted-6" });
  expect(parseJson(writeJson(clean))).toEqual({ password: REDACTED });
});

test("what a name refers to stays, unless it looks like a secret itself", () => {
  const spec = { authSecret: "ngc-api-secret", last: '{"authSecret":"ngc-api-secret","token":"planted-7"}' };
  const isReference = (name: string): boolean => name === "authSecret";
  expect(redactTree("", spec, isReference)).toEqual({
    authSecret: "ngc-api-secret",
    last: `{"authSecret":"ngc-api-secret","token":"${REDACTED}"}`,
  });
  const key = ["nvapi", "planted0123456789abcdef"].join("-");
  expect(redactTree("", { authSecret: key }, isReference)).toEqual({ authSecret: REDACTED });
  expect(redactTree("", spec)).toMatchObject({ authSecret: REDACTED });
});

test("the login of a registry in the middle of a message", () => {
  const login = btoa("robot:planted-8");
  expect(redactText(`pull failed: {"auths":{"nvcr.io":{"auth":"${login}"}}}`)).toBe(
    `pull failed: {"auths":{"nvcr.io":{"auth":"${REDACTED}"}}}`,
  );
  expect(redactText(`{\\"auth\\":\\"${login}\\"}`)).toBe(`{\\"auth\\":\\"${REDACTED}\\"}`);
  expect(redactText('{"auth":"enabled"}')).toBe('{"auth":"enabled"}');
});
