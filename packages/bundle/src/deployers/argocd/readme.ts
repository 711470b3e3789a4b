import { markdownBlock, markdownCode } from "../../markdown.ts";
import type { BundlePlan } from "../../model.ts";
import { overview, readme, VERIFY_SECTION } from "../../readme.ts";
import { shellWords } from "../../shell.ts";
import type { GitSource } from "../git-source.ts";

const INTRODUCTION =
  "Installs a GPU software stack with Argo CD 2.6 or later. `app-of-apps.yaml` is the parent of one Application for " +
  "each component; their sync waves keep the order.";

/** So that a wave waits for the one before: Argo CD has not looked at the health of Applications since 1.8. */
const HEALTH = [
  "kubectl patch configmap argocd-cm --namespace argocd --type merge --patch-file /dev/stdin <<'END'",
  "data:",
  "  resource.customizations.health.argoproj.io_Application: |",
  "    local status = { status = 'Progressing', message = '' }",
  "    if obj.status ~= nil and obj.status.health ~= nil then",
  "      status.status = obj.status.health.status",
  "      if obj.status.health.message ~= nil then status.message = obj.status.health.message end",
  "    end",
  "    return status",
  "END",
];

/** The README of an Argo CD bundle: what is in here, and how it gets from here into a cluster. */
export function argocdReadme(plan: BundlePlan, git: GitSource): string {
  const push = shellWords(["git", "push", git.url, `HEAD:${git.revision}`]);
  return readme([
    ...overview(plan, INTRODUCTION),
    "## Install",
    git.isPlaceholder
      ? `1. This bundle was made without \`--repo\`: replace ${markdownCode(git.url)} in \`app-of-apps.yaml\` and in every \`application.yaml\`, or make it again. Then push it to the root of that repository, on the branch ${markdownCode(git.revision)}.`
      : "1. Push this folder to the root of the repository:",
    ...(git.isPlaceholder
      ? []
      : [markdownBlock("shell", ["git init && git add . && git commit --message 'GPU cluster bundle'", push])]),
    "2. Once in a cluster: let Argo CD wait for the health of an Application before it starts the next wave.",
    markdownBlock("shell", HEALTH),
    "3. Apply the parent; Argo CD does the rest.",
    markdownBlock("shell", ["kubectl apply --filename app-of-apps.yaml"]),
    "## Change",
    "Edit `NAME/values.yaml` or `NAME/manifests/`, commit and push.",
    "## Remove",
    markdownBlock("shell", ["kubectl delete --filename app-of-apps.yaml"]),
    ...VERIFY_SECTION,
  ]);
}
