import type { TreeMap } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { clientOf, startCluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { readOperatorTraits, traitsOf } from "./traits.ts";

const FORBIDS = {
  rule: "!(has(self.scale) && has(self.scale.enabled) && self.scale.enabled && has(self.replicas))",
};

function definition(spec: TreeMap): KubeObject {
  const schema = { openAPIV3Schema: { type: "object", properties: { spec } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "nimservices.apps.nvidia.com" },
    spec: { versions: [{ name: "v1alpha1", storage: true, schema }] },
  };
}

const OLD = definition({
  required: ["authSecret", "image"],
  properties: { replicas: { type: "integer", minimum: 1, default: 1 }, expose: { properties: { service: {} } } },
});
const NEW = definition({
  required: ["image"],
  properties: { replicas: { type: "integer", minimum: 0 }, expose: { properties: { router: {} } } },
  "x-kubernetes-validations": [{ rule: "true" }, FORBIDS],
});

test("an operator of 3.0.0", () => {
  const { hasServiceField, ...traits } = traitsOf(OLD);
  expect(traits).toEqual({
    leastReplicas: 1,
    autoscalingForbidsReplicas: false,
    authSecretRequired: true,
    hubTokenFromAuthSecret: false,
  });
  expect([hasServiceField("expose.service"), hasServiceField("expose.router")]).toEqual([true, false]);
});

test("an operator of today", () => {
  const { hasServiceField, ...traits } = traitsOf(NEW);
  expect(traits).toEqual({
    leastReplicas: 0,
    autoscalingForbidsReplicas: true,
    authSecretRequired: false,
    hubTokenFromAuthSecret: true,
  });
  expect(hasServiceField("expose.router")).toBe(true);
});

test.each([
  {},
  { spec: "x" },
  { spec: { versions: [1] } },
  { spec: { versions: [{ schema: { openAPIV3Schema: [] } }] } },
])("a definition of any shape is read: %j", (shape) => {
  expect(traitsOf(shape).leastReplicas).toBe(0);
});

test("without the definition there is no operator; one that may not be read tells nothing", async () => {
  const cluster = await startCluster();
  try {
    const client = await clientOf(cluster);
    await expect(readOperatorTraits(client)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "the cluster has no nimservices.apps.nvidia.com: is the NIM Operator installed?",
      hint: "Install the NIM Operator (docs.nvidia.com/nim-operator). kubectl nim doctor says what is missing.",
    });
    cluster.allow(() => false);
    expect(await readOperatorTraits(client)).toBeUndefined();
    client.close();
  } finally {
    await cluster.close();
  }
});
