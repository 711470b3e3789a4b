import { chartWords, kustomizeWords, manifestWords, namespaceWords } from "../../commands.ts";
import type { BundleComponent, ChartInstallation, Manifest } from "../../model.ts";
import { shellWords } from "../../shell.ts";
import { SCRIPT_PLACE } from "./install-script.ts";
import { DRY_RUN, KUBE_CONTEXT, ignored, optionParser, runners, scriptOf, type ScriptOption } from "./script-parts.ts";

/** How long a deletion may take. */
export const TIMEOUT: ScriptOption = {
  flag: "--timeout",
  variable: "timeout",
  initial: "120",
  argument: "SECONDS",
  help: "how long to wait for each deletion (default 120)",
};

/**
 * `uninstall.sh` of a component: resources of kinds that the chart brings, while their controller still runs; then the
 * chart or the kustomization; then the other manifests. Namespaces are left alone, as are, without `--delete-crds`, the
 * definitions of the chart. What is not there any more is no error.
 */
export function uninstallScript(component: BundleComponent): string {
  const { installation } = component;
  const steps = deletions(component);
  if (steps.length === 0)
    return scriptOf(PURPOSE, [
      optionParser("uninstall.sh", [TIMEOUT, DRY_RUN, KUBE_CONTEXT].map(ignored)),
      "echo 'There is nothing to remove.'",
    ]);
  const isChart = installation.kind === "chart";
  return scriptOf(PURPOSE, [
    optionParser("uninstall.sh", [...(isChart ? [DELETE_CRDS] : []), TIMEOUT, DRY_RUN, KUBE_CONTEXT]),
    runners({ helm: isChart }),
    DELETE,
    ...(isChart ? [deleteDefinitions(installation)] : []),
    ["failed=0", ...steps, 'exit "$failed"'].join("\n"),
  ]);
}

const PURPOSE = "Removes the component of this folder. undeploy.sh runs it for every component, the last one first.";

const DELETE_CRDS: ScriptOption = {
  flag: "--delete-crds",
  variable: "delete_crds",
  initial: "false",
  value: "true",
  help: "also delete the resource definitions that the chart carries, with all their resources",
};

const DELETE = `# A kind that the cluster does not have leaves nothing to delete.
delete() {
  local output
  if output="$(kube delete --ignore-not-found --timeout "\${timeout}s" "$@" 2>&1)"; then
    if [[ -n "$output" ]]; then printf '%s\\n' "$output"; fi
    return
  fi
  printf '%s\\n' "$output" >&2
  [[ "$output" == *'no matches for kind'* ]]
}`;

function deleteDefinitions(installation: ChartInstallation): string {
  return `delete_definitions() {
  local definitions
  if [[ "$dry_run" == true ]]; then
    charts show crds ${chartWords(installation, SCRIPT_PLACE)}
    delete --filename -
    return
  fi
  definitions="$(charts show crds ${chartWords(installation, SCRIPT_PLACE)})" || return 1
  if [[ "$definitions" == *CustomResourceDefinition* ]]; then
    delete --filename - <<<"$definitions"
  fi
}`;
}

function deletions(component: BundleComponent): readonly string[] {
  const { installation, manifests, name } = component;
  const own = manifests.filter((manifest) => !manifest.definesNamespace).toReversed();
  const isLate = (manifest: Manifest): boolean => !manifest.isEarly;
  const remove = (manifest: Manifest): string =>
    `delete ${manifestWords(component, manifest, SCRIPT_PLACE)} || failed=1`;
  return [
    ...own.filter(isLate).map(remove),
    ...(installation.kind === "chart"
      ? [
          `charts uninstall ${shellWords([name, ...namespaceWords(component)])} --ignore-not-found --wait --timeout "\${timeout}s" || failed=1`,
        ]
      : []),
    ...(installation.kind === "kustomize" ? [`delete ${kustomizeWords(installation)} || failed=1`] : []),
    ...own.filter((manifest) => !isLate(manifest)).map(remove),
    ...(installation.kind === "chart"
      ? [`if [[ "$delete_crds" == true ]]; then delete_definitions || failed=1; fi`]
      : []),
  ];
}
