import { expect, test } from "vitest";
import { withRegistryDefaults } from "./registry-defaults.ts";
import { decodeRegistry } from "./registry-file.ts";

const registry = decodeRegistry(
  `
components:
  - name: driver
    helm: {defaultRepository: https://charts.example.com, defaultChart: example/driver, defaultVersion: 1.0.0, defaultNamespace: gpu}
  - name: policies
    helm: {defaultNamespace: not-used}
    kustomize: {defaultSource: https://git.example.com/p, defaultPath: base, defaultTag: v1}
  - name: manifests-only
    helm: {defaultNamespace: system}
  - name: slash
    helm: {defaultChart: example/}
`,
  "registry.yaml",
);

test("a Helm component gets chart, source, version and namespace where it has none", () => {
  expect(withRegistryDefaults([{ name: "driver" }], registry)).toEqual([
    {
      name: "driver",
      type: "Helm",
      source: "https://charts.example.com",
      version: "1.0.0",
      namespace: "gpu",
      chart: "driver",
    },
  ]);
  const own = { name: "driver", type: "Helm", source: "s", version: "2", namespace: "n", chart: "c" };
  expect(withRegistryDefaults([own], registry)).toEqual([own]);
});

test("a component with a kustomization becomes one, and gets no namespace", () => {
  expect(withRegistryDefaults([{ name: "policies" }], registry)).toEqual([
    { name: "policies", type: "Kustomize", source: "https://git.example.com/p", path: "base", tag: "v1" },
  ]);
});

test("the type of the component decides, not that of its entry", () => {
  expect(withRegistryDefaults([{ name: "driver", type: "Kustomize" }], registry)).toEqual([
    { name: "driver", type: "Kustomize" },
  ]);
  expect(withRegistryDefaults([{ name: "driver", type: "Other" }], registry)).toEqual([
    { name: "driver", type: "Other" },
  ]);
});

test("a component that the registry lacks stays as it is", () => {
  const unknown = [{ name: "toString" }, { name: "mine", version: "1" }];
  expect(withRegistryDefaults(unknown, registry)).toEqual(unknown);
});

test("an entry without a chart leaves the chart open", () => {
  expect(withRegistryDefaults([{ name: "manifests-only" }, { name: "slash" }], registry)).toEqual([
    { name: "manifests-only", type: "Helm", namespace: "system" },
    { name: "slash", type: "Helm" },
  ]);
});
