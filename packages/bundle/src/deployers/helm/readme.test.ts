import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "../../bundle.ts";
import { SAMPLE_CATALOG, SAMPLE_RECIPE, contentOf, sampleCatalog, sampleOptions } from "../../testing/sample.ts";

test("a component without a chart has no helm commands", async () => {
  const { files } = await makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions());
  for (const name of ["tuning", "trainer"]) expect(contentOf(files, `${name}/README.md`)).not.toContain("helm");
});

test("texts of a recipe cannot make tables, headings or code of their own", async () => {
  const evil = "| # <img src=x> ``` [x](y)";
  const recipe = {
    ...fakeRecipe([{ name: `n ${evil}`, namespace: evil, chart: evil, source: `https://${evil}`, version: evil }]),
    metadata: { version: "1\n# x", appliedOverlays: [], excludedOverlays: [], constraintWarnings: [] },
    criteria: { service: `eks\n\n# ${evil}` },
    constraints: [{ name: `a\n# ${evil}`, value: evil }],
  };
  const { files } = await makeBundle(recipe, sampleCatalog([]), sampleOptions());
  const lines = contentOf(files, "README.md")
    .replaceAll(/^(`{3,})shell\n[^]*?^\1$/gm, "")
    .split("\n");
  expect(lines.filter((line) => /^#+ /.test(line))).toEqual([
    "# GPU cluster bundle",
    "## Made for",
    "## Components",
    "## What the cluster must be",
    "## Install",
    "## Remove",
    "## One component at a time",
    String.raw`### n \| \# \<img src=x\> \`\`\` \[x\]\(y\)`,
    "## Is it what was made?",
  ]);
  const cells = lines.filter((line) => line.startsWith("|")).map((line) => line.split(/(?<!\\)\|/).length - 2);
  expect(cells).toEqual([2, 2, 2, 5, 5, 5, 2, 2, 2]);
});

test("a recipe without criteria and constraints has no tables of them", async () => {
  const { criteria: _, ...recipe } = fakeRecipe([{ name: "a" }]);
  const { files } = await makeBundle(recipe, sampleCatalog([]), sampleOptions());
  const text = contentOf(files, "README.md");
  expect(text).not.toMatch(/Made for|What the cluster must be/);
  expect(contentOf(files, "a/README.md")).toContain("There is nothing to install.");
});
