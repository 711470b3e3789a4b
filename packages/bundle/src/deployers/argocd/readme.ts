import type { BundleSource } from "../../bundle-source.ts";
import { markdownBlock, markdownCode } from "../../markdown.ts";
import type { BundlePlan } from "../../model.ts";
import { overview, readme, VERIFY_SECTION } from "../../readme.ts";
import { fetchCommand, pushCommands, revisionText } from "../delivery.ts";

const introduction = (version: string): string =>
  `Installs a GPU software stack with Argo CD ${version} or later. \`app-of-apps.yaml\` is the parent of one Application for ` +
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
export function argocdReadme(plan: BundlePlan): string {
  const { source } = plan;
  const isArtifact = source.kind === "oci";
  return readme([
    ...overview(plan, introduction(isArtifact ? "3.1" : "2.6")),
    "## Install",
    ...deliverySteps(source),
    "2. Once in a cluster: let Argo CD wait for the health of an Application before it starts the next wave.",
    markdownBlock("shell", HEALTH),
    "3. Apply the parent; Argo CD does the rest.",
    markdownBlock("shell", ["kubectl apply --filename app-of-apps.yaml"]),
    "## Change",
    isArtifact
      ? "Make the bundle again and push it. Argo CD takes no values files from a registry: those that count are in `helm.valuesObject` of each `application.yaml`, and `NAME/values.yaml` is there to be read."
      : "Edit `NAME/values.yaml` or `NAME/manifests/`, commit and push.",
    "## Remove",
    markdownBlock("shell", ["kubectl delete --filename app-of-apps.yaml"]),
    ...VERIFY_SECTION,
  ]);
}

function deliverySteps(source: BundleSource): readonly string[] {
  if (source.kind === "oci")
    return [
      `1. Argo CD reads the bundle from ${markdownCode(`${source.url}:${source.revision}`)}, where it must be: \`aicr bundle\` pushes it with \`--output\`. A registry that wants a login, or speaks HTTP, needs a repository Secret of Argo CD. To get the files:`,
      markdownBlock("shell", [fetchCommand(source)]),
    ];
  if (source.isPlaceholder)
    return [
      `1. This bundle was made without \`--repo\`: replace ${markdownCode(source.url)} in \`app-of-apps.yaml\` and in every \`application.yaml\`, or make it again. Then push it to the root of that repository, on the ${revisionText(source)}.`,
    ];
  return ["1. Push this folder to the root of the repository:", markdownBlock("shell", pushCommands(source))];
}
