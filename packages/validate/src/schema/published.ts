import { SlipwayError, didYouMean, isTreeMap, own, type Tree } from "@slipway/base";
import type { Schema } from "./parts.ts";
import { criteriaSchema, overlaySchema, recipeSchema, registrySchema } from "./recipe.ts";
import { fleetSchema, snapshotSchema } from "./snapshot.ts";
import { policySchema, reportSchema, validatorsSchema } from "./validation.ts";

/** The edition of the schemas. */
export const SCHEMA_VERSION = "v1";

/** The schemas that are published, by the kind of the document. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Snapshot: snapshotSchema,
  FleetSnapshot: fleetSchema,
  RecipeResult: recipeSchema,
  RecipeCriteria: criteriaSchema,
  RecipeMetadata: overlaySchema,
  ComponentRegistry: registrySchema,
  ValidatorCatalog: validatorsSchema,
  ValidationPolicy: policySchema,
  CtrfReport: reportSchema,
};

/** A schema and the kind that it is of. */
export interface PublishedSchema {
  readonly kind: string;
  readonly schema: Schema;
}

/**
 * The schema of a kind.
 *
 * @throws SlipwayError NOT_FOUND with the nearest kind
 */
export function schemaOf(kind: string): PublishedSchema {
  const found = Object.entries(SCHEMAS).find(([name]) => name.toLowerCase() === kind.toLowerCase());
  if (found !== undefined) return { kind: found[0], schema: found[1] };
  const kinds = Object.keys(SCHEMAS);
  throw new SlipwayError("NOT_FOUND", `there is no schema "${kind}"`, {
    hint: didYouMean(kind, kinds) ?? `There are: ${kinds.join(", ")}.`,
  });
}

/**
 * The schema that a document says it keeps to.
 *
 * @throws SlipwayError INVALID_INPUT for one that does not say its kind
 */
export function schemaOfDocument(value: Tree): PublishedSchema {
  const kind = isTreeMap(value) ? own(value, "kind") : undefined;
  if (typeof kind === "string") return schemaOf(kind);
  if (isTreeMap(value) && own(value, "reportFormat") === "CTRF") return schemaOf("CtrfReport");
  throw new SlipwayError("INVALID_INPUT", "the document does not say its kind, so that no schema can be chosen", {
    place: { field: "kind" },
    hint: `Name the schema: --schema KIND, one of ${Object.keys(SCHEMAS).join(", ")}.`,
  });
}
