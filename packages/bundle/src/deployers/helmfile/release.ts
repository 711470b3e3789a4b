import type { Tree, TreeMap } from "@slipway/base";
import { kustomizeAddress } from "../../installation.ts";
import type { BundleComponent, ChartInstallation, Manifest } from "../../model.ts";
import { isSystemNamespace } from "../../namespaces.ts";
import { isWaitedFor } from "../waiting.ts";

/** The file with the namespaces of all components, which manifests need before there is a release. */
export const NAMESPACES_FILE = "namespaces.yaml";

const APPLY = ["apply", "--server-side", "--force-conflicts"];
const DELETE = ["delete", "--ignore-not-found"];

/**
 * The release of a component in a helmfile. What is no chart is applied by hooks, around an empty chart of the bundle that
 * stands for the component, so that others can need it.
 *
 * @param chart the chart as helmfile names it
 * @param present the components of the bundle, by name
 */
export function releaseOf(
  component: BundleComponent,
  chart: string,
  present: ReadonlyMap<string, BundleComponent>,
): TreeMap {
  const { dependencies, installation, name } = component;
  const needs = dependencies.flatMap((need) => {
    const other = present.get(need);
    return other === undefined ? [] : [releaseId(other)];
  });
  const hooks = hooksOf(component);
  return {
    name,
    namespace: releaseNamespace(component),
    chart,
    ...(installation.kind === "chart" ? versionOf(installation) : {}),
    ...(needs.length === 0 ? {} : { needs }),
    ...(isWaitedFor(name) ? {} : { wait: false }),
    values: [`${name}/values.yaml`],
    ...(hooks.length === 0 ? {} : { hooks }),
  };
}

/** How `needs` names a release. */
function releaseId(component: BundleComponent): string {
  return `${releaseNamespace(component)}/${component.name}`;
}

/** Always one: a need without a namespace is looked for in the namespace of the release that has it. */
function releaseNamespace({ namespace }: BundleComponent): string {
  return namespace ?? "default";
}

function versionOf({ archive, version }: ChartInstallation): TreeMap {
  return archive !== undefined || version === undefined ? {} : { version };
}

/** Manifests of kinds that every cluster has go first, the others after the chart; on removal the other way round. */
function hooksOf(component: BundleComponent): readonly Tree[] {
  const { installation, manifests, namespace } = component;
  const early = manifests.filter(({ isEarly }) => isEarly);
  const late = manifests.filter(({ isEarly }) => !isEarly);
  const kustomize =
    installation.kind === "kustomize"
      ? [["--kustomize", kustomizeAddress(installation.source, installation.path, installation.tag)]]
      : [];
  const options = (manifest: Manifest): readonly string[] => manifestOptions(component, manifest);
  const removable = (list: readonly Manifest[]): readonly (readonly string[])[] =>
    list
      .filter(({ definesNamespace }) => !definesNamespace)
      .toReversed()
      .map(options);
  if (manifests.length + kustomize.length === 0) return [];
  return [
    ...(namespace === undefined || isSystemNamespace(namespace) ? [] : [namespacesHook()]),
    ...early.map((manifest) => hook("presync", [...APPLY, ...options(manifest)])),
    ...kustomize.map((words) => hook("postsync", [...APPLY, ...words])),
    ...late.map((manifest) => hook("postsync", [...APPLY, ...options(manifest)])),
    ...removable(late).map((words) => hook("preuninstall", [...DELETE, ...words])),
    ...kustomize.map((words) => hook("preuninstall", [...DELETE, ...words])),
    ...removable(early).map((words) => hook("postuninstall", [...DELETE, ...words])),
  ];
}

/** A field manager of its own: else a manifest that says more of a namespace would lose it at the next run. */
function namespacesHook(): Tree {
  return hook("presync", [...APPLY, "--field-manager", "aicr-namespaces", "--filename", NAMESPACES_FILE]);
}

function manifestOptions({ name, namespace }: BundleComponent, manifest: Manifest): readonly string[] {
  const place = manifest.inNamespace && namespace !== undefined ? ["--namespace", namespace] : [];
  return [...place, "--filename", `${name}/manifests/${manifest.name}`];
}

function hook(event: string, args: readonly string[]): Tree {
  return { events: [event], showlogs: true, command: "kubectl", args };
}
