import { expect, test } from "vitest";
import { decodeRegistry, mergeRegistries } from "./registry-file.ts";

test("an entry is read with its chart, its paths and its checks", () => {
  const registry = decodeRegistry(
    `
kind: ComponentRegistry
components:
  - name: nodewright
    displayName: Nodewright
    valueOverrideKeys: [skyhook]
    healthCheck: {assertFile: checks/nodewright/health-check.yaml}
    helm:
      defaultRepository: https://charts.example.com
      defaultChart: example/nodewright
      defaultVersion: 0.10
      defaultNamespace: nodewright
    nodeScheduling:
      system: {nodeSelectorPaths: [a.nodeSelector], tolerationPaths: [a.tolerations]}
      accelerated: {taintStrPaths: [env.taint]}
      nodeCountPaths: [nodes]
    podScheduling: {workload: {workloadSelectorPaths: [selector]}}
    validations:
      - function: CheckWorkloadSelectorMissing
        severity: warning
        conditions: {intent: [training], region: [eu]}
        message: Set it.
  - name: policies
    kustomize: {defaultSource: https://git.example.com/p, defaultPath: base, defaultTag: v1}
`,
    "registry.yaml",
  );
  const none = { nodeSelectorPaths: [], tolerationPaths: [], taintStrPaths: [] };
  expect(registry).toEqual([
    {
      name: "nodewright",
      displayName: "Nodewright",
      valueOverrideKeys: ["skyhook"],
      healthCheckFile: "checks/nodewright/health-check.yaml",
      helm: {
        repository: "https://charts.example.com",
        chart: "example/nodewright",
        version: "0.10",
        namespace: "nodewright",
      },
      kustomize: {},
      nodeCountPaths: ["nodes"],
      system: { nodeSelectorPaths: ["a.nodeSelector"], tolerationPaths: ["a.tolerations"], taintStrPaths: [] },
      accelerated: { ...none, taintStrPaths: ["env.taint"] },
      workloadSelectorPaths: ["selector"],
      checks: [
        {
          function: "CheckWorkloadSelectorMissing",
          severity: "warning",
          conditions: { intent: ["training"] },
          message: "Set it.",
        },
      ],
    },
    {
      name: "policies",
      displayName: "policies",
      valueOverrideKeys: [],
      helm: {},
      kustomize: { source: "https://git.example.com/p", path: "base", tag: "v1" },
      nodeCountPaths: [],
      system: none,
      accelerated: none,
      workloadSelectorPaths: [],
      checks: [],
    },
  ]);
});

test("a registry without components is empty", () => {
  expect(decodeRegistry("", "registry.yaml")).toEqual([]);
});

test("registries merge by name: an entry replaces another in its place, new ones follow", () => {
  const under = decodeRegistry("components: [{name: a}, {name: b}, {name: c}]", "under");
  const over = decodeRegistry("components: [{name: d}, {name: b, displayName: B}]", "over");
  expect(mergeRegistries(under, over).map(({ name, displayName }) => `${name}=${displayName}`)).toEqual([
    "a=a",
    "b=B",
    "c=c",
    "d=d",
  ]);
});

test("names of a prototype's members are names like any other", () => {
  const registry = decodeRegistry("components: [{name: toString}, {name: __proto__}]", "registry.yaml");
  expect(mergeRegistries(registry, registry).map(({ name }) => name)).toEqual(["toString", "__proto__"]);
});
