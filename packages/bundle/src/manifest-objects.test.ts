import { expect, test } from "vitest";
import { holdsObjects, isBuiltIn, objectsOf } from "./manifest-objects.ts";

test("the objects of a manifest are found by their lines", () => {
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
  namespace: "b" # here
subjects:
  - namespace: nor-this
---
apiVersion: v1
kind: List
metadata: {namespace: flow}
---
# nothing
`;
  expect(objectsOf(manifest)).toEqual([
    { apiVersion: "v1", kind: "Namespace", namespace: undefined },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", namespace: "b" },
    { apiVersion: "v1", kind: "List", namespace: undefined },
  ]);
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

test("a line of a megabyte costs no more than its length", () => {
  const long = " ".repeat(1_000_000);
  expect(objectsOf(`apiVersion: v1\nkind: X\nmetadata:\n${long}x\n${long}\n`)).toHaveLength(1);
});

test.each([
  ["", false],
  ["\n  # comment\n---\n \t\r\n --- ", false],
  ["---\na: 1", true],
  ["# x\n  -", true],
])("whether %j holds objects: %s", (text, expected) => {
  expect(holdsObjects(text)).toBe(expected);
});
