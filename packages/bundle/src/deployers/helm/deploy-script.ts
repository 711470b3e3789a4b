import type { BundleComponent } from "../../model.ts";
import { shellWord } from "../../shell.ts";
import { DRY_RUN, INTERRUPTIBLE, KUBE_CONTEXT, optionParser, scriptOf } from "./script-parts.ts";

/**
 * `deploy.sh`: checks the programs and the cluster, then runs `install.sh` of each component in order. A component that
 * fails is tried again after n*n*5 seconds, at most 120.
 */
export function deployScript(components: readonly BundleComponent[]): string {
  return scriptOf("Installs the components of this bundle in order. It can be run again at any time.", [
    optionParser("deploy.sh", [
      {
        flag: "--no-wait",
        variable: "wait_ready",
        initial: "true",
        value: "false",
        help: "do not wait until a component is ready",
      },
      {
        flag: "--best-effort",
        variable: "best_effort",
        initial: "false",
        value: "true",
        help: "go on with the next component when one fails",
      },
      {
        flag: "--retries",
        variable: "retries",
        initial: "5",
        argument: "N",
        help: "how often a component that fails is tried again (default 5)",
      },
      DRY_RUN,
      KUBE_CONTEXT,
    ]),
    INTERRUPTIBLE,
    componentList(components),
    preflight(components),
    INSTALL,
    MAIN,
  ]);
}

/** The array that both root scripts go through. */
export function componentList(components: readonly BundleComponent[]): string {
  return `components=(\n${components.map(({ name }) => `  ${shellWord(name)}`).join("\n")}\n)`;
}

/** `preflight`: the programs are there and the cluster answers. */
export function preflight(components: readonly BundleComponent[]): string {
  const isNeeded = components.some(({ installation }) => installation.kind === "chart");
  return `needs() {
  if command -v "$1" >/dev/null; then return; fi
  printf '%s is not installed, or not on the PATH.\\n' "$1" >&2
  return 1
}

preflight() {
  needs kubectl || return 1${isNeeded ? "\n  needs helm || return 1" : ""}
  if ! kubectl \${kube_context:+--context "$kube_context"} version >/dev/null; then
    echo 'The cluster does not answer. Check KUBECONFIG, or choose one with --kube-context.' >&2
    return 1
  fi
}`;
}

const INSTALL = `install_component() {
  local name="$1" attempt=0 pause
  local flags=()
  if [[ "$wait_ready" != true ]]; then flags+=(--no-wait); fi
  if [[ "$dry_run" == true ]]; then flags+=(--dry-run); fi
  if [[ -n "$kube_context" ]]; then flags+=(--kube-context "$kube_context"); fi
  until bash "$here/$name/install.sh" \${flags[@]+"\${flags[@]}"}; do
    attempt=$((attempt + 1))
    if [[ "$dry_run" == true ]] || ((attempt > retries)); then return 1; fi
    pause=$((attempt < 5 ? attempt * attempt * 5 : 120))
    printf '%s failed; trying again in %s seconds (%s of %s).\\n' "$name" "$pause" "$attempt" "$retries" >&2
    sleep "$pause"
  done
}`;

const MAIN = `if [[ "$dry_run" != true ]]; then preflight; fi

failed=()
for index in "\${!components[@]}"; do
  name="\${components[index]}"
  printf '[%s/%s] %s\\n' "$((index + 1))" "\${#components[@]}" "$name"
  if install_component "$name"; then continue; fi
  failed+=("$name")
  if [[ "$best_effort" != true ]]; then break; fi
done

if ((\${#failed[@]} > 0)); then
  printf 'Not installed: %s\\n' "\${failed[*]}" >&2
  exit 1
fi
if [[ "$dry_run" != true ]]; then echo 'All components are installed.'; fi`;
