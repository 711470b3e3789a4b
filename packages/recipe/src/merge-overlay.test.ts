import { anyTree } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeComponent, mergeOverlays } from "./merge-overlay.ts";
import { PHASES, type ComponentRef, type Overlay } from "./model.ts";

function overlay(parts: Partial<Overlay>): Overlay {
  return { name: "o", file: "o.yaml", constraints: [], components: [], validation: {}, ...parts };
}

test("a component takes what is given over it, field by field", () => {
  const under: ComponentRef = {
    name: "a",
    namespace: "n",
    version: "1",
    overrides: { keep: 1, map: { x: 1, y: 2 }, gone: "text" },
    dependencyRefs: ["b"],
    manifestFiles: ["1.yaml", "2.yaml"],
    patches: ["p1"],
    cleanup: true,
  };
  const over: ComponentRef = {
    name: "a",
    version: "2",
    source: "s",
    overrides: { map: { z: 3 }, gone: null, added: [1] },
    dependencyRefs: ["c"],
    manifestFiles: ["2.yaml", "3.yaml"],
    cleanup: false,
  };
  expect(mergeComponent(under, over)).toEqual({
    name: "a",
    namespace: "n",
    version: "2",
    source: "s",
    overrides: { keep: 1, map: { z: 3 }, gone: null, added: [1] },
    dependencyRefs: ["c"],
    manifestFiles: ["1.yaml", "2.yaml", "3.yaml"],
    patches: ["p1"],
    cleanup: true,
  });
});

test("overlays over a base sort constraints and components by the bytes of their names", () => {
  const base = overlay({ components: [{ name: "b" }, { name: "a" }], constraints: [{ name: "y", value: "1" }] });
  const over = overlay({
    components: [{ name: "B" }, { name: "b", version: "2" }],
    constraints: [{ name: "x", value: "2" }],
  });
  expect(mergeOverlays([base])).toEqual({
    components: [{ name: "b" }, { name: "a" }],
    constraints: [{ name: "y", value: "1" }],
    validation: {},
  });
  expect(mergeOverlays([base, over])).toEqual({
    components: [{ name: "B" }, { name: "a" }, { name: "b", version: "2" }],
    constraints: [
      { name: "x", value: "2" },
      { name: "y", value: "1" },
    ],
    validation: {},
  });
});

test("a constraint and a phase are replaced as a whole", () => {
  const base = overlay({
    constraints: [{ name: "x", value: "1", severity: "error" }],
    validation: { deployment: { timeout: "5m", checks: ["a"] }, performance: { checks: ["p"] } },
  });
  const over = overlay({
    constraints: [{ name: "x", value: "2" }],
    validation: { deployment: { checks: ["b"] }, conformance: {} },
  });
  expect(mergeOverlays([base, over])).toEqual({
    components: [],
    constraints: [{ name: "x", value: "2" }],
    validation: { deployment: { checks: ["b"] }, performance: { checks: ["p"] }, conformance: {} },
  });
});

test("a name repeated in one overlay merges in turn", () => {
  const components = [
    { name: "a", version: "1", chart: "c" },
    { name: "a", version: "2" },
  ];
  expect(mergeOverlays([overlay({ components })]).components).toEqual([{ name: "a", version: "2", chart: "c" }]);
});

test("names of a prototype's members merge like any other", () => {
  const components = [{ name: "__proto__" }, { name: "toString", version: "1" }];
  const over = [
    { name: "toString", version: "2" },
    { name: "__proto__", version: "3" },
  ];
  expect(mergeOverlays([overlay({ components }), overlay({ components: over })]).components).toEqual([
    { name: "__proto__", version: "3" },
    { name: "toString", version: "2" },
  ]);
});

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const text = maybe(fc.constantFrom("1", "2", "3"));
const texts = maybe(fc.array(fc.constantFrom("x", "y", "z"), { minLength: 1, maxLength: 3 }));
const name = fc.constantFrom("a", "b", "__proto__");
const component: fc.Arbitrary<ComponentRef> = fc.record({
  name,
  version: text,
  source: text,
  dependencyRefs: texts,
  manifestFiles: texts,
  patches: texts,
  overrides: maybe(fc.dictionary(fc.constantFrom("k", "l"), anyTree, { noNullPrototype: true })),
  cleanup: maybe(fc.boolean()),
});
const anyOverlay: fc.Arbitrary<Overlay> = fc.record({
  name: fc.constant("o"),
  file: fc.constant("o.yaml"),
  components: fc.array(component, { maxLength: 4 }),
  constraints: fc.array(fc.record({ name, value: fc.constantFrom("1", "2"), unit: text }), { maxLength: 3 }),
  validation: fc.dictionary(fc.constantFrom(...PHASES), fc.record({ timeout: text, checks: texts }), {
    noNullPrototype: true,
  }),
});

test("merging components is associative, for every field", () => {
  fc.assert(
    fc.property(component, component, component, (a, b, c) => {
      expect(mergeComponent(mergeComponent(a, b), c)).toEqual(mergeComponent(a, mergeComponent(b, c)));
    }),
  );
});

test("merging overlays is associative: those in the middle may be merged first", () => {
  fc.assert(
    fc.property(anyOverlay, anyOverlay, anyOverlay, (a, b, c) => {
      const inTurn = mergeOverlays([a, b, c]);
      expect(mergeOverlays([a, overlay(mergeOverlays([b, c]))])).toEqual(inTurn);
      expect(mergeOverlays([overlay(mergeOverlays([a, b])), c])).toEqual(inTurn);
    }),
  );
});

test("merging an overlay twice in a row changes nothing, when its lists of manifests repeat nothing", () => {
  const tidy = anyOverlay.map((one) => ({ ...one, components: one.components.map(withoutRepeats) }));
  fc.assert(
    fc.property(anyOverlay, tidy, (a, b) => {
      expect(mergeOverlays([a, b, b])).toEqual(mergeOverlays([a, b]));
    }),
  );
});

function withoutRepeats(ref: ComponentRef): ComponentRef {
  return { ...ref, manifestFiles: ref.manifestFiles && [...new Set(ref.manifestFiles)] };
}
