import type { Bundle, Deployer } from "@slipway/bundle";
import { fakeRecipe } from "@slipway/recipe/testing";
import { expect, test } from "vitest";
import { bundleReport } from "./bundle-report.ts";

const BUNDLE: Bundle = { files: [], notes: [], warnings: [], components: ["a"], recipe: fakeRecipe([{ name: "a" }]) };
const WHERE = "registry.example.com:5000/gpu/bundle:v1@sha256:00";
const FETCH =
  "oras blob fetch --output - registry.example.com:5000/gpu/bundle@\"$(oras manifest fetch registry.example.com:5000/gpu/bundle@sha256:00 | jq --raw-output '.layers[0].digest')\" | tar -xz";

function stepsOf(deployer: Deployer, repo: string, kind: "registry" | "directory" = "registry"): readonly string[] {
  const published = { kind, where: kind === "registry" ? WHERE : "/out" };
  const [, steps = ""] = bundleReport({ deployer, repo, plainHttp: false }, BUNDLE, published).split("Next steps:\n");
  return steps.trimEnd().split("\n");
}

test("a bundle of a registry is fetched first, and then installed by its deployer alone", () => {
  expect(bundleReport({ deployer: "helm", repo: "", plainHttp: false }, BUNDLE, { kind: "registry", where: WHERE }))
    .toBe(`
Helm bundle generated successfully!
Registry:    ${WHERE}
Files:       0
Components:  a

Next steps:
  1. mkdir bundle && cd bundle
  2. ${FETCH}
  3. ./deploy.sh --dry-run   (prints the commands, runs none)
  4. ./deploy.sh
`);
  expect(stepsOf("helmfile", "")).toEqual(["  1. mkdir bundle && cd bundle", `  2. ${FETCH}`, "  3. helmfile sync"]);
  expect(stepsOf("argocd", "").slice(2)).toEqual(["  3. kubectl apply --filename app-of-apps.yaml"]);
  expect(stepsOf("flux", "").slice(2)).toEqual(["  3. kubectl apply --kustomize ."]);
});

test("what a cluster reads from elsewhere must get there", () => {
  const push = "Commit it to the root of the Git repository, and push";
  expect(stepsOf("flux", "https://git.example.com/a").slice(2)).toEqual([
    `  3. ${push}`,
    "  4. kubectl apply --kustomize .",
  ]);
  expect(stepsOf("argocd", "oci://x.example.com/y:v1", "directory")).toEqual([
    "  1. cd /out",
    "  2. Make it again with --output oci://x.example.com/y:v1, which pushes it",
    "  3. kubectl apply --filename app-of-apps.yaml",
  ]);
});
