import { SlipwayError, writeYaml } from "@slipway/base";
import { textFile, type BundleComponent, type BundleFile, type BundlePlan, type Deployment } from "../../model.ts";
import { valuesFile } from "../../values-file.ts";
import { placeholderNotes, type BundleSource } from "../../bundle-source.ts";
import { checkObjectNames } from "../names.ts";
import { PARENT, appOfApps, applicationOf, sourcesOf } from "./application.ts";
import { argocdManifest } from "./manifest.ts";
import { argocdReadme } from "./readme.ts";

/**
 * The bundle that Argo CD installs from a Git repository or an artifact of a registry: an Application a component, and the parent of them all.
 *
 * @throws SlipwayError INVALID_INPUT for a component that cannot name an object of Kubernetes, or is named like the parent
 */
export function argocdDeployment(plan: BundlePlan): Deployment {
  const { source } = plan;
  checkObjectNames(plan.components);
  if (plan.components.some(({ name }) => name === PARENT))
    throw new SlipwayError("INVALID_INPUT", `"${PARENT}" would share its Application with the parent of all others`, {
      place: { field: "componentRefs" },
      hint: "Rename the component.",
    });
  return {
    files: [
      ...plan.components.flatMap((component, wave) => componentFiles(component, wave, source)),
      textFile("app-of-apps.yaml", writeYaml(appOfApps(source))),
      textFile("README.md", argocdReadme(plan)),
    ],
    notes: placeholderNotes(source, "app-of-apps.yaml and every application.yaml"),
    warnings: plan.components.flatMap((component) => warningsOf(component, source)),
  };
}

function componentFiles(component: BundleComponent, wave: number, source: BundleSource): readonly BundleFile[] {
  const { installation, manifests, name } = component;
  const application = textFile(`${name}/application.yaml`, writeYaml(applicationOf(component, wave, source)));
  return [
    ...(sourcesOf(component, source).length === 0 ? [] : [application]),
    ...(installation.kind === "kustomize" ? [] : [valuesFile(component)]),
    ...manifests.map((manifest) =>
      textFile(`${name}/manifests/${manifest.name}`, argocdManifest(manifest, installation.kind === "chart")),
    ),
  ];
}

function warningsOf(component: BundleComponent, source: BundleSource): readonly string[] {
  const { installation, name } = component;
  if (sourcesOf(component, source).length === 0)
    return [`${name}: it has neither a source nor manifests, so there is no Application for it`];
  if (installation.kind === "chart" && installation.archive !== undefined)
    return [`${name}: Argo CD reads no chart archives, so its Application still takes the chart from its repository`];
  return [];
}
