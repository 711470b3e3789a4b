import { kustomizeAddress, ociChart } from "./installation.ts";
import type { BundleComponent, ChartInstallation, KustomizeInstallation, Manifest } from "./model.ts";
import { shellWords } from "./shell.ts";

/** Where the commands of a component are run: how its folder and the folder of the bundle are written in shell. */
export interface CommandPlace {
  /** The folder of the component, quoted for the shell. */
  readonly component: string;
  /** The folder of the bundle, quoted for the shell. */
  readonly bundle: string;
}

/** The arguments that name a chart: an archive of the bundle, an OCI address, or a name with its repository. */
export function chartWords(installation: ChartInstallation, place: CommandPlace): string {
  const { archive, isOci, repository, chart, version } = installation;
  if (archive !== undefined) return `${place.bundle}/${shellWords([archive])}`;
  const address = isOci ? [ociChart(repository, chart)] : [chart, "--repo", repository];
  return shellWords([...address, ...(version === undefined ? [] : ["--version", version])]);
}

/** `--namespace NAME`, or nothing when the component has none. */
export function namespaceWords({ namespace }: Pick<BundleComponent, "namespace">): readonly string[] {
  return namespace === undefined ? [] : ["--namespace", namespace];
}

/**
 * The arguments of helm that install or upgrade a chart, without those that wait. The namespace must be there: Helm 4
 * would write one that is there anew, were it told to make it.
 */
export function helmUpgrade(component: BundleComponent, chart: ChartInstallation, place: CommandPlace): string {
  return words([
    shellWords(["upgrade", "--install", component.name]),
    chartWords(chart, place),
    shellWords(namespaceWords(component)),
    `--values ${place.component}/values.yaml`,
  ]);
}

/** The options of kubectl that name a manifest file. */
export function manifestWords(component: BundleComponent, manifest: Manifest, place: CommandPlace): string {
  const file = `--filename ${place.component}/${shellWords([`manifests/${manifest.name}`])}`;
  return words([shellWords(manifest.inNamespace ? namespaceWords(component) : []), file]);
}

/** The options of kubectl that name a kustomization. */
export function kustomizeWords({ source, path, tag }: KustomizeInstallation): string {
  return shellWords(["--kustomize", kustomizeAddress(source, path, tag)]);
}

/** Server-side, because large definitions do not fit the annotation that client-side apply keeps. */
export const APPLY = "apply --server-side --force-conflicts";

/** Parts of a command with blanks between those that are not empty. */
function words(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
