import type { TreeMap } from "@slipway/base";
import { anyKey, anyMap } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyOverrides } from "./apply-overrides.ts";
import { valueAt } from "./select.ts";
import { parseSet, parseSetJson } from "./value-override.ts";

const VALUES: TreeMap = {
  driver: { version: "570", env: [{ name: "A" }] },
  replicas: 1,
  affinity: null,
};

function withSet(...argument: readonly string[]): ReturnType<typeof applyOverrides> {
  return applyOverrides(VALUES, argument.map(parseSet));
}

test.each([
  ["a:driver.version=570.10", { ...VALUES, driver: { version: "570.10", env: [{ name: "A" }] } }],
  ["a:new.deep.key=1", { ...VALUES, new: { deep: { key: 1 } } }],
  ["a:affinity.nodeAffinity=x", { ...VALUES, affinity: { nodeAffinity: "x" } }],
  ["a:driver.env[0].name=B", { ...VALUES, driver: { version: "570", env: [{ name: "B" }] } }],
  ["a:driver.env[1].name=B", { ...VALUES, driver: { version: "570", env: [{ name: "A" }, { name: "B" }] } }],
  ["a:args[0]=-v", { ...VALUES, args: ["-v"] }],
  ["a:driver=off", { ...VALUES, driver: "off" }],
  ["a:driver.env=none", { ...VALUES, driver: { version: "570", env: "none" } }],
])("--set %s writes one value", (argument, values) => {
  expect(withSet(argument)).toEqual({ values, warnings: [] });
});

test("the values that were given stay as they are", () => {
  const before = structuredClone(VALUES);
  withSet("a:driver.version=1", "a:driver.env[0].name=B", "a:x=1");
  expect(VALUES).toEqual(before);
});

test("overrides apply in their order", () => {
  expect(withSet("a:x.y=1", "a:x=text", "a:x=2").values["x"]).toBe(2);
});

test.each([
  ["a:replicas.min=1", '--set a:replicas.min=1 is ignored: "replicas" is a number, not a map'],
  ["a:driver.version.major=1", '--set a:driver.version.major=1 is ignored: "driver.version" is text, not a map'],
  ["a:driver.env.name=1", '--set a:driver.env.name=1 is ignored: "driver.env" is a list, not a map'],
  ["a:driver.env[2]=1", '--set a:driver.env[2]=1 is ignored: "driver.env" has 1 items, so [2] would leave a gap'],
  ["a:driver[0]=1", '--set a:driver[0]=1 is ignored: "driver" is a map, not a list'],
  ["a:[0]=1", "--set a:[0]=1 is ignored: the values is a map, not a list"],
])("--set %s is left out with a warning, and the others apply", (argument, warning) => {
  expect(withSet(argument, "a:x=1")).toEqual({ values: { ...VALUES, x: 1 }, warnings: [warning] });
});

test("enabled is a switch and never written; deeper it is a value like any other", () => {
  expect(withSet("a:enabled=false", "a:driver.enabled=false").values).toEqual({
    ...VALUES,
    driver: { version: "570", env: [{ name: "A" }], enabled: false },
  });
});

test("a null is written, so that Helm drops the key", () => {
  expect(applyOverrides(VALUES, [parseSetJson("a:driver=null")]).values).toEqual({ ...VALUES, driver: null });
});

test("a plain path that is written is there afterwards, and nothing else at the top changes", () => {
  const key = anyKey.filter((text) => text !== "enabled" && text !== "" && !/[.:="'[\]]/.test(text));
  const values = anyMap.filter((map) => Object.values(map).every((value) => value !== "new"));
  fc.assert(
    fc.property(values, fc.array(key, { minLength: 1, maxLength: 3 }), (values, path) => {
      const { values: after, warnings } = applyOverrides(values, [parseSet(`a:${path.join(".")}=new`)]);
      const found = valueAt(after, path);
      const first = path[0] ?? "";
      expect(found === "new").toBe(warnings.length === 0);
      expect({ ...after, [first]: null }).toEqual({ ...values, [first]: null });
    }),
  );
});
