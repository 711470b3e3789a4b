import { CRITERIA_FIELDS, type Recipe } from "@slipway/recipe";
import { kustomizeAddress, ociChart } from "./installation.ts";
import { markdownBlock, markdownCode, markdownTable, markdownText } from "./markdown.ts";
import type { BundleComponent, BundlePlan, Installation } from "./model.ts";

/** The parts of a README, with an empty line between them. */
export function readme(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** What every root README begins with: what the bundle is for, its components and the constraints of the cluster. */
export function overview(plan: BundlePlan, introduction: string): readonly string[] {
  const { recipe, options } = plan;
  const versions = [
    `Bundler Version: ${markdownText(options.version)}`,
    `Recipe Version: ${markdownText(recipe.metadata.version ?? "unknown")}`,
  ];
  return [
    "# GPU cluster bundle",
    introduction,
    versions.join("  \n"),
    ...criteriaSection(recipe),
    "## Components",
    "They are installed in this order.",
    componentTable(plan.components),
    ...constraintSection(recipe),
  ];
}

/** Where the files of a bundle can be checked against its checksums. */
export const VERIFY_SECTION: readonly string[] = [
  "## Is it what was made?",
  "`checksums.txt` lists the SHA-256 of every file.",
  markdownBlock("shell", ["aicr verify .", "# or, without aicr:", "sha256sum --check checksums.txt"]),
];

/** Where a component's software comes from, for a person: address or `manifests only`. */
function sourceText(installation: Installation): string {
  if (installation.kind === "manifests") return "manifests only";
  if (installation.kind === "kustomize")
    return markdownCode(kustomizeAddress(installation.source, installation.path, installation.tag));
  const { archive, chart, isOci, repository } = installation;
  if (archive !== undefined) return markdownCode(archive);
  if (isOci) return markdownCode(ociChart(repository, chart));
  return `${markdownCode(chart)} from ${markdownCode(repository)}`;
}

/** What a README of a component begins with: its facts as a table. */
export function componentFacts(component: BundleComponent): readonly string[] {
  const { dependencies, installation, manifests, name, namespace } = component;
  const rows: readonly (readonly [string, string])[] = [
    ["Source", sourceText(installation)],
    ["Version", markdownCode(versionText(installation))],
    ["Namespace", markdownCode(namespace ?? "")],
    ["Needs", dependencies.map(markdownCode).join(", ")],
    ["Manifests", manifests.map((manifest) => markdownCode(`manifests/${manifest.name}`)).join(", ")],
  ];
  return [
    `# ${markdownText(name)}`,
    markdownTable(
      ["", ""],
      rows.filter(([, value]) => value !== ""),
    ),
  ];
}

/** The version of a component as it is asked for; empty where there is none. */
function versionText(installation: Installation): string {
  if (installation.kind === "chart") return installation.version ?? "";
  return installation.kind === "kustomize" ? (installation.tag ?? "") : "";
}

function criteriaSection({ criteria = {} }: Recipe): readonly string[] {
  const rows = CRITERIA_FIELDS.flatMap((field) => {
    const value = criteria[field];
    return value === undefined ? [] : [[field, markdownCode(value)]];
  });
  return rows.length === 0 ? [] : ["## Made for", markdownTable(["criterion", "value"], rows)];
}

function componentTable(components: readonly BundleComponent[]): string {
  const rows = components.map(({ installation, name, namespace }, index) => [
    String(index + 1),
    markdownText(name),
    markdownCode(versionText(installation)),
    markdownCode(namespace ?? ""),
    sourceText(installation),
  ]);
  return markdownTable(["", "component", "version", "namespace", "source"], rows);
}

function constraintSection({ constraints }: Recipe): readonly string[] {
  if (constraints.length === 0) return [];
  const rows = constraints.map(({ name, value }) => [markdownCode(name), markdownCode(value)]);
  return [
    "## What the cluster must be",
    "Check these yourself before installing: nothing in this bundle does.",
    markdownTable(["measurement", "constraint"], rows),
  ];
}
