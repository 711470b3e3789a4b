export * from "./model.ts";

// Data, criteria, resolving, documents
export { loadCatalog, type DataLayer } from "./catalog.ts";
export { compileCatalog, compiledLayer, type CompiledCatalog } from "./compiled.ts";
export { coverage, coverageHint, nearestCovered, type CoverageRow } from "./coverage.ts";
export {
  ANY,
  CRITERIA_VALUES,
  criteriaText,
  decodeCriteriaDocument,
  knownCriteriaValues,
  overrideCriteria,
  readCriteria,
  type RawCriteria,
} from "./criteria.ts";
export { DIRECTORY_LIMITS, openDataDirectory } from "./data-directory.ts";
export { deploymentOrder } from "./deployment-order.ts";
export { mergeComponent, mergeOverlays, type MergedOverlays } from "./merge-overlay.ts";
export { decodeOverlay } from "./overlay-file.ts";
export {
  componentTree,
  constraintTree,
  criteriaTree,
  decodeRecipe,
  recipeTree,
  warningTree,
} from "./recipe-document.ts";
export { recipeTable } from "./recipe-table.ts";
export { CRITERIA_DOCUMENT_FIELDS, SNAPSHOT_FIELDS, unknownInDocument } from "./unknown-fields.ts";
export { withRegistryDefaults } from "./registry-defaults.ts";
export { decodeRegistry } from "./registry-file.ts";
export { resolve, type Resolution, type ResolveOptions } from "./resolve.ts";

// Values, query, explain, constraints
export { applyOverrides, type OverriddenValues } from "./apply-overrides.ts";
export { componentValues, valuesLayers, type ValuesFile, type ValuesLayer } from "./component-values.ts";
export { evaluateConstraint, type ConstraintOutcome, type Lookup } from "./constraint.ts";
export { explanationText, explanationTree } from "./explain-output.ts";
export { EXPLAIN_LIMIT, explain, type Explanation, type ExplainStep, type LeafExplanation } from "./explain.ts";
export { hydrate, type HydrateOptions } from "./hydrate.ts";
export type { Layer } from "./layer-history.ts";
export {
  enabledOf,
  overridesFor,
  unknownOverrideKeys,
  type ComponentOverrides,
  type Enabled,
} from "./override-source.ts";
export { queryText, type QueryFormat } from "./query-output.ts";
export { query } from "./query.ts";
export { select } from "./select.ts";
export { criteriaFromSnapshot, type MeasuredSnapshot, type SnapshotCriteria } from "./snapshot-criteria.ts";
export { overrideWarnings, switchComponents, type SwitchedRecipe } from "./switched-components.ts";
export {
  overrideText,
  parseSet,
  parseSetFile,
  parseSetJson,
  setFileName,
  type OverrideFlag,
  type ValueOverride,
} from "./value-override.ts";
