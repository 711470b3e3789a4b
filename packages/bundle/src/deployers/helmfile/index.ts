import { SlipwayError, isTreeList, isTreeMap, writeYaml, type Tree, type TreeMap } from "@slipway/base";
import { withoutOciScheme } from "../../installation.ts";
import { textFile, type BundleComponent, type BundleFile, type BundlePlan, type Deployment } from "../../model.ts";
import { namespaceObject, ownNamespaces } from "../../namespaces.ts";
import { componentFacts, readme } from "../../readme.ts";
import { valuesFile } from "../../values-file.ts";
import { emptyWarnings } from "../../component-checks.ts";
import { nameWarnings } from "../names.ts";
import { helmfileReadme } from "./readme.ts";
import { NAMESPACES_FILE, releaseOf } from "./release.ts";

/**
 * The bundle that Helmfile 1 installs: a release a component, in the order that `needs` gives.
 *
 * @throws SlipwayError INVALID_INPUT for a text that helmfile would take for a template
 */
export function helmfileDeployment(plan: BundlePlan): Deployment {
  const { components } = plan;
  const helmfile = helmfileOf(components);
  refuseTemplates(helmfile, "helmfile.yaml");
  return {
    files: [
      ...components.flatMap(componentFiles),
      ...namespacesFile(components),
      textFile("helmfile.yaml", writeYaml(helmfile)),
      textFile("README.md", helmfileReadme(plan)),
    ],
    notes: [],
    warnings: [...nameWarnings(components), ...emptyWarnings(components)],
  };
}

function helmfileOf(components: readonly BundleComponent[]): TreeMap {
  const present = new Map(components.map((component) => [component.name, component]));
  const repositories = repositoriesOf(components);
  const list = [...repositories].map(([address, name]) =>
    address.startsWith("oci://") ? { name, url: withoutOciScheme(address), oci: true } : { name, url: address },
  );
  return {
    ...(list.length === 0 ? {} : { repositories: list }),
    helmDefaults: { wait: true, timeout: 600, createNamespace: true },
    releases: components.map((component) => releaseOf(component, chartOf(component, repositories), present)),
  };
}

/** Address to the name of a repository: that of the first component which takes its chart from there. */
function repositoriesOf(components: readonly BundleComponent[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { installation, name } of components) {
    if (installation.kind !== "chart" || installation.archive !== undefined) continue;
    if (!names.has(installation.repository)) names.set(installation.repository, name);
  }
  return names;
}

function chartOf({ installation, name }: BundleComponent, repositories: ReadonlyMap<string, string>): string {
  if (installation.kind !== "chart") return `./${name}/chart`;
  if (installation.archive !== undefined) return `./${installation.archive}`;
  return `${repositories.get(installation.repository) ?? name}/${installation.chart}`;
}

function componentFiles(component: BundleComponent): readonly BundleFile[] {
  const { installation, manifests, name } = component;
  const standIn = {
    apiVersion: "v2",
    name,
    description: "Stands for what hooks apply, so that other releases can need it.",
    version: "0.1.0",
  };
  return [
    valuesFile(component),
    textFile(`${name}/README.md`, readme(componentFacts(component))),
    ...(installation.kind === "chart" ? [] : [textFile(`${name}/chart/Chart.yaml`, writeYaml(standIn))]),
    ...manifests.map((manifest) => textFile(`${name}/manifests/${manifest.name}`, manifest.content)),
  ];
}

function namespacesFile(components: readonly BundleComponent[]): readonly BundleFile[] {
  const objects = ownNamespaces(components).map((name) => writeYaml(namespaceObject(name)));
  return objects.length === 0 ? [] : [textFile(NAMESPACES_FILE, objects.join("---\n"))];
}

/** Helmfile renders the fields of releases and hooks as Go templates, with functions that run programs. */
function refuseTemplates(tree: Tree, field: string): void {
  if (typeof tree === "string" && tree.includes("{{"))
    throw new SlipwayError("INVALID_INPUT", `helmfile would take "${tree}" for a template`, { place: { field } });
  if (isTreeList(tree)) for (const item of tree) refuseTemplates(item, field);
  if (isTreeMap(tree)) for (const [key, value] of Object.entries(tree)) refuseTemplates(value, `${field}: ${key}`);
}
