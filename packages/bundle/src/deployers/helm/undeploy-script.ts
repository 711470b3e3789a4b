import type { BundleComponent } from "../../model.ts";
import { ownNamespaces } from "../../namespaces.ts";
import { shellWord } from "../../shell.ts";
import { componentList, preflight } from "./deploy-script.ts";
import { DRY_RUN, INTERRUPTIBLE, KUBE_CONTEXT, optionParser, runners, scriptOf } from "./script-parts.ts";
import { TIMEOUT } from "./uninstall-script.ts";

/**
 * `undeploy.sh`: runs `uninstall.sh` of each component, the last one first, then removes what helm leaves behind
 * (definitions and webhooks that still carry the name of a release) and the namespaces. A namespace of the system is never
 * deleted, and one with volumes only with `--delete-pvcs`; `--keep-crds` leaves the definitions.
 */
export function undeployScript(components: readonly BundleComponent[]): string {
  return scriptOf("Removes the components of this bundle, the last one first, and what they leave behind.", [
    optionParser("undeploy.sh", [
      {
        flag: "--keep-namespaces",
        variable: "keep_namespaces",
        initial: "false",
        value: "true",
        help: "leave the namespaces of the components",
      },
      {
        flag: "--delete-pvcs",
        variable: "delete_pvcs",
        initial: "false",
        value: "true",
        help: "also delete the volume claims in them, with their data",
      },
      {
        flag: "--keep-crds",
        variable: "keep_crds",
        initial: "false",
        value: "true",
        help: "leave the resource definitions (CRDs) of charts; without it they go, with every object of their kinds in the cluster",
      },
      TIMEOUT,
      DRY_RUN,
      KUBE_CONTEXT,
    ]),
    INTERRUPTIBLE,
    componentList(components),
    releaseList(components),
    namespaceList(components),
    preflight(components),
    runners({ helm: false }),
    hasChart(components),
    REMOVE_COMPONENTS,
    REMOVE_LEFTOVERS,
    REMOVE_NAMESPACES,
    MAIN,
  ]);
}

/** The releases of helm, as `NAME/NAMESPACE`: what the annotations of their objects say. */
function releaseList(components: readonly BundleComponent[]): string {
  const releases = components.flatMap(({ installation, name, namespace }) =>
    installation.kind === "chart" && namespace !== undefined ? [`${name}/${namespace}`] : [],
  );
  return shellArray("releases", releases);
}

function namespaceList(components: readonly BundleComponent[]): string {
  return shellArray("namespaces", ownNamespaces(components));
}

/** `has_chart`: only the definitions of a chart can be told to go. */
function hasChart(components: readonly BundleComponent[]): string {
  const names = components.flatMap(({ installation, name }) =>
    installation.kind === "chart" ? [shellWord(name)] : [],
  );
  if (names.length === 0) return `has_chart() {\n  return 1\n}`;
  return `has_chart() {
  case "$1" in
    ${names.join(" | ")}) return 0 ;;
    *) return 1 ;;
  esac
}`;
}

function shellArray(name: string, items: readonly string[]): string {
  if (items.length === 0) return `${name}=()`;
  return `${name}=(\n${items.map((item) => `  ${shellWord(item)}`).join("\n")}\n)`;
}

const REMOVE_COMPONENTS = `failed=0
flags=(--timeout "$timeout")
if [[ "$dry_run" == true ]]; then flags+=(--dry-run); fi
if [[ -n "$kube_context" ]]; then flags+=(--kube-context "$kube_context"); fi

remove_components() {
  local index name own
  for ((index = \${#components[@]} - 1; index >= 0; index--)); do
    name="\${components[index]}"
    own=("\${flags[@]}")
    if [[ "$keep_crds" != true ]] && has_chart "$name"; then own+=(--delete-crds); fi
    printf '%s\\n' "$name"
    bash "$here/$name/uninstall.sh" "\${own[@]}" || failed=1
  done
}`;

/** Columns of kubectl: the name of an object, and the release and namespace that helm has marked it with. */
const OWNER =
  String.raw`custom-columns=NAME:.metadata.name,RELEASE:.metadata.annotations.meta\.helm\.sh/release-name,` +
  String.raw`NAMESPACE:.metadata.annotations.meta\.helm\.sh/release-namespace`;

const REMOVE_LEFTOVERS = `is_release() {
  local release
  for release in \${releases[@]+"\${releases[@]}"}; do
    if [[ "$1" == "$release" ]]; then return 0; fi
  done
  return 1
}

# A webhook without its service blocks every request that it was to look at; it goes before anything else.
remove_leftovers() {
  local kind found name release namespace
  local kinds=(validatingwebhookconfigurations mutatingwebhookconfigurations)
  if [[ "$keep_crds" != true ]]; then kinds+=(customresourcedefinitions); fi
  if [[ "$dry_run" == true ]]; then
    printf '# Then: the %s that still carry the name of a release.\\n' "\${kinds[*]}"
    return
  fi
  for kind in "\${kinds[@]}"; do
    if ! found="$(kube get "$kind" --no-headers --output ${shellWord(OWNER)})"; then
      failed=1
      continue
    fi
    while read -r name release namespace; do
      if is_release "$release/$namespace"; then
        kube delete "$kind" "$name" --ignore-not-found --timeout "\${timeout}s" || failed=1
      fi
    done <<<"$found"
  done
}`;

const REMOVE_NAMESPACES = `remove_namespaces() {
  local namespace
  for namespace in \${namespaces[@]+"\${namespaces[@]}"}; do
    if [[ "$delete_pvcs" == true ]]; then
      kube delete persistentvolumeclaims --all --namespace "$namespace" --timeout "\${timeout}s" || failed=1
    elif [[ "$dry_run" != true && "$keep_namespaces" != true ]] && holds_volumes "$namespace"; then
      printf 'The namespace %s is kept: it holds volume claims. Give --delete-pvcs to delete them.\\n' "$namespace" >&2
      continue
    fi
    if [[ "$keep_namespaces" != true ]]; then
      kube delete namespace "$namespace" --ignore-not-found --timeout "\${timeout}s" || failed=1
    fi
  done
}

# When that cannot be told, they are taken to be there.
holds_volumes() {
  local claims
  claims="$(kube get persistentvolumeclaims --namespace "$1" --output name)" || return 0
  [[ -n "$claims" ]]
}`;

const MAIN = `if [[ "$dry_run" != true ]]; then preflight; fi
remove_components
remove_leftovers
remove_namespaces
if ((failed)); then
  echo 'Not everything could be removed; see above, and run undeploy.sh again.' >&2
fi
exit "$failed"`;
