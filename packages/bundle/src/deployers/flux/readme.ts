import { markdownBlock, markdownCode } from "../../markdown.ts";
import type { BundlePlan } from "../../model.ts";
import { overview, readme, VERIFY_SECTION } from "../../readme.ts";
import { shellWords } from "../../shell.ts";
import type { GitSource } from "../git-source.ts";

const INTRODUCTION =
  "Installs a GPU software stack with Flux 2. `kustomization.yaml` holds the Git repository and, for each component, a " +
  "chain of Flux Kustomizations that wait for what they need.";

/** The README of a Flux bundle: what is in here, and how it gets from here into a cluster. */
export function fluxReadme(plan: BundlePlan, git: GitSource): string {
  const push = shellWords(["git", "push", git.url, `HEAD:${git.revision}`]);
  return readme([
    ...overview(plan, INTRODUCTION),
    "## Install",
    git.isPlaceholder
      ? `1. This bundle was made without \`--repo\`: replace ${markdownCode(git.url)} in \`source.yaml\`, or make it again. Then push it to the root of that repository, on the branch ${markdownCode(git.revision)}.`
      : "1. Push this folder to the root of the repository:",
    ...(git.isPlaceholder
      ? []
      : [markdownBlock("shell", ["git init && git add . && git commit --message 'GPU cluster bundle'", push])]),
    "2. Where the repository is not public, put its credentials into a Secret of `flux-system`, and its name into `spec.secretRef` of `source.yaml`.",
    "3. Apply the root; Flux does the rest.",
    markdownBlock("shell", ["kubectl apply --kustomize .", "flux get kustomizations --watch"]),
    "## Change",
    "Edit `NAME/values.yaml` or `NAME/manifests/`, commit and push.",
    "## Remove",
    markdownBlock("shell", ["kubectl delete --kustomize ."]),
    "Flux then removes what each Kustomization has installed. This deletes the namespaces too.",
    ...VERIFY_SECTION,
  ]);
}
