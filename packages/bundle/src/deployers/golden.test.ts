import { join } from "node:path";
import { expect, test } from "vitest";
import { makeBundle } from "../bundle.ts";
import { DEPLOYERS, type Bundle, type Deployer } from "../model.ts";
import { SAMPLE_CATALOG, SAMPLE_RECIPE, contentOf, sampleOptions } from "../testing/sample.ts";

/** What each deployer writes for the sample recipe, file by file; `npx vitest run -u` writes them anew. */
const GOLDEN = join(import.meta.dirname, "testdata");

function sampleBundle(deployer: Deployer): Promise<Bundle> {
  return makeBundle(
    SAMPLE_RECIPE,
    SAMPLE_CATALOG,
    sampleOptions({ deployer, repo: "https://git.example.com/team/cluster.git" }),
  );
}

test.each(DEPLOYERS)("the %s bundle of the sample recipe", async (deployer) => {
  const bundle = await sampleBundle(deployer);
  const list = bundle.files.map(({ path, executable }) => `${path}${executable ? " x" : ""}\n`).join("");
  await expect(list).toMatchFileSnapshot(join(GOLDEN, deployer, "files.txt"));
  for (const { path } of bundle.files)
    await expect(contentOf(bundle.files, path)).toMatchFileSnapshot(join(GOLDEN, deployer, "bundle", path));
  expect([bundle.notes, bundle.warnings]).toEqual([[], []]);
});

test.each([
  ["argocd", "app-of-apps.yaml and every application.yaml", "app-of-apps.yaml"],
  ["flux", "source.yaml", "source.yaml"],
] as const)("without --repo a %s bundle has an address to replace, and says where", async (deployer, where, file) => {
  const bundle = await makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, sampleOptions({ deployer }));
  const placeholder = "https://git.example.com/your-organization/your-repository.git";
  expect(bundle.notes).toEqual([
    `Update ${where}: put the address of your Git repository where it says ${placeholder}, or give --repo`,
  ]);
  expect(contentOf(bundle.files, file)).toContain(placeholder);
});

test("--revision is the branch everywhere", async () => {
  for (const deployer of ["argocd", "flux"] as const) {
    const options = sampleOptions({ deployer, repo: "https://git.example.com/a.git", revision: "release" });
    const { files } = await makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, options);
    const text = files.map(({ path }) => contentOf(files, path)).join("");
    expect(text).not.toMatch(/(targetRevision|branch): main/);
    expect(text).toMatch(/(targetRevision|branch): release/);
  }
});

test.each([
  ["v1.2.3", "tag: v1.2.3", "HEAD:refs/tags/v1.2.3"],
  ["refs/heads/gpu", "name: refs/heads/gpu", "HEAD:refs/heads/gpu"],
  ["0123456789abcdef0123456789abcdef01234567", "commit: 0123456789abcdef0123456789abcdef01234567", "HEAD:main"],
])("Flux is told what the revision %s is", async (revision, reference, pushed) => {
  const options = sampleOptions({ deployer: "flux", repo: "https://git.example.com/a.git", revision });
  const { files } = await makeBundle(SAMPLE_RECIPE, SAMPLE_CATALOG, options);
  expect(contentOf(files, "source.yaml")).toContain(`  ref:\n    ${reference}\n`);
  expect(contentOf(files, "README.md")).toContain(`git push https://git.example.com/a.git ${pushed}\n`);
});
