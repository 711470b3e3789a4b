import type { BundleSource } from "../../bundle-source.ts";
import { markdownBlock, markdownCode } from "../../markdown.ts";
import type { BundlePlan } from "../../model.ts";
import { overview, readme, VERIFY_SECTION } from "../../readme.ts";
import { fetchCommand, pushCommands, revisionText } from "../delivery.ts";
import { BUNDLE_SOURCE, FLUX_NAMESPACE, type SyncStep } from "./objects.ts";

const INTRODUCTION =
  "Installs a GPU software stack with Flux 2. `kustomization.yaml` holds the source of the bundle, the Kustomization of the root and, for each component, a " +
  "chain of Flux Kustomizations that wait for what they need.";

/** The README of a Flux bundle: what is in here, and how it gets from here into a cluster. */
export function fluxReadme(plan: BundlePlan, source: BundleSource, steps: readonly SyncStep[]): string {
  return readme([
    ...overview(plan, INTRODUCTION),
    "## Install",
    ...deliverySteps(source),
    "2. Apply the root; Flux does the rest.",
    markdownBlock("shell", ["kubectl apply --kustomize .", "flux get kustomizations --watch"]),
    "3. Where the source is not public, put its credentials into a Secret of `flux-system`, and name it; Flux keeps what is added here:",
    markdownBlock("shell", [
      `kubectl patch ${source.kind === "oci" ? "ocirepository" : "gitrepository"} gpu-cluster-bundle --namespace flux-system --type merge --patch '{"spec":{"secretRef":{"name":"NAME"}}}'`,
    ]),
    "## Change",
    source.kind === "oci"
      ? `Make the bundle again and push it with the same tag; Flux looks every five minutes, and installs and removes components too. With another tag, apply the new root.`
      : "Edit `NAME/values.yaml` or `NAME/manifests/`, commit and push. A bundle that is made again goes the same way: Flux installs components that came and removes those that went.",
    "## Remove",
    "Flux does not look at `dependsOn` when it deletes, so the order has to be given: the root is suspended, for it would bring the others back; they go the last one first, each with what it has installed; then the rest, the namespaces too.",
    markdownBlock("shell", removeCommands(plan, steps)),
    ...VERIFY_SECTION,
  ]);
}

/** A Kustomization is gone before the HelmRelease that it removes, whose chart has to go before what it needs. */
function removeCommands({ components }: BundlePlan, steps: readonly SyncStep[]): readonly string[] {
  const releases = new Set(
    components.flatMap(({ installation, name }) => (installation.kind === "chart" ? [name] : [])),
  );
  const place = `--namespace ${FLUX_NAMESPACE}`;
  return [
    `flux suspend kustomization ${BUNDLE_SOURCE}`,
    ...steps
      .toReversed()
      .flatMap(({ name }) => [
        `kubectl delete kustomizations.kustomize.toolkit.fluxcd.io ${name} ${place}`,
        ...(releases.has(name)
          ? [`kubectl wait --for=delete helmreleases.helm.toolkit.fluxcd.io/${name} ${place} --timeout=10m`]
          : []),
      ]),
    "kubectl delete --kustomize . --ignore-not-found",
  ];
}

function deliverySteps(source: BundleSource): readonly string[] {
  if (source.kind === "oci")
    return [
      `1. Flux reads the bundle from ${markdownCode(`${source.url}:${source.revision}`)}, where it must be: \`aicr bundle\` pushes it with \`--output\`. To get the files:`,
      markdownBlock("shell", [fetchCommand(source)]),
    ];
  if (source.isPlaceholder)
    return [
      `1. This bundle was made without \`--repo\`: replace ${markdownCode(source.url)} in \`source.yaml\`, or make it again. Then push it to the root of that repository, on the ${revisionText(source)}.`,
    ];
  return ["1. Push this folder to the root of the repository:", markdownBlock("shell", pushCommands(source))];
}
