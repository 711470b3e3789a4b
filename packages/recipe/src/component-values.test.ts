import { isTreeMap, mergeTrees, SlipwayError, type TreeMap } from "@slipway/base";
import { anyMap, rejectionOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { componentValues, valuesLayers } from "./component-values.ts";
import { fakeCatalog } from "./testing/fake-catalog.ts";

const BASE = "components/a/values.yaml";
const LARGE = "components/a/large.yaml";

test("the component's own file, the values file and the overrides are laid over one another", async () => {
  const catalog = fakeCatalog({
    values: { [BASE]: { m: { a: "base", b: "base", c: "base" } }, [LARGE]: { m: { b: "file", c: "file" } } },
  });
  const component = { name: "a", valuesFile: LARGE, overrides: { m: { c: "inline", d: "inline" }, e: [] } };
  expect(await componentValues(catalog, component)).toEqual({
    m: { a: "base", b: "file", c: "inline", d: "inline" },
    e: [],
  });
  expect(await valuesLayers(catalog, component)).toEqual([
    { kind: "base file", file: BASE, values: { m: { a: "base", b: "base", c: "base" } } },
    { kind: "values file", file: LARGE, values: { m: { b: "file", c: "file" } } },
    { kind: "overrides", values: component.overrides },
  ]);
});

test("maps merge by key at every depth; lists, scalars and null replace as a whole", async () => {
  const catalog = fakeCatalog({
    values: {
      [BASE]: { x: 1, m: { p: 1, q: { deep: 1, keep: 2 } }, l: [1, 2, 3], s: "scalar", t: { a: 1 }, n: "here" },
      [LARGE]: { m: { p: 2, q: { deep: 9 } }, l: [9], s: { now: "map" }, t: "scalar", n: null, added: true },
    },
  });
  expect(await componentValues(catalog, { name: "a", valuesFile: LARGE })).toEqual({
    x: 1,
    m: { p: 2, q: { deep: 9, keep: 2 } },
    l: [9],
    s: { now: "map" },
    t: "scalar",
    n: null,
    added: true,
  });
});

test("without a values file no file counts, even if it exists", async () => {
  const catalog = fakeCatalog({ values: { [BASE]: { x: 1 } } });
  expect(await componentValues(catalog, { name: "a" })).toEqual({});
  expect(await componentValues(catalog, { name: "a", overrides: { y: 2 } })).toEqual({ y: 2 });
  expect(catalog.reads).toEqual([]);
});

test("the component's own file may be missing, and is read once when it is the values file", async () => {
  const catalog = fakeCatalog({ values: { [BASE]: { x: 1 }, "components/shared/v.yaml": { shared: true } } });
  expect(await componentValues(catalog, { name: "b", valuesFile: "components/shared/v.yaml" })).toEqual({
    shared: true,
  });
  expect(await componentValues(catalog, { name: "a", valuesFile: BASE })).toEqual({ x: 1 });
  expect(catalog.reads).toEqual(["components/b/values.yaml", "components/shared/v.yaml", BASE]);
});

test("a missing values file is not found, and the nearest is named", async () => {
  const catalog = fakeCatalog({ values: { [BASE]: {}, [LARGE]: {} } });
  const error = await rejectionOf(componentValues(catalog, { name: "a", valuesFile: "components/a/lagre.yaml" }));
  expect([error.code, error.describe()]).toEqual([
    "NOT_FOUND",
    `component "a" has the values file "components/a/lagre.yaml", which the catalog does not have\nDid you mean "${LARGE}"?`,
  ]);
  const far = await rejectionOf(componentValues(catalog, { name: "a", valuesFile: "../../etc/passwd" }));
  expect(far.describe()).toBe(
    'component "a" has the values file "../../etc/passwd", which the catalog does not have\n' +
      "Add ../../etc/passwd to the data directory, or name another file.",
  );
});

test("a bad file is refused with the place that the catalog gives", async () => {
  const bad = new SlipwayError("INVALID_INPUT", "expected a map, found a list", {
    place: { file: "data/components/a/values.yaml", line: 2, column: 1 },
  });
  const catalog = { ...fakeCatalog(), values: () => Promise.reject(bad) };
  const error = await rejectionOf(componentValues(catalog, { name: "a", valuesFile: BASE }));
  expect(error.describe()).toBe("data/components/a/values.yaml:2:1: expected a map, found a list");
});

test("merging is associative where no map meets another kind of value, and an empty map changes nothing", () => {
  const clash = (left: TreeMap, right: TreeMap): boolean =>
    Object.entries(left).some(([key, value]) => {
      const other = Object.hasOwn(right, key) ? right[key] : undefined;
      if (other === undefined) return false;
      return isTreeMap(value) && isTreeMap(other) ? clash(value, other) : isTreeMap(value) || isTreeMap(other);
    });
  fc.assert(
    fc.property(anyMap, anyMap, anyMap, (first, second, third) => {
      expect(mergeTrees(first, {})).toEqual(first);
      expect(mergeTrees({}, first)).toEqual(first);
      expect(mergeTrees(first, first)).toEqual(first);
      if (clash(first, second) || clash(second, third) || clash(first, third)) return;
      expect(mergeTrees(mergeTrees(first, second), third)).toEqual(mergeTrees(first, mergeTrees(second, third)));
    }),
  );
});
