import type { KubeObject } from "@slipway/kube";
import { errorOf } from "@slipway/base/testing";
import { fakeIo } from "@slipway/terminal/testing";
import { expect, test } from "vitest";
import type { ObjectFormat } from "./format.ts";
import { parseColumns } from "./custom-columns.ts";
import { parseTemplate } from "./jsonpath/parse.ts";
import { objectPrinter, printObject, printObjects, type PrintOptions } from "./print-objects.ts";

function object(name: string, more: Record<string, string | readonly string[] | null> = {}): KubeObject {
  return {
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name, managedFields: [{ manager: "x" }] },
    ...more,
  };
}

function printed(format: ObjectFormat, objects: readonly KubeObject[], options: PrintOptions, tty = false): string {
  const io = fakeIo({ tty });
  const printer = objectPrinter(io.stdout, format, options);
  for (const each of objects) printer.add(each);
  printer.end();
  return io.out;
}

const HEAD = `    "apiVersion": "apps.nvidia.com/v1alpha1",\n    "kind": "NIMService",\n    "metadata": {\n        "name": `;
const shifted = (text: string): string => text.replaceAll(/^/gm, "        ");

test("JSON: an object, a List, no List", () => {
  const one = `{\n${HEAD}"a"\n    }\n}`;
  const tail = `    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n`;
  expect(printed({ kind: "json" }, [object("a")], { as: "single" })).toBe(`${one}\n`);
  expect(printed({ kind: "json" }, [object("a"), object("a")], { as: "stream" })).toBe(`${one}\n${one}\n`);
  expect(printed({ kind: "json" }, [object("a"), object("a")], { as: "list" })).toBe(
    `{\n    "apiVersion": "v1",\n    "items": [\n${shifted(one)},\n${shifted(one)}\n    ],\n${tail}`,
  );
  expect(printed({ kind: "json" }, [], { as: "list" })).toBe(`{\n    "apiVersion": "v1",\n    "items": [],\n${tail}`);
});

test("YAML: an object, a List, documents", () => {
  const one = "apiVersion: apps.nvidia.com/v1alpha1\nkind: NIMService\nmetadata:\n  name: a\n";
  const item = "- apiVersion: apps.nvidia.com/v1alpha1\n  kind: NIMService\n  metadata:\n    name: a\n";
  const tail = `kind: List\nmetadata:\n  resourceVersion: ""\n`;
  expect(printed({ kind: "yaml" }, [object("a")], { as: "single" })).toBe(one);
  expect(printed({ kind: "yaml" }, [object("a"), object("a")], { as: "stream" })).toBe(`${one}---\n${one}`);
  expect(printed({ kind: "yaml" }, [object("a"), object("a")], { as: "list" })).toBe(
    `apiVersion: v1\nitems:\n${item}${item}${tail}`,
  );
  expect(printed({ kind: "yaml" }, [], { as: "list" })).toBe(`apiVersion: v1\nitems: []\n${tail}`);
});

test("managed fields are shown when they are asked for", () => {
  expect(printed({ kind: "yaml" }, [object("a")], { as: "single", managedFields: true })).toBe(
    "apiVersion: apps.nvidia.com/v1alpha1\nkind: NIMService\nmetadata:\n  managedFields:\n  - manager: x\n  name: a\n",
  );
});

test("names, templates and columns", () => {
  const both = [object("a", { list: ["x", "y"] }), object("b", { list: null })];
  const template = parseTemplate("{.items[*].metadata.name}|{.metadata.name};");
  const columns = parseColumns("NAME:.metadata.name,LIST:list[*],NONE:.none");
  expect(printed({ kind: "name" }, both, { as: "list" })).toBe(
    "nimservice.apps.nvidia.com/a\nnimservice.apps.nvidia.com/b\n",
  );
  expect(printed({ kind: "jsonpath", template }, both, { as: "list" })).toBe("a b|;");
  expect(printed({ kind: "jsonpath", template }, both, { as: "stream" })).toBe("|a;|b;");
  expect(printed({ kind: "custom-columns", columns }, both, { as: "list" })).toBe(
    "NAME   LIST     NONE\na      x,y      <none>\nb      <none>   <none>\n",
  );
  expect(printed({ kind: "custom-columns", columns }, both, { as: "stream", headers: false })).toBe(
    "a     x,y   <none>\nb     <none>   <none>\n",
  );
});

test("one object and several, for those that write objects", () => {
  const io = fakeIo();
  printObject(io.stdout, { kind: "name" }, object("a"));
  printObjects(io.stdout, { kind: "name" }, [
    object("b"),
    { apiVersion: "v1", kind: "Secret", metadata: { name: "c" } },
  ]);
  expect(io.out).toBe("nimservice.apps.nvidia.com/a\nnimservice.apps.nvidia.com/b\nsecret/c\n");
});

test("nothing in an object steers a terminal; in a pipe, text goes as it is", () => {
  const evil = [object("a\u001b[31m\u202e\u009b")];
  const format: ObjectFormat = { kind: "jsonpath", template: parseTemplate("{.metadata.name}") };
  expect(printed(format, evil, { as: "single" }, true)).toBe(String.raw`a\x1b[31m\u202e\x9b`);
  expect(printed(format, evil, { as: "single" })).toBe("a\u001b[31m\u202e\u009b");
  expect(printed({ kind: "json" }, evil, { as: "single" }, true)).toBe(
    `{\n${HEAD}"a\\u001b[31m\\u202e\\u009b"\n    }\n}\n`,
  );
});

test.each([
  ["{.metadata[0]}", "the JSONPath expects a list where it finds a map"],
  ["{.list[5]}", "the JSONPath asks for item 5 of a list of 1"],
])("%s of an object is an error", (template, message) => {
  const format: ObjectFormat = { kind: "jsonpath", template: parseTemplate(template) };
  expect(errorOf(() => printed(format, [object("a", { list: ["x"] })], { as: "single" })).describe()).toBe(message);
});
