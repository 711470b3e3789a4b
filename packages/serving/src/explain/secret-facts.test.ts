import { kubeObject, type KubeObject } from "@slipway/kube";
import { expect, test } from "vitest";
import { secretFactsOf } from "./secret-facts.ts";

function secret(rest: object): KubeObject {
  return kubeObject({ apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...rest }, "a secret");
}

test.each([
  [{}, "Opaque", [], undefined],
  [{ type: "Opaque", data: { B: "aGlkZGVu", A: "" } }, "Opaque", ["A", "B"], undefined],
  [
    { type: "t", data: { ".dockerconfigjson": btoa('{"auths":{"nvcr.io":{"auth":"aGlkZGVu"}}}') } },
    "t",
    [".dockerconfigjson"],
    ["nvcr.io"],
  ],
  [{ data: { ".dockerconfigjson": "not base64!" } }, "Opaque", [".dockerconfigjson"], undefined],
  [{ data: { ".dockerconfigjson": btoa("hidden") } }, "Opaque", [".dockerconfigjson"], undefined],
  [{ data: { ".dockerconfigjson": btoa('{"auths":["x"]}') } }, "Opaque", [".dockerconfigjson"], undefined],
  [{ data: "text" }, "Opaque", [], undefined],
])("%j", (rest, type, keys, registries) => {
  const facts = secretFactsOf(secret(rest));
  expect(facts).toEqual({ name: "s", type, keys, registries });
  expect(JSON.stringify(facts)).not.toMatch(/hidden|aGlkZGVu/);
});
