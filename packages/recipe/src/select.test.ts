import { formatPath, type Step, type Tree, type TreeMap } from "@slipway/base";
import { anyTree, errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readingsOf, select, selectWithPath } from "./select.ts";

const DOCUMENT: TreeMap = {
  kind: "RecipeResult",
  components: {
    "gpu-operator": {
      version: "v25.10.1",
      values: {
        driver: { enabled: true, version: "580.105.08", licence: null },
        env: [{ name: "A" }, { name: "B" }],
        nodeSelector: { "kubernetes.io/os": "linux" },
        empty: {},
        none: [],
        "": "no key",
        'a"b': "quote",
        "list[0]": "a key like an index",
      },
    },
  },
};
const VALUES = "components.gpu-operator.values";

test.each([
  ["kind", "RecipeResult"],
  [".kind", "RecipeResult"],
  [`${VALUES}.driver.version`, "580.105.08"],
  [`.${VALUES}.driver.enabled`, true],
  [`${VALUES}.driver.licence`, null],
  [`${VALUES}.env[1].name`, "B"],
  [`${VALUES}.nodeSelector."kubernetes.io/os"`, "linux"],
  [`${VALUES}.nodeSelector['kubernetes.io/os']`, "linux"],
  [`components["gpu-operator"].version`, "v25.10.1"],
  [`${VALUES}.`, "no key"],
  [`${VALUES}.a"b`, "quote"],
  [`${VALUES}.list[0]`, "a key like an index"],
])("%s is %j", (selector, value) => {
  expect(select(DOCUMENT, selector)).toEqual(value);
});

test.each(["", "."])("%j selects the whole document", (selector) => {
  expect(select(DOCUMENT, selector)).toBe(DOCUMENT);
});

test.each([
  ["knd", 'there is no "knd"\nDid you mean "kind"? The document has kind, components.'],
  [
    "components.gpu-operater.values",
    'there is no "components.gpu-operater.values"\nDid you mean "components.gpu-operator"? "components" has gpu-operator.',
  ],
  [
    `${VALUES}.driver.version.major`,
    `there is no "${VALUES}.driver.version.major"\n"${VALUES}.driver.version" is text, with nothing below it.`,
  ],
  [
    `${VALUES}.env.0`,
    `there is no "${VALUES}.env.0"\nDid you mean "${VALUES}.env[0]"? "${VALUES}.env" is a list with the items [0] to [1].`,
  ],
  [`${VALUES}.env[2]`, `there is no "${VALUES}.env[2]"\n"${VALUES}.env" is a list with the items [0] to [1].`],
  [`${VALUES}.none[0]`, `there is no "${VALUES}.none[0]"\n"${VALUES}.none" is an empty list.`],
  [`${VALUES}.empty.x`, `there is no "${VALUES}.empty.x"\n"${VALUES}.empty" is an empty map.`],
  ["constructor", 'there is no "constructor"\nThe document has kind, components.'],
  ["components..values", 'there is no "components."".values"\n"components" has gpu-operator.'],
])("%s is not found, and the nearest that exists is named", (selector, message) => {
  const error = errorOf(() => select(DOCUMENT, selector));
  expect([error.code, error.describe()]).toEqual(["NOT_FOUND", message]);
});

test("of many keys only some are listed", () => {
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`key${index}`, index]));
  expect(errorOf(() => select(many, "zzz")).describe()).toBe(
    'there is no "zzz"\nThe document has key0, key1, key2, key3, key4, key5, key6, key7, key8, key9, key10, key11 and 8 more.',
  );
});

test.each([`${VALUES}."driver`, `${VALUES}.env[`, `${VALUES}.env[x]`, `${VALUES}.env]`])(
  "%s cannot be read",
  (selector) => {
    expect(errorOf(() => select(DOCUMENT, selector)).code).toBe("INVALID_INPUT");
    expect(readingsOf(selector)).toEqual([selector.split(".")]);
  },
);

const keys = fc.string({ minLength: 1, maxLength: 6 }).filter((key) => !key.startsWith("."));
const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(keys, fc.nat({ max: 3 })), { maxLength: 5 });

test("a path that is written is read back as the same steps", () => {
  fc.assert(
    fc.property(steps, (path) => {
      expect(readingsOf(formatPath(path))).toContainEqual(path);
    }),
  );
});

test("every value of a document is found at its path, unless the plain rule finds another there", () => {
  fc.assert(
    fc.property(fc.dictionary(keys, anyTree, { maxKeys: 4 }), (document) => {
      for (const { path, value } of placesOf(document, [])) {
        const found = selectWithPath(document, formatPath(path));
        const byPlainRule = formatPath(found.steps) !== formatPath(path);
        expect(byPlainRule ? found.steps : found.value).toEqual(byPlainRule ? formatPath(path).split(".") : value);
      }
    }),
  );
});

function placesOf(
  tree: Tree,
  path: readonly Step[],
): readonly { readonly path: readonly Step[]; readonly value: Tree }[] {
  const here = { path, value: tree };
  if (typeof tree !== "object" || tree === null) return [here];
  const children: readonly (readonly [Step, Tree])[] = Array.isArray(tree) ? [...tree.entries()] : Object.entries(tree);
  return [here, ...children.flatMap(([step, child]) => placesOf(child, [...path, step]))];
}
