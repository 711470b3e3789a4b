import fc from "fast-check";
import { expect, test } from "vitest";
import type { KubeObject } from "./objects.ts";
import { ObjectStore, isOlder } from "./object-store.ts";

function object(name: string, version: string, more: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, resourceVersion: version, uid: "1", ...more } };
}

test("older news change nothing, and do not bring back what is gone", () => {
  const store = new ObjectStore();
  expect(store.put(object("a", "5"))).toEqual([{ type: "added", object: object("a", "5") }]);
  expect(store.put(object("a", "4"))).toEqual([]);
  expect(store.put(object("a", "5"))).toEqual([]);
  expect(store.remove(object("a", "3"))).toEqual([]);
  expect(store.remove(object("a", "10"))).toEqual([{ type: "deleted", object: object("a", "10") }]);
  expect(store.remove(object("a", "10"))).toEqual([]);
  expect(store.put(object("a", "9"))).toEqual([]);
  expect(store.put(object("a", "11", { uid: "2" }))).toEqual([
    { type: "added", object: object("a", "11", { uid: "2" }) },
  ]);
});

test("a list replaces everything, also with what is older: a cluster may have been restored", () => {
  const store = new ObjectStore();
  store.put(object("a", "5"));
  store.put(object("b", "6"));
  store.put(object("c", "7"));
  expect(store.replace([object("b", "2"), object("c", "7"), object("d", "3")])).toEqual([
    { type: "deleted", object: object("a", "5") },
    { type: "updated", object: object("b", "2"), previous: object("b", "6") },
    { type: "added", object: object("d", "3") },
  ]);
  expect(store.list()).toEqual([object("b", "2"), object("c", "7"), object("d", "3")]);
});

test("objects are found by namespace", () => {
  const store = new ObjectStore();
  const [one, two] = [object("a", "1", { namespace: "x" }), object("a", "2", { namespace: "y" })];
  store.replace([two, one]);
  expect([store.list(), store.list("x"), store.get("a", "y"), store.get("a")]).toEqual([
    [one, two],
    [one],
    two,
    undefined,
  ]);
});

test("versions are compared as numbers, where they are numbers", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.bigInt({ min: 0n, max: 2n ** 70n }), (one, other) => {
      expect(isOlder(String(one), String(other))).toBe(one < other);
    }),
  );
  expect([isOlder("a", "b"), isOlder(undefined, "1"), isOlder("1", undefined)]).toEqual([false, false, false]);
});
