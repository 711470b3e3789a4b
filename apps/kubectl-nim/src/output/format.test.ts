import { rejectionOf } from "@slipway/base/testing";
import { nodeFiles } from "@slipway/terminal";
import { withDirectory } from "@slipway/terminal/testing";
import { expect, test } from "vitest";
import { outputFormat } from "./format.ts";

const files = nodeFiles({ cwd: "/", pipes: false });

test.each([
  [undefined, { kind: "table", wide: false }],
  ["", { kind: "table", wide: false }],
  ["wide", { kind: "table", wide: true }],
  ["json", { kind: "json" }],
  ["yaml", { kind: "yaml" }],
  ["name", { kind: "name" }],
  ["jsonpath=a", { kind: "jsonpath", template: [{ kind: "text", text: "a" }] }],
  ["jsonpath-as-json=a", { kind: "jsonpath-as-json", template: [{ kind: "text", text: "a" }] }],
  [
    "custom-columns=A:.a,B:{.b[0]}",
    {
      kind: "custom-columns",
      columns: [
        { header: "A", path: [{ kind: "field", name: "a" }] },
        {
          header: "B",
          path: [
            { kind: "field", name: "b" },
            { kind: "item", index: 0 },
          ],
        },
      ],
    },
  ],
])("-o %j is read", async (text, expected) => {
  expect(await outputFormat(text, { files })).toEqual(expected);
});

test("templates and columns may stand in files", async () => {
  await withDirectory({ template: "{.a}", columns: "A   B\n.a .b\n" }, async (folder) => {
    expect(await outputFormat(`jsonpath-file=${folder}/template`, { files })).toEqual({
      kind: "jsonpath",
      template: [{ kind: "path", path: [{ kind: "field", name: "a" }] }],
    });
    expect(await outputFormat(`custom-columns-file=${folder}/columns`, { files })).toEqual({
      kind: "custom-columns",
      columns: [
        { header: "A", path: [{ kind: "field", name: "a" }] },
        { header: "B", path: [{ kind: "field", name: "b" }] },
      ],
    });
  });
});

const EXAMPLE = `For example: -o jsonpath='{.items[*].metadata.name}'`;
const KINDS =
  "It takes wide, json, yaml, name, jsonpath=, jsonpath-as-json=, jsonpath-file=, custom-columns=, custom-columns-file=.";

test.each([
  ["jsn", `-o takes no "jsn"\nDid you mean "json"?`],
  ["toml-or-so", `-o takes no "toml-or-so"\n${KINDS}`],
  ["json=x", `-o takes no "json=x"\nDid you mean "json"?`],
  ["jsonpath", "-o jsonpath lacks what it prints\nFor example: -o jsonpath='{.metadata.name}'"],
  ["jsonpath-file=", "-o jsonpath-file lacks what it prints\nFor example: -o jsonpath-file=template.txt"],
  [
    "custom-columns=",
    "-o custom-columns lacks what it prints\nFor example: -o custom-columns='NAME:.metadata.name,STATE:.status.state'",
  ],
  [
    "go-template={{.kind}}",
    `-o go-template is not supported\nThe same with JSONPath: -o jsonpath='{.metadata.name}{"\\n"}'; for more, -o json and jq.`,
  ],
  [
    "custom-columns=A",
    'the column "A" is no HEADER:EXPRESSION\nFor example: -o custom-columns=NAME:.metadata.name,STATE:.status.state',
  ],
  ["custom-columns=A:{.a", `the JSONPath "{.a" cannot be read: no expression such as .metadata.name\n${EXAMPLE}`],
  ["jsonpath={.a", `the JSONPath "{.a" cannot be read: "{" is not closed\n${EXAMPLE}`],
  ['jsonpath={"a}', `the JSONPath "{\\"a}" cannot be read: a text in " is not closed\n${EXAMPLE}`],
  ["jsonpath={.a[}", `the JSONPath "{.a[}" cannot be read: "[" is not closed\n${EXAMPLE}`],
  [
    "jsonpath={a}",
    `the JSONPath "{a}" cannot be read: "a" is none of range, end, true and false; a field starts with a dot\n${EXAMPLE}`,
  ],
  [
    "jsonpath={.a[x]}",
    `the JSONPath "{.a[x]}" cannot be read: what is [x]? An index, a slice, a 'key' or a filter\n${EXAMPLE}`,
  ],
  [
    "jsonpath={.a[]}",
    `the JSONPath "{.a[]}" cannot be read: what is []? An index, a slice, a 'key' or a filter\n${EXAMPLE}`,
  ],
  ["jsonpath={.a[::0]}", `the JSONPath "{.a[::0]}" cannot be read: the step of a slice must be 1 or more\n${EXAMPLE}`],
  ["jsonpath={range .a}x", `the JSONPath "{range .a}x" cannot be read: {range} has no {end} behind it\n${EXAMPLE}`],
  ["jsonpath=x{end}", `the JSONPath "x{end}" cannot be read: {end} has no {range} before it\n${EXAMPLE}`],
  ["jsonpath={#}", `the JSONPath "{#}" cannot be read: what is "#"?\n${EXAMPLE}`],
  [
    'jsonpath={.a[?(@.b=~"c")]}',
    `the JSONPath "{.a[?(@.b=~\\"c\\")]}" cannot be read: filters know ==, !=, <, <=, > and >=\n${EXAMPLE}`,
  ],
  [
    "jsonpath={.a[?(@.b==1 && @.c)]}",
    `the JSONPath "{.a[?(@.b==1 && @.c)]}" cannot be read: a filter compares two values; && and || do not exist\n${EXAMPLE}`,
  ],
])("-o %j is refused", async (text, message) => {
  const error = await rejectionOf(outputFormat(text, { files }));
  expect([error.code, error.describe()]).toEqual(["USAGE", message]);
});

test("a file of columns has as many headers as expressions", async () => {
  await withDirectory({ columns: "A B\n.a" }, async (folder) => {
    expect((await rejectionOf(outputFormat(`custom-columns-file=${folder}/columns`, { files }))).describe()).toBe(
      "the file of columns has 2 headers and 1 expressions; it needs as many of each\n" +
        "Its first line holds the headers, its second an expression for each: NAME STATE, then .metadata.name .status.state",
    );
  });
});
