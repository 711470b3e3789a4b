import { markdownBlock } from "../../markdown.ts";
import type { BundlePlan } from "../../model.ts";
import { overview, readme, VERIFY_SECTION } from "../../readme.ts";

const INTRODUCTION =
  "Installs a GPU software stack with Helmfile 1, `helm` and `kubectl`. `helmfile.yaml` has a release for each " +
  "component; `needs` keeps the order.";

/** The README of a Helmfile bundle: what is in here, and how to install and remove it, all at once or piece by piece. */
export function helmfileReadme(plan: BundlePlan): string {
  return readme([
    ...overview(plan, INTRODUCTION),
    "## Install",
    markdownBlock("shell", ["helmfile sync"]),
    "Manifests are applied by hooks through `kubectl`, which goes to the current context: choose the cluster with `kubectl config use-context`, or `KUBECONFIG`.",
    "## One component at a time",
    "With all that it needs:",
    markdownBlock("shell", ["helmfile sync --selector name=NAME --include-transitive-needs"]),
    "## Change",
    "Edit `NAME/values.yaml` or `NAME/manifests/`, and run `helmfile sync` again.",
    "## Remove",
    markdownBlock("shell", ["helmfile destroy"]),
    ...VERIFY_SECTION,
  ]);
}
