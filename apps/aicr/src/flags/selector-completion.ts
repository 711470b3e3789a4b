import type { Suggestion } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";

/** The parts of a hydrated recipe beside its components. */
const PARTS = ["apiVersion", "constraints", "criteria", "deploymentOrder", "kind", "metadata"];

/** What every component may have; its values go on below. */
const FIELDS = ["chart", "dependencyRefs", "name", "namespace", "path", "source", "tag", "type", "version"];

/** Completes a selector: the parts of a recipe, the components of the built-in registry, and the fields of one. */
export async function selectorSuggestions(deps: CommandDeps, word: string): Promise<readonly Suggestion[]> {
  const root = "components.";
  if (!word.startsWith(root)) return [{ value: root, open: true }, ...PARTS.map((value) => ({ value }))];
  const { registry } = await deps.builtinCatalog();
  const component = registry.find(({ name }) => word.startsWith(`${root}${name}.`));
  if (component === undefined)
    return registry.map(({ name, displayName }) => ({ value: root + name, description: displayName, open: true }));
  const fields = FIELDS.map((field) => ({ value: `${root}${component.name}.${field}` }));
  return [...fields, { value: `${root}${component.name}.values`, open: true }];
}
