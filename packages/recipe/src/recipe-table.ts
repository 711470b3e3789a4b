import { ANY } from "./criteria.ts";
import { CRITERIA_FIELDS, PHASES, type ComponentRef, type Recipe } from "./model.ts";

/**
 * A recipe for a person to read: criteria, overlays, components in the order of their deployment, constraints and
 * checks, each in columns.
 *
 * @returns lines without trailing spaces, the last one ended
 */
export function recipeTable(recipe: Recipe): string {
  const { metadata, criteria = {} } = recipe;
  const sections = [
    section("CRITERIA", undefined, [
      ...CRITERIA_FIELDS.map((field) => [field, criteria[field] ?? ANY]),
      ["nodes", String(criteria.nodes ?? ANY)],
    ]),
    section(
      "OVERLAYS",
      undefined,
      metadata.appliedOverlays.map((name, index) => [`${index + 1}`, name]),
    ),
    section("LEFT OUT", ["OVERLAY", "CONSTRAINT", "EXPECTED", "FOUND"], excludedRows(recipe)),
    section("COMPONENTS", COMPONENT_HEAD, componentRows(recipe)),
    section(
      "CONSTRAINTS",
      ["NAME", "VALUE"],
      recipe.constraints.map(({ name, value }) => [name, value]),
    ),
    section("CHECKS", ["PHASE", "CHECK"], checkRows(recipe)),
  ];
  return sections.filter((text) => text !== "").join("\n");
}

const COMPONENT_HEAD = ["ORDER", "NAME", "VERSION", "NAMESPACE", "TYPE", "SOURCE", "DEPENDS ON"];

function excludedRows({ metadata }: Recipe): readonly (readonly string[])[] {
  return metadata.constraintWarnings.map(({ overlay, constraint, expected, actual }) => [
    overlay,
    constraint,
    expected,
    actual ?? "-",
  ]);
}

function componentRows({ components, deploymentOrder }: Recipe): readonly (readonly string[])[] {
  const position = new Map(deploymentOrder.map((name, index) => [name, index]));
  const at = ({ name }: ComponentRef): number => position.get(name) ?? deploymentOrder.length;
  return [...components]
    .sort((left, right) => at(left) - at(right))
    .map((component) => [
      position.has(component.name) ? String(at(component) + 1) : "-",
      component.name,
      component.version ?? component.tag ?? "-",
      component.namespace ?? "-",
      component.type ?? "-",
      sourceOf(component),
      component.dependencyRefs?.join(", ") ?? "-",
    ]);
}

/** Where a component comes from; one without a source is made of its manifests alone. */
function sourceOf({ source, chart, path, manifestFiles }: ComponentRef): string {
  if (source === undefined) return manifestFiles === undefined ? "-" : "manifests";
  const inside = chart ?? path;
  return inside === undefined ? source : `${source} ${inside}`;
}

function checkRows({ validation }: Recipe): readonly (readonly string[])[] {
  return PHASES.flatMap((phase) => {
    const { checks = [], constraints = [] } = validation[phase] ?? {};
    return [
      ...constraints.map(({ name, value }) => [phase, `${name} ${value}`]),
      ...checks.map((name) => [phase, name]),
    ];
  });
}

/** A title over columns three spaces apart; nothing when there are no rows. */
function section(title: string, head: readonly string[] | undefined, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const all = head === undefined ? rows : [head, ...rows];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) => {
    const cells = row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)));
    return `  ${cells.join("   ")}`.trimEnd();
  });
  return [title, ...lines, ""].join("\n");
}
