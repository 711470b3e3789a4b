import fc from "fast-check";
import { expect, test } from "vitest";
import { listAt, mapAt, numberAt, textAt, textsAt, valueAt } from "./fields.ts";
import { anyTree } from "./testing/index.ts";

const POD = { metadata: { name: "llama", labels: { app: "llm" } }, spec: { ports: [80, "api"], count: 2 } };

test("what stands at the end of keys, by its type", () => {
  expect(valueAt(POD, "spec")).toBe(POD.spec);
  expect(textAt(POD, "metadata", "name")).toBe("llama");
  expect(mapAt(POD, "metadata", "labels")).toEqual({ app: "llm" });
  expect(listAt(POD, "spec", "ports")).toEqual([80, "api"]);
  expect(numberAt(POD, "spec", "count")).toBe(2);
  expect(textsAt(POD, "spec", "ports")).toEqual(["api"]);
});

test("nothing, or something empty, where a step leads nowhere or the type is another", () => {
  expect(valueAt(POD, "status", "phase")).toBeUndefined();
  expect(valueAt(POD, "constructor")).toBeUndefined();
  expect([textAt(POD, "spec", "count"), numberAt(POD, "metadata", "name")]).toEqual(["", undefined]);
  expect([listAt(POD, "spec"), mapAt(POD, "spec", "ports"), textsAt(undefined)]).toEqual([[], {}, []]);
});

test("no shape throws", () => {
  const keys = fc.array(fc.constantFrom("a", "spec", "__proto__", "length", "0"), { maxLength: 4 });
  fc.assert(
    fc.property(anyTree, keys, (tree, path) => {
      expect(textAt(tree, ...path)).toBeTypeOf("string");
      expect([listAt(tree, ...path), textsAt(tree, ...path)].every(Array.isArray)).toBe(true);
      expect(mapAt(tree, ...path)).toBeTypeOf("object");
      expect(["number", "undefined"]).toContain(typeof numberAt(tree, ...path));
    }),
  );
});
