import { APPLY, helmUpgrade, kustomizeWords, manifestWords, type CommandPlace } from "../../commands.ts";
import type { BundleComponent } from "../../model.ts";
import { isSystemNamespace } from "../../namespaces.ts";
import { shellWord } from "../../shell.ts";
import { isWaitedFor } from "../waiting.ts";
import { DRY_RUN, KUBE_CONTEXT, ignored, optionParser, runners, scriptOf, type ScriptOption } from "./script-parts.ts";

/** The places as a script in the component's folder writes them. */
export const SCRIPT_PLACE: CommandPlace = { component: `"$here"`, bundle: `"$here"/..` };

/** Its kubelet plugin must start again to see the devices of drivers that were installed after it. */
const RESTARTED: ReadonlySet<string> = new Set(["nvidia-dra-driver-gpu"]);

/**
 * `install.sh` of a component: manifests first (kinds that are not there yet are tolerated), then the chart or the
 * kustomization, then the manifests again. It can be run any number of times.
 */
export function installScript(component: BundleComponent): string {
  const steps = stepsOf(component);
  if (steps.length === 0)
    return scriptOf(PURPOSE, [
      optionParser("install.sh", [noWait(component), DRY_RUN, KUBE_CONTEXT].map(ignored)),
      "echo 'There is nothing to install.'",
    ]);
  return scriptOf(PURPOSE, [
    optionParser("install.sh", [noWait(component), DRY_RUN, KUBE_CONTEXT]),
    runners({ helm: component.installation.kind === "chart" }),
    ...functionsOf(component),
    steps.join("\n"),
  ]);
}

const PURPOSE = "Installs the component of this folder. deploy.sh runs it for every component in order.";

/** deploy.sh gives it to every component; only a chart is waited for. */
function noWait({ installation, name }: BundleComponent): ScriptOption {
  const option = { flag: "--no-wait", help: "do not wait until it is ready" };
  if (installation.kind !== "chart" || !isWaitedFor(name)) return option;
  return { ...option, variable: "wait_ready", initial: "true", value: "false" };
}

function functionsOf(component: BundleComponent): readonly string[] {
  const { installation, manifests, namespace } = component;
  return [
    ...(isMade(namespace) ? [ensureNamespace(namespace)] : []),
    ...(manifests.length === 0 ? [] : [applyManifests(component)]),
    ...(manifests.length === 0 || installation.kind === "manifests" ? [] : [APPLY_EARLY]),
    ...(installation.kind === "chart" ? [installChart(component)] : []),
  ];
}

function stepsOf(component: BundleComponent): readonly string[] {
  const { installation, manifests, name, namespace } = component;
  const hasManifests = manifests.length > 0;
  return [
    ...(isMade(namespace) ? ["ensure_namespace"] : []),
    ...(hasManifests && installation.kind !== "manifests" ? ["apply_manifests_early"] : []),
    ...(installation.kind === "chart" ? ["install_chart"] : []),
    ...(installation.kind === "kustomize" ? [`kube ${APPLY} ${kustomizeWords(installation)}`] : []),
    ...(hasManifests ? ["apply_manifests"] : []),
    ...(RESTARTED.has(name) ? [restart(component)] : []),
  ];
}

function isMade(namespace: string | undefined): namespace is string {
  return namespace !== undefined && !isSystemNamespace(namespace);
}

function ensureNamespace(namespace: string): string {
  return `# A namespace that is being deleted takes nothing new: fail now, and be tried again.
ensure_namespace() {
  local phase=''
  if [[ "$dry_run" != true ]]; then
    phase="$(kube get namespace ${shellWord(namespace)} --ignore-not-found --output 'jsonpath={.metadata.name}:{.status.phase}')"
  fi
  case "$phase" in
    '') kube create namespace ${shellWord(namespace)} ;;
    *:Terminating)
      echo 'The namespace is still being deleted.' >&2
      return 1
      ;;
  esac
}`;
}

function applyManifests(component: BundleComponent): string {
  const lines = component.manifests.map(
    (manifest) => `  kube ${APPLY} ${manifestWords(component, manifest, SCRIPT_PLACE)} || failed=1`,
  );
  return `apply_manifests() {
  local failed=0
${lines.join("\n")}
  return "$failed"
}`;
}

const APPLY_EARLY = `# What is installed next may need these; what they need of it may still be missing, and that alone is no error.
apply_manifests_early() {
  local output
  if output="$(apply_manifests 2>&1)"; then
    printf '%s\\n' "$output"
    return
  fi
  printf '%s\\n' "$output" >&2
  case "$output" in
    *'no matches for kind'* | *'could not find the requested resource'*)
      echo 'Some kinds are not there yet; the manifests are applied again later.' >&2
      ;;
    *) return 1 ;;
  esac
}`;

function installChart(component: BundleComponent): string {
  const { installation } = component;
  if (installation.kind !== "chart") return "";
  const command = `charts ${helmUpgrade(component, installation, SCRIPT_PLACE)}`;
  if (!isWaitedFor(component.name))
    return `# Not waited for: its pods become ready only when there is something to schedule.
install_chart() {
  ${command}
}`;
  return `install_chart() {
  local waiting=()
  if [[ "$wait_ready" == true ]]; then
    waiting=(--wait --timeout 10m)
  fi
  ${command} \${waiting[@]+"\${waiting[@]}"}
}`;
}

function restart({ name, namespace }: BundleComponent): string {
  const target = shellWord(`daemonset/${name}-kubelet-plugin`);
  const place = namespace === undefined ? "" : ` --namespace ${shellWord(namespace)}`;
  return `# The plugin must see the drivers that were installed before it.
kube rollout restart ${target}${place} ||
  echo 'The kubelet plugin was not restarted; restart it by hand when devices are missing.' >&2`;
}
