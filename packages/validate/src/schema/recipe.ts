import {
  AICR_API,
  anyMap,
  count,
  described,
  document,
  filledText,
  flag,
  header,
  listOf,
  mapOf,
  nullable,
  record,
  text,
  textOrNumber,
  texts,
} from "./parts.ts";

const criteriaFields = {
  service: text,
  accelerator: text,
  intent: text,
  os: text,
  platform: text,
  nodes: described("number of GPU nodes", count),
} as const;

/** A rule over a measurement. */
const constraint = record(
  {
    name: described("Type.subtype.key of a snapshot", filledText),
    value: described("an operator (>= <= > < == !=) and a value, or a text", textOrNumber),
    severity: text,
    remediation: text,
    unit: text,
  },
  ["name", "value"],
);

const componentFields = {
  name: filledText,
  namespace: text,
  chart: text,
  type: text,
  source: text,
  version: textOrNumber,
  tag: textOrNumber,
  valuesFile: text,
  overrides: anyMap,
  patches: texts,
  dependencyRefs: texts,
  manifestFiles: texts,
  path: text,
  cleanup: flag,
  expectedResources: listOf(anyMap),
  healthCheckAsserts: text,
} as const;

const component = record(componentFields, ["name"]);

const phase = nullable(
  record({
    timeout: text,
    constraints: listOf(constraint),
    checks: texts,
    nodeSelection: record({ selector: mapOf(text), maxNodes: count, excludeNodes: texts }),
    infrastructure: text,
  }),
);

const validation = record({ readiness: phase, deployment: phase, performance: phase, conformance: phase });

/** A resolved recipe. */
export const recipeSchema = document(
  "RecipeResult",
  "A recipe that aicr recipe resolved",
  record(
    {
      ...header("RecipeResult", AICR_API),
      metadata: nullable(
        record({
          version: text,
          appliedOverlays: texts,
          excludedOverlays: texts,
          constraintWarnings: listOf(
            record({ overlay: text, constraint: text, expected: text, actual: text, reason: text }, [
              "overlay",
              "constraint",
              "reason",
            ]),
          ),
        }),
      ),
      criteria: nullable(record(criteriaFields)),
      constraints: listOf(constraint),
      componentRefs: listOf(component),
      deploymentOrder: texts,
      validation,
    },
    ["kind", "apiVersion", "componentRefs", "deploymentOrder"],
  ),
);

/** What a recipe is asked for. */
export const criteriaSchema = document(
  "RecipeCriteria",
  "What a recipe is asked for, as aicr recipe --criteria reads it",
  record({ ...header("RecipeCriteria", AICR_API), metadata: anyMap, spec: record(criteriaFields) }, ["spec"]),
);

/** The base or an overlay. */
export const overlaySchema = document(
  "RecipeMetadata",
  "The base or an overlay that recipes are made of",
  record(
    {
      ...header("RecipeMetadata", AICR_API),
      metadata: { ...anyMap, properties: { name: filledText }, required: ["name"] },
      spec: record({
        base: text,
        criteria: record(criteriaFields),
        constraints: listOf(constraint),
        componentRefs: listOf(component),
        validation,
      }),
    },
    ["metadata", "spec"],
  ),
);

const paths = record({ nodeSelectorPaths: texts, tolerationPaths: texts, taintStrPaths: texts, taintPaths: texts });

/** The components that recipes choose from. */
export const registrySchema = document(
  "ComponentRegistry",
  "The components that recipes choose from",
  record(
    {
      ...header("ComponentRegistry", AICR_API),
      metadata: anyMap,
      components: listOf(
        record(
          {
            name: filledText,
            displayName: text,
            valueOverrideKeys: texts,
            manifest: anyMap,
            healthCheck: record({ assertFile: text }),
            helm: record({
              defaultRepository: text,
              defaultChart: text,
              defaultVersion: textOrNumber,
              defaultNamespace: text,
            }),
            kustomize: record({ defaultSource: text, defaultPath: text, defaultTag: textOrNumber }),
            nodeScheduling: record({ nodeCountPaths: texts, system: paths, accelerated: paths }),
            podScheduling: record({ workload: record({ workloadSelectorPaths: texts }) }),
            validations: listOf(
              record({ function: text, severity: text, conditions: mapOf(texts), message: text }, ["function"]),
            ),
          },
          ["name"],
        ),
      ),
    },
    ["components"],
  ),
);
