import { SlipwayError } from "@slipway/base";
import {
  coverageHint,
  criteriaText,
  resolve,
  type Catalog,
  type ConstraintWarning,
  type Resolution,
} from "@slipway/recipe";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { STRICT_FLAG, type CriteriaFlags } from "../flags/criteria-flags.ts";
import { openCatalog } from "./open-catalog.ts";
import { readRequest, type Request } from "./read-criteria.ts";

/** A recipe with all that it was made from. */
export interface ResolvedRecipe {
  readonly catalog: Catalog;
  readonly resolution: Resolution;
}

/**
 * Makes the recipe that the flags of a command ask for, and warns of overlays that were left out and of criteria that
 * change nothing.
 *
 * @throws SlipwayError NOT_FOUND with what is covered instead, with `--strict`, when a criterion changes nothing
 */
export async function resolveRecipe(
  deps: CommandDeps,
  context: CommandContext,
  flags: CriteriaFlags,
): Promise<ResolvedRecipe> {
  const { catalog } = await openCatalog(deps, context);
  const request = await readRequest(deps, context, catalog, flags);
  const resolution = resolve(catalog, request.criteria, { version: deps.build.version, lookup: request.lookup });
  context.log.debug("recipe resolved", {
    criteria: criteriaText(request.criteria),
    overlays: resolution.recipe.metadata.appliedOverlays.join(","),
    components: resolution.recipe.components.length,
  });
  reportExcluded(context, resolution);
  reportUnhonoured(context, catalog, request, resolution, context.read(STRICT_FLAG));
  return { catalog, resolution };
}

function reportExcluded({ log }: CommandContext, { recipe }: Resolution): void {
  for (const { overlay, constraint, reason } of recipe.metadata.constraintWarnings)
    log.warn("overlay left out, because a constraint of it is not met", { overlay, constraint, reason });
}

function reportUnhonoured(
  { log }: CommandContext,
  catalog: Catalog,
  { criteria }: Request,
  { unhonoured, recipe }: Resolution,
  strict: boolean,
): void {
  const { constraintWarnings } = recipe.metadata;
  const excludedFor = (field: (typeof unhonoured)[number]): readonly ConstraintWarning[] =>
    constraintWarnings.filter(({ overlay }) => catalog.overlays.get(overlay)?.criteria?.[field] === criteria[field]);
  // The warning that the overlay was left out says it already, and why.
  const fields = unhonoured.filter((field) => excludedFor(field).length === 0);
  if (fields.length > 0) {
    const stated = fields.map((field) => `${field}=${criteria[field]}`).join(", ");
    const same = `the recipe is the same without ${fields.length === 1 ? "it" : "them"}`;
    const message = `no overlay that applies is for ${stated}: ${same}`;
    const hint = coverageHint(catalog, criteria, fields);
    if (strict) throw new SlipwayError("NOT_FOUND", message, { hint });
    log.warn(`${message}. ${hint}`);
  }
  const [left] = unhonoured;
  if (strict && left !== undefined) throw leftOut(`${left}=${criteria[left]}`, excludedFor(left));
}

/** There are overlays for a criterion, but the cluster of the snapshot does not meet their constraints. */
function leftOut(stated: string, warnings: readonly ConstraintWarning[]): SlipwayError {
  const overlays = [...new Set(warnings.map(({ overlay }) => `"${overlay}"`))].join(", ");
  const reasons = warnings.map(({ constraint, reason }) => `${constraint} ${reason}`);
  const message = `${stated} changes nothing, because what is for it was left out: overlay ${overlays}`;
  return new SlipwayError("NOT_FOUND", message, {
    hint: `The cluster of the snapshot does not meet ${[...new Set(reasons)].join("; ")}.`,
  });
}
