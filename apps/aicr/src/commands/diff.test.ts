import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inWorkplace, type Workplace } from "../testing/aicr.ts";

/** A folder with two recipes and the bundles of both. */
function withTwo(action: (place: Workplace) => Promise<void>): Promise<void> {
  return inWorkplace({}, async (place) => {
    await place.run("recipe -o a.yaml");
    await place.run("recipe --service eks -o b.yaml");
    await place.run("bundle -r a.yaml -o a");
    await place.run("bundle -r b.yaml -o b.tar.gz");
    await action(place);
  });
}

const CHANGES = `~ component gpu-operator
    ~ values.toolkit.enabled: true -> false
~ criteria
    + service: "eks"

Components: 1 changed.
`;

test("two recipes", async () => {
  await withTwo(async ({ both }) => {
    expect(await both("diff a.yaml b.yaml")).toEqual({ exit: 0, out: CHANGES, err: "" });
  });
});

test("--exit-code makes a difference the answer no", async () => {
  await withTwo(async ({ both }) => {
    expect(await both("diff a.yaml b.yaml --exit-code")).toEqual({ exit: 1, out: CHANGES, err: "" });
    expect(await both("diff a.yaml a.yaml --exit-code")).toEqual({ exit: 0, out: "No differences.\n", err: "" });
    expect((await both("diff a.yaml b.yaml --exit-code -t patch")).exit).toBe(1);
    expect(await both("diff a a --exit-code -t patch")).toEqual({ exit: 0, out: "[]\n", err: "" });
  });
});

test("two bundles, a folder and an archive", async () => {
  await withTwo(async ({ both }) => {
    const { exit, out, err } = await both("diff a b.tar.gz --format json");
    expect([exit, err]).toEqual([0, ""]);
    const difference: unknown = JSON.parse(out);
    expect(difference).toMatchObject({ kind: "BundleDifference" });
  });
});

test("a JSON Patch from the one document to the other", async () => {
  await withTwo(async ({ both }) => {
    const { exit, out, err } = await both("diff a.yaml b.yaml --format patch");
    expect([exit, err]).toEqual([0, ""]);
    const gpuOperator = {
      name: "gpu-operator",
      namespace: "gpu-operator",
      chart: "gpu-operator",
      type: "Helm",
      source: "https://helm.ngc.nvidia.com/nvidia",
      version: "v25.10.1",
      valuesFile: "components/gpu-operator/values.yaml",
      overrides: { toolkit: { enabled: false } },
      dependencyRefs: ["cert-manager"],
    };
    expect(JSON.parse(out)).toEqual([
      { op: "add", path: "/metadata/appliedOverlays/-", value: "eks" },
      { op: "replace", path: "/criteria/service", value: "eks" },
      { op: "remove", path: "/componentRefs/0" },
      { op: "add", path: "/componentRefs/-", value: gpuOperator },
    ]);
  });
});

test("one side may be standard input", async () => {
  await withTwo(async ({ both, cwd }) => {
    const stdin = await readFile(join(cwd, "b.yaml"), "utf8");
    expect((await both("diff a.yaml -", { stdin })).out).toBe(CHANGES);
  });
});

test.each([
  ["diff a.yaml", 2, /^error: TO is missing: .*\n {2}Usage: aicr diff FROM TO\n$/],
  [
    "diff a.yaml b.yaml c.yaml",
    2,
    'error: aicr diff takes one FROM and one TO; what is "c.yaml"?\n' +
      "  Usage: aicr diff FROM TO. For more than one, run it once for each.\n",
  ],
  ["diff - -", 2, "error: only one side can come from standard input\n"],
  ["diff a.yaml a", 2, /^error: a recipe and a bundle cannot be compared\n/],
  ["diff a.yaml none.yaml", 3, "error: none.yaml: no such file or directory\n"],
  ["diff a none.tar.gz", 3, /^error: .*none\.tar\.gz does not exist\n/],
  [
    "diff a.yaml other.yaml",
    2,
    /^error: other\.yaml:1:1: componentRefs: the recipe has no components: this is a document of kind "Pod"\n/,
  ],
  ["diff a.yaml b.yaml -t yaml", 2, /^error: -t takes text, json or patch, not "yaml"\n/],
])("%s", async (line, exit, err) => {
  await withTwo(async ({ both, cwd }) => {
    await writeFile(join(cwd, "other.yaml"), "kind: Pod\n");
    const seen = await both(line);
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
  });
});
