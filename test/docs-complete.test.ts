import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isTreeList, isTreeMap, listAt, own, parseYamlDocuments, textAt, type Tree } from "@slipway/base";
import { loadValidatorCatalog } from "@slipway/validate";
import { expect, test } from "vitest";
import { AICR_SOURCE, call } from "./aicr.ts";

const root = join(import.meta.dirname, "..");

async function pages(...names: readonly string[]): Promise<string> {
  return (await Promise.all(names.map((name) => readFile(join(root, "docs", `${name}.md`), "utf8")))).join("\n");
}

test.each([
  ["snapshot", ["snapshot", "agent"]],
  ["validate", ["validate", "agent", "snapshot"]],
  ["drift", ["snapshot"]],
  ["diff", ["snapshot", "aicr"]],
])("every flag of aicr %s is explained", async (command, names) => {
  const { stdout } = await call(AICR_SOURCE, [command, "--help"], { cwd: tmpdir() });
  const own = stdout.slice(0, stdout.indexOf("\nGlobal:")) + stdout.slice(stdout.indexOf("\nCluster:"));
  const flags = new Set([...own.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag));
  const text = await pages(...names, "aicr");
  flags.delete("--help");
  expect(flags.size).toBeGreaterThan(5);
  expect([...flags].filter((flag) => !new RegExp(`${flag}(?![a-z-])`).test(text))).toEqual([]);
});

test("every check of the catalog has a row", async () => {
  const layer = {
    name: "catalog",
    text: async (path: string) => readFile(join(root, "catalog", path), "utf8"),
  };
  const { validators } = await loadValidatorCatalog([layer]);
  const page = await pages("validate");
  const rows = validators.map(({ name, phase, always }) => `| \`${name}\`${always ? " (always)" : ""} | ${phase} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});

test("every right of the agent has a reason", async () => {
  const { stdout } = await call(AICR_SOURCE, ["snapshot", "--print-rbac"], { cwd: tmpdir() });
  const objects = parseYamlDocuments(stdout, "stdout").filter(isTreeMap);
  const role = objects.find(
    (object) => textAt(object, "kind") === "ClusterRole" && textAt(object, "metadata", "name") === "aicr-node-reader",
  );
  const table = (await pages("agent")).split("\n").filter((line) => line.startsWith("| "));
  const rules = listAt(role, "rules").map((rule) => ({
    verbs: texts(rule, "verbs"),
    resources: texts(rule, "resources"),
  }));
  expect(rules).not.toEqual([]);
  const untold = rules.flatMap(({ verbs, resources }) =>
    resources.filter(
      (resource) => !table.some((row) => row.startsWith(`| ${verbs.join(", ")} `) && row.includes(`\`${resource}\``)),
    ),
  );
  expect(untold).toEqual([]);
});

function texts(rule: Tree, key: string): readonly string[] {
  const found = isTreeMap(rule) ? own(rule, key) : undefined;
  return isTreeList(found) ? found.map(String) : [];
}
