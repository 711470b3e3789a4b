import { expect, test } from "vitest";
import { enabledOf, overridesFor, unknownOverrideKeys } from "./override-source.ts";
import { fakeRegistryComponent } from "./testing/fake-catalog.ts";
import { parseSet, parseSetJson } from "./value-override.ts";

const REGISTRY = [
  fakeRegistryComponent("gpu-operator", ["gpuoperator", "gpu"]),
  fakeRegistryComponent("network-operator", ["networkoperator"]),
];
const sets = (...given: readonly string[]) => given.map(parseSet);

test("a component's own name wins over the names that the registry adds", () => {
  const given = sets("gpuoperator:a=1", "gpu-operator:b=2", "gpu:c=3", "network-operator:d=4", "gpu-operator:e=5");
  expect(overridesFor("gpu-operator", REGISTRY, given)).toEqual({
    overrides: sets("gpu-operator:b=2", "gpu-operator:e=5"),
    warnings: [
      '--set gpuoperator:a=1 is ignored: "gpu-operator" sets values of gpu-operator too, and wins',
      '--set gpu:c=3 is ignored: "gpu-operator" sets values of gpu-operator too, and wins',
    ],
  });
});

test("among the added names the registry's first wins, whatever the order on the command line", () => {
  expect(overridesFor("gpu-operator", REGISTRY, sets("gpu:a=1", "gpuoperator:b=2"))).toEqual({
    overrides: sets("gpuoperator:b=2"),
    warnings: ['--set gpu:a=1 is ignored: "gpuoperator" sets values of gpu-operator too, and wins'],
  });
});

test("names are compared with case, and a component outside the registry has its own", () => {
  expect(overridesFor("gpu-operator", REGISTRY, sets("GPU-Operator:a=1"))).toEqual({ overrides: [], warnings: [] });
  expect(overridesFor("mine", REGISTRY, sets("mine:a=1")).overrides).toEqual(sets("mine:a=1"));
});

test("a key that no component of the recipe has is warned of, with the nearest", () => {
  const given = sets("gpu-operator:a=1", "gpu:a=1", "gpuopertor:a=1", "nosuch:a.b=1", "networkoperator:a=1");
  expect(unknownOverrideKeys([{ name: "gpu-operator" }], REGISTRY, given)).toEqual([
    '--set gpuopertor:a=1 is ignored: there is no component "gpuopertor". Did you mean "gpuoperator"?',
    '--set nosuch:a.b=1 is ignored: there is no component "nosuch"',
    '--set networkoperator:a=1 is ignored: the recipe does not have "networkoperator"',
  ]);
});

test.each(["1", "t", "T", "TRUE", "true", "True"])("enabled=%s turns a component on", (text) => {
  const component = { name: "gpu-operator", overrides: { enabled: false } };
  const given = sets(`gpu:enabled=${text}`);
  expect(enabledOf(component, REGISTRY, given)).toEqual({ enabled: true, decidedBy: given[0], warnings: [] });
});

test.each(["0", "f", "F", "FALSE", "false", "False"])("enabled=%s turns a component off", (text) => {
  expect(enabledOf({ name: "gpu-operator" }, REGISTRY, sets(`gpu-operator:enabled=${text}`)).enabled).toBe(false);
});

test("the last switch that is true or false counts; another is warned of", () => {
  const given = sets("gpu-operator:enabled=false", "gpu-operator:enabled=yes", "gpu-operator:driver.enabled=true");
  expect(enabledOf({ name: "gpu-operator" }, REGISTRY, given)).toEqual({
    enabled: false,
    decidedBy: given[0],
    warnings: ["--set gpu-operator:enabled=yes is ignored: expected true or false"],
  });
});

test("without a switch only enabled: false of the overrides leaves a component out", () => {
  const enabled = (value: string | boolean) => enabledOf({ name: "a", overrides: { enabled: value } }, [], []).enabled;
  expect([enabled(false), enabled(true), enabled("false")]).toEqual([false, true, true]);
  expect(enabledOf({ name: "a" }, [], []).enabled).toBe(true);
  expect(enabledOf({ name: "a" }, [], [parseSetJson("a:enabled=false")]).enabled).toBe(false);
});
