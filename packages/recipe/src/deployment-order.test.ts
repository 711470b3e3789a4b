import { compareBytes } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deploymentOrder } from "./deployment-order.ts";

/** `a: [b, c]` is a component a that depends on b and c. */
function components(graph: readonly (readonly [string, readonly string[]])[]) {
  return graph.map(([name, dependencyRefs]) => ({ name, dependencyRefs }));
}

test("each comes after all it depends on, ties by name with upper case first", () => {
  const graph = components([
    ["gpu-operator", ["cert-manager", "monitoring"]],
    ["monitoring", []],
    ["cert-manager", []],
    ["Zebra", []],
    ["a-late-one", ["gpu-operator"]],
  ]);
  expect(deploymentOrder(graph)).toEqual(["Zebra", "cert-manager", "monitoring", "gpu-operator", "a-late-one"]);
});

test("a component that becomes free goes before later names", () => {
  const graph = components([
    ["a", []],
    ["b", ["a"]],
    ["c", []],
  ]);
  expect(deploymentOrder(graph)).toEqual(["a", "b", "c"]);
});

test("a dependency named twice does no harm", () => {
  const graph = components([
    ["a", []],
    ["b", ["a", "a"]],
  ]);
  expect(deploymentOrder(graph)).toEqual(["a", "b"]);
});

test("a dependency that does not exist is refused, with the nearest name and the file", () => {
  const graph = components([
    ["gpu-operator", ["cert-manger"]],
    ["cert-manager", []],
  ]);
  const error = errorOf(() => deploymentOrder(graph, () => "overlays/x.yaml"));
  expect([error.code, error.describe()]).toEqual([
    "INVALID_INPUT",
    `overlays/x.yaml: component "gpu-operator" depends on "cert-manger", which the recipe does not have\nDid you mean "cert-manager"?`,
  ]);
  expect(errorOf(() => deploymentOrder(components([["a", ["toString"]]]))).describe()).toBe(
    `component "a" depends on "toString", which the recipe does not have\nAdd a component "toString", or take it out of dependencyRefs.`,
  );
});

test("a cycle is refused by its members, without those that only lead to it", () => {
  const graph = components([
    ["a", ["d"]],
    ["b", ["c"]],
    ["c", ["d", "free"]],
    ["d", ["b"]],
    ["free", []],
  ]);
  const error = errorOf(() => deploymentOrder(graph, (name) => `${name}.yaml`));
  expect([error.code, error.describe()]).toEqual([
    "INVALID_INPUT",
    `d.yaml: components depend on each other in a cycle: "d" -> "b" -> "c" -> "d"\nTake one of them out of the other's dependencyRefs.`,
  ]);
});

test("a component may not depend on itself", () => {
  expect(errorOf(() => deploymentOrder(components([["a", ["a"]]]))).message).toBe(
    `components depend on each other in a cycle: "a" -> "a"`,
  );
});

test("a chain of ten thousand components is ordered", () => {
  const graph = components(
    Array.from({ length: 10_000 }, (_, index) => [`c${index}`, index === 0 ? [] : [`c${index - 1}`]]),
  );
  expect(deploymentOrder(graph.toReversed())).toEqual(graph.map(({ name }) => name));
});

/** Dependencies point to earlier components only, so there is no cycle. */
const acyclic = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 })
  .map((edges) =>
    components(
      edges.map((targets, index) => [
        `c${(index * 7) % 13}`,
        index === 0 ? [] : targets.map((target) => `c${((target % index) * 7) % 13}`),
      ]),
    ),
  );

test("every order keeps the dependencies and does not depend on the order of the components", () => {
  fc.assert(
    fc.property(
      acyclic.chain((graph) => fc.tuple(fc.constant(graph), fc.shuffledSubarray(graph, { minLength: graph.length }))),
      ([graph, shuffled]) => {
        const order = deploymentOrder(graph);
        expect(deploymentOrder(shuffled)).toEqual(order);
        expect([...order].sort(compareBytes)).toEqual(graph.map(({ name }) => name).sort(compareBytes));
        for (const { name, dependencyRefs } of graph) {
          for (const dependency of dependencyRefs) expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(name));
        }
      },
    ),
  );
});
