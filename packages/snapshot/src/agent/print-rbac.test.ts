import { join } from "node:path";
import { isTreeMap, parseYamlDocuments } from "@slipway/base";
import { expect, test } from "vitest";
import { printRbac } from "./print-rbac.ts";

test("the rights of the agent and of whoever starts it, with comments", async () => {
  const golden = join(import.meta.dirname, "testdata/print-rbac.yaml");
  await expect(printRbac({ namespace: "gpu" })).toMatchFileSnapshot(golden);
});

test("with a service account of the user, whoever starts it makes no rights", () => {
  const text = printRbac({ namespace: "gpu", serviceAccountName: "snapshots" });
  const documents = parseYamlDocuments(text).filter(isTreeMap);
  expect(documents.map(({ kind, metadata }) => [kind, isTreeMap(metadata) && metadata["name"]])).toEqual([
    ["ServiceAccount", "snapshots"],
    ["ClusterRole", "snapshots-node-reader"],
    ["ClusterRoleBinding", "snapshots-node-reader"],
    ["Role", "snapshots"],
    ["RoleBinding", "snapshots"],
    ["ClusterRole", "aicr-snapshot-user"],
    ["Role", "aicr-snapshot-user"],
  ]);
  expect(JSON.stringify(documents.slice(-2))).not.toContain('"create","delete"');
});
