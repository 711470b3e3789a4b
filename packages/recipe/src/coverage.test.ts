import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { coverage, coverageHint, nearestCovered } from "./coverage.ts";
import { fakeData } from "./testing/fake-layer.ts";

const catalog = await fakeData({
  "overlays/all.yaml": "metadata: {name: all}\nspec: {criteria: {intent: any}, componentRefs: [{name: metrics}]}",
  "overlays/eks.yaml": `
metadata: {name: eks}
spec: {criteria: {service: eks}, constraints: [{name: K8s.server.version, value: ">= 1.30"}]}
`,
  "overlays/eks-training.yaml": `
metadata: {name: eks-training}
spec: {base: eks, criteria: {service: eks, intent: training}, componentRefs: [{name: trainer}, {name: driver}]}
`,
  "overlays/h100.yaml": "metadata: {name: h100}\nspec: {criteria: {service: eks, accelerator: h100, intent: training}}",
  "overlays/gke.yaml": "metadata: {name: gke}\nspec: {criteria: {service: gke, os: cos, nodes: 4}}",
  "overlays/part.yaml": "metadata: {name: part}\nspec: {}",
});

test("every overlay that can match is listed, sorted by its criteria, with its chain and what it adds up to", () => {
  const constraints = [{ name: "K8s.server.version", value: ">= 1.30" }];
  const row = (name: string) => ({ name, file: `overlays/${name}.yaml`, leaf: true, constraints: [] });
  expect(coverage(catalog)).toEqual([
    { ...row("all"), criteria: {}, chain: ["base", "all"], components: 2 },
    { ...row("eks"), criteria: { service: "eks" }, chain: ["base", "eks"], leaf: false, components: 1, constraints },
    {
      ...row("eks-training"),
      criteria: { service: "eks", intent: "training" },
      chain: ["base", "eks", "eks-training"],
      components: 2,
      constraints,
    },
    {
      ...row("h100"),
      criteria: { service: "eks", accelerator: "h100", intent: "training" },
      chain: ["base", "h100"],
      components: 1,
    },
    { ...row("gke"), criteria: { service: "gke", os: "cos", nodes: 4 }, chain: ["base", "gke"], components: 1 },
  ]);
});

test("the nearest that is covered keeps most of what was asked, and adds least", () => {
  expect(nearestCovered(catalog, { service: "eks", intent: "training", os: "rhel" })).toEqual([
    { service: "eks", intent: "training" },
    { service: "eks", accelerator: "h100", intent: "training" },
    { service: "eks" },
  ]);
  expect(nearestCovered(catalog, { service: "eks", accelerator: "h100" }, [], 1)).toEqual([
    { service: "eks", accelerator: "h100", intent: "training" },
  ]);
  expect(nearestCovered(catalog, { platform: "nim" })).toEqual([]);
});

test("what nothing honoured comes first: only what has it is near", () => {
  const query = { service: "eks", accelerator: "h100", intent: "training", os: "cos" };
  expect(nearestCovered(catalog, query, ["os"])).toEqual([{ service: "gke", os: "cos", nodes: 4 }]);
  expect(nearestCovered(catalog, { ...query, os: "talos" }, ["os"])).toEqual(
    nearestCovered(catalog, { ...query, os: "talos" }),
  );
});

test("the hint is a sentence for a person", () => {
  expect(coverageHint(catalog, { service: "gke" })).toBe(
    "Covered: service=gke, os=cos, nodes=4 (aicr recipe list shows what the catalog covers).",
  );
  expect(coverageHint(catalog, { platform: "nim" })).toBe("aicr recipe list shows what the catalog covers.");
});

test("broken parents are told, not listed", async () => {
  const broken = await fakeData({ "overlays/x.yaml": "metadata: {name: x}\nspec: {base: y, criteria: {}}" });
  expect(errorOf(() => coverage(broken)).message).toBe(`overlay "x" builds on "y", which does not exist`);
});
