import { join } from "node:path";
import type { ComponentRef } from "@slipway/recipe";
import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { makeBundle } from "../../bundle.ts";
import { SAMPLE_CATALOG, SAMPLE_RECIPE, sampleCatalog, sampleOptions } from "../../testing/sample.ts";
import { execute, scriptFolder } from "../../testing/scripts.ts";

const EVIL = "$(reboot) `reboot` '\"; reboot & | * ? ~ ! { #";

/** Every kind of component, with and without namespace and manifests, all texts hostile. */
const HOSTILE: readonly ComponentRef[] = [
  { name: "chart", namespace: EVIL, chart: EVIL, source: EVIL, version: EVIL, manifestFiles: [`m/${EVIL}`] },
  { name: `oci ${EVIL}`, chart: EVIL, source: `oci://${EVIL}`, version: EVIL },
  { name: "kustomize", type: "Kustomize", namespace: EVIL, source: EVIL, path: EVIL, tag: EVIL },
  { name: "kustomize-with", type: "Kustomize", source: EVIL, manifestFiles: [`m/${EVIL}`] },
  { name: "manifests", namespace: "kube-system", manifestFiles: [`m/${EVIL}`] },
  { name: "kai-scheduler", source: "https://x.example.com" },
  { name: "nvidia-dra-driver-gpu", source: "https://x.example.com", namespace: EVIL },
  { name: "empty" },
];

const BUNDLES = {
  sample: () => makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions()),
  hostile: () =>
    makeBundle(fakeRecipe(HOSTILE), sampleCatalog([], {}, { [`m/${EVIL}`]: "kind: X\n" }), sampleOptions()),
  "without charts": () => makeBundle(fakeRecipe([{ name: "empty" }]), sampleCatalog([]), sampleOptions()),
};

/** Paths of all scripts of a bundle, written to a folder. */
async function scriptsOf(make: (typeof BUNDLES)[keyof typeof BUNDLES]): Promise<readonly string[]> {
  const { files } = await make();
  const { folder } = await scriptFolder(files);
  return files.filter(({ executable }) => executable).map(({ path }) => join(folder, path));
}

test.each(Object.entries(BUNDLES))("bash can read every script of the %s bundle", async (_name, make) => {
  for (const script of await scriptsOf(make))
    expect(await execute("bash", ["-n", script])).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test.each(Object.entries(BUNDLES))("shellcheck has nothing to say about the %s bundle", async (_name, make) => {
  if (!(await hasShellcheck())) return;
  // SC2016 asks whether a $ in single quotes was meant to expand: it is what the quotes are for.
  const args = ["--exclude=SC2016", ...(await scriptsOf(make))];
  expect(await execute("shellcheck", args)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

/** Where it is not installed the check is left out, and says so; in CI it must be there. */
async function hasShellcheck(): Promise<boolean> {
  try {
    return (await execute("shellcheck", ["--version"])).exitCode === 0;
  } catch (error) {
    if (process.env["CI"] === "true") throw error;
    process.stderr.write(
      "shellcheck is not installed: the scripts of bundles are not checked (apt-get install shellcheck)\n",
    );
    return false;
  }
}
