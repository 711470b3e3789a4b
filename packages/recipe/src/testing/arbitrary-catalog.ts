import type { TreeMap } from "@slipway/base";
import fc from "fast-check";
import { API_VERSION, type ComponentRef, type Constraint, type Overlay, type Recipe } from "../model.ts";
import { mergeOverlays } from "../merge-overlay.ts";
import { withRegistryDefaults } from "../registry-defaults.ts";
import type { ValueOverride } from "../value-override.ts";
import { fakeCatalog, fakeOverlay, fakeRegistryComponent, type FakeCatalog } from "./fake-catalog.ts";

/** A catalog with a recipe that some of its overlays make, and values that a user sets. */
export interface Resolved {
  readonly catalog: FakeCatalog;
  readonly recipe: Recipe;
  readonly overlays: readonly Overlay[];
  readonly overrides: readonly ValueOverride[];
}

const NAMES = ["a", "b", "c.d"] as const;
const KEYS = ["x", "y", "z.z", "[0]"] as const;
const FILES = NAMES.flatMap((name) => [`components/${name}/values.yaml`, `components/${name}/large.yaml`]);

const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("1.50", "on", "", null, true));

/** Few keys and few values, so that layers meet often. */
const values: fc.Arbitrary<TreeMap> = fc.letrec<{ map: TreeMap }>((tie) => ({
  map: fc.dictionary(
    fc.constantFrom(...KEYS),
    fc.oneof({ depthSize: "small" }, scalar, fc.array(scalar, { maxLength: 2 }), tie("map")),
    { maxKeys: 3, noNullPrototype: true },
  ),
})).map;

const version = fc.option(fc.constantFrom("1.0.0", "2.0.0"), { nil: undefined });

const component: fc.Arbitrary<ComponentRef> = fc.record({
  name: fc.constantFrom(...NAMES),
  version,
  namespace: version,
  valuesFile: fc.option(fc.constantFrom(...FILES), { nil: undefined }),
  overrides: fc.option(values, { nil: undefined }),
  dependencyRefs: fc.option(fc.constant(["a"]), { nil: undefined }),
});

const constraint: fc.Arbitrary<Constraint> = fc.record({
  name: fc.constantFrom("K8s.server.version", "OS.release.ID"),
  value: fc.constantFrom(">= 1.30", "ubuntu"),
});

const overlay = (name: string): fc.Arbitrary<Overlay> =>
  fc
    .record({ components: fc.array(component, { maxLength: 4 }), constraints: fc.array(constraint, { maxLength: 2 }) })
    .map(({ components, constraints }) => ({ ...fakeOverlay(name, components), constraints }));

const override: fc.Arbitrary<ValueOverride> = fc.record({
  flag: fc.constant("--set-json"),
  key: fc.constantFrom(...NAMES, "other"),
  path: fc.constant("path"),
  steps: fc.array(fc.constantFrom(...KEYS, 0), { minLength: 1, maxLength: 3 }),
  value: fc.oneof(scalar, values),
  text: fc.constant("value"),
});

/** Any recipe that overlays of a small catalog make. */
export const anyResolved: fc.Arbitrary<Resolved> = fc
  .record({
    files: fc.tuple(...FILES.map(() => values)),
    overlays: fc.tuple(overlay("base"), overlay("eks"), overlay("eks-training")),
    overrides: fc.array(override, { maxLength: 3 }),
  })
  .map(({ files, overlays, overrides }) => {
    const registry = [fakeRegistryComponent("a", ["other"]), fakeRegistryComponent("b")];
    const contents = Object.fromEntries(FILES.map((file, index) => [file, files[index] ?? {}]));
    const merged = mergeOverlays(overlays);
    return {
      catalog: fakeCatalog({ registry, values: contents }),
      overlays,
      overrides,
      recipe: {
        ...fakeRecipe(withRegistryDefaults(merged.components, registry)),
        constraints: merged.constraints,
      },
    };
  });

/** A recipe of components, in their order. */
export function fakeRecipe(components: readonly ComponentRef[]): Recipe {
  return {
    kind: "RecipeResult",
    apiVersion: API_VERSION,
    metadata: { version: "0.1.0", appliedOverlays: ["base"], excludedOverlays: [], constraintWarnings: [] },
    criteria: { service: "eks" },
    constraints: [],
    components,
    deploymentOrder: components.map(({ name }) => name),
    validation: {},
  };
}
