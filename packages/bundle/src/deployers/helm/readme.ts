import {
  APPLY,
  helmUpgrade,
  kustomizeWords,
  manifestWords,
  namespaceWords,
  type CommandPlace,
} from "../../commands.ts";
import { isSystemNamespace } from "../../namespaces.ts";
import { markdownBlock, markdownText } from "../../markdown.ts";
import type { BundleComponent, BundlePlan, Manifest } from "../../model.ts";
import { componentFacts, overview, readme, VERIFY_SECTION } from "../../readme.ts";
import { shellWords } from "../../shell.ts";

/** Commands in a component's README are run in its folder. */
const COMPONENT_PLACE: CommandPlace = { component: ".", bundle: ".." };

const INTRODUCTION =
  "Installs a GPU software stack with `helm` and `kubectl`. Every component has a folder with its values, its " +
  "manifests and two scripts that work on their own.";

/** The README at the root: what is in here, and how to install and remove it, all at once or piece by piece. */
export function rootReadme(plan: BundlePlan): string {
  return readme([
    ...overview(plan, INTRODUCTION),
    "## Install",
    markdownBlock("shell", [
      "./deploy.sh --dry-run   # print the commands, run none",
      "./deploy.sh             # install; run it again to change what is installed",
    ]),
    "`--no-wait`, `--best-effort` and `--retries N` say how patient it is, `--kube-context NAME` and `KUBECONFIG` where it installs.",
    "## Remove",
    markdownBlock("shell", ["./undeploy.sh --dry-run", "./undeploy.sh"]),
    "It deletes the namespaces of the components too, unless `--keep-namespaces` is given; one that holds volume claims is only deleted with `--delete-pvcs`.",
    "It deletes the resource definitions (CRDs) of the charts too, and with them every object of their kinds in the cluster, whoever made it, unless `--keep-crds` is given.",
    "## One component at a time",
    "These are the commands that the scripts run, from the folder of this file. That a namespace is there already is fine.",
    ...plan.components.flatMap((component) => [
      `### ${markdownText(component.name)}`,
      ...commandBlock(installCommands(component, { component: `./${shellWords([component.name])}`, bundle: "." })),
    ]),
    ...VERIFY_SECTION,
  ]);
}

/** The README of a component. */
export function componentReadme(component: BundleComponent): string {
  const remove = removeCommands(component);
  return readme([
    ...componentFacts(component),
    "## Install",
    "`./install.sh` does this, and more carefully:",
    ...commandBlock(installCommands(component, COMPONENT_PLACE)),
    ...(remove.length === 0 ? [] : ["## Remove", "`./uninstall.sh` does this:", ...commandBlock(remove)]),
  ]);
}

function commandBlock(commands: readonly string[]): readonly string[] {
  return commands.length === 0 ? ["There is nothing to install."] : [markdownBlock("shell", commands)];
}

function installCommands(component: BundleComponent, place: CommandPlace): readonly string[] {
  const { installation, manifests, namespace } = component;
  const apply = (manifest: Manifest): string => `kubectl ${APPLY} ${manifestWords(component, manifest, place)}`;
  return [
    ...(namespace === undefined || isSystemNamespace(namespace)
      ? []
      : [`kubectl create namespace ${shellWords([namespace])}`]),
    ...manifests.filter(({ isEarly }) => isEarly).map(apply),
    ...(installation.kind === "chart" ? [`helm ${helmUpgrade(component, installation, place)}`] : []),
    ...(installation.kind === "kustomize" ? [`kubectl ${APPLY} ${kustomizeWords(installation)}`] : []),
    ...manifests.filter(({ isEarly }) => !isEarly).map(apply),
  ];
}

function removeCommands(component: BundleComponent): readonly string[] {
  const { installation, manifests, name } = component;
  const own = manifests.filter((manifest) => !manifest.definesNamespace).toReversed();
  const remove = (manifest: Manifest): string =>
    `kubectl delete --ignore-not-found ${manifestWords(component, manifest, COMPONENT_PLACE)}`;
  return [
    ...own.filter(({ isEarly }) => !isEarly).map(remove),
    ...(installation.kind === "chart" ? [`helm uninstall ${shellWords([name, ...namespaceWords(component)])}`] : []),
    ...(installation.kind === "kustomize" ? [`kubectl delete --ignore-not-found ${kustomizeWords(installation)}`] : []),
    ...own.filter(({ isEarly }) => isEarly).map(remove),
  ];
}
