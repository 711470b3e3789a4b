import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { holdsObjects, isBuiltIn, readManifest } from "./manifest-objects.ts";

test("the objects of a manifest are found however they are written, those of a list one by one", () => {
  const manifest = `# a comment
apiVersion: v1
kind: Namespace
metadata:
  name: a
--- # the next
kind: "RoleBinding"
apiVersion: 'rbac.authorization.k8s.io/v1'
metadata:

  # where
  labels:
    namespace: not-this
  generateName: x-
  namespace: "b" # here
subjects:
  - namespace: nor-this
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Secret, metadata: {name: s, namespace: flow}}
  - {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
---
# nothing
`;
  const { objects, faults, documents } = readManifest(manifest, "a", "m.yaml");
  expect(objects).toEqual([
    { apiVersion: "v1", kind: "Namespace", namespace: undefined },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", namespace: "b" },
    { apiVersion: "v1", kind: "Secret", namespace: "flow" },
    { apiVersion: "apps/v1", kind: "Deployment", namespace: undefined },
  ]);
  expect([faults, documents.length]).toEqual([[], 3]);
});

test.each([
  ["just text", "document 1 is no map"],
  ["kind: X\nmetadata: {name: x}", "document 1 has no apiVersion"],
  ["apiVersion: v1\nkind: ''", "document 1 has no kind"],
  ["apiVersion: v1\nkind: X", "document 1 (X) has no metadata.name"],
  ["apiVersion: v1\nkind: X\nmetadata: {name: ''}", "document 1 (X) has no metadata.name"],
  ["---\n---\napiVersion: v1\nkind: List\nitems: [{}]", "document 2, items[0] has no apiVersion"],
])("%j is no object of Kubernetes", (manifest, fault) => {
  expect(readManifest(manifest, "a", "m.yaml").faults).toEqual([fault]);
});

test.each([
  ["data: {a: b", 'm.yaml:1:12: a manifest of component "a" cannot be read: '],
  ["x: 1\nhello: [world\n", 'm.yaml:3:1: a manifest of component "a" cannot be read: '],
])("%j is refused with its place", (manifest, start) => {
  const error = errorOf(() => readManifest(manifest, "a", "m.yaml"));
  expect([error.code, error.describe().split("\n")[1]]).toEqual([
    "INVALID_INPUT",
    "Lines count in the rendered text: look at the template, and at the values that it is given.",
  ]);
  expect(error.describe().slice(0, start.length)).toBe(start);
});

test.each([
  ["v1", true],
  ["apps/v1", true],
  ["policy/v1", true],
  ["rbac.authorization.k8s.io/v1", true],
  ["apiextensions.k8s.io/v1", true],
  ["gateway.networking.k8s.io/v1", false],
  ["snapshot.storage.k8s.io/v1", false],
  ["nvidia.com/v1", false],
])("every cluster has %s: %s", (apiVersion, expected) => {
  expect(isBuiltIn(apiVersion)).toBe(expected);
});

test.each([
  ["", false],
  ["\n  # comment\n---\n \t\r\n --- ", false],
  ["---\na: 1", true],
  ["# x\n  -", true],
])("whether %j holds objects: %s", (text, expected) => {
  expect(holdsObjects(text)).toBe(expected);
});
