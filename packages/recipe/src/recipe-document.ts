import {
  enter,
  items,
  optionalInteger,
  optionalMap,
  optionalText,
  requiredText,
  sortedTree,
  textList,
  type Cursor,
  type Tree,
  type TreeMap,
} from "@slipway/base";
import { ANY } from "./criteria.ts";
import { decodeComponent, decodeConstraint, decodeValidation, text } from "./fields.ts";
import {
  API_VERSION,
  CRITERIA_FIELDS,
  PHASES,
  type ComponentRef,
  type Constraint,
  type ConstraintWarning,
  type Criteria,
  type PhaseSpec,
  type Recipe,
  type Validation,
} from "./model.ts";

/**
 * A recipe as a document, keys in the order of release 0.11.1 of aicr. What is empty is left out, but for a component's
 * type and source, the list of components and the deployment order; criteria that a document lacks are null.
 */
export function recipeTree(recipe: Recipe): TreeMap {
  return defined({
    kind: recipe.kind,
    apiVersion: recipe.apiVersion,
    metadata: metadataTree(recipe.metadata),
    criteria: recipe.criteria === undefined ? null : (recipe.writtenCriteria ?? criteriaTree(recipe.criteria)),
    constraints: filled(recipe.constraints.map(constraintTree)),
    componentRefs: recipe.components.map(componentTree),
    deploymentOrder: recipe.deploymentOrder,
    validation: validationTree(recipe.validation),
  });
}

/** Criteria as a recipe shows them: `any` for a field that is open, nodes only where they were given. */
export function criteriaTree(criteria: Criteria): TreeMap {
  return defined({
    ...Object.fromEntries(CRITERIA_FIELDS.map((field) => [field, criteria[field] ?? ANY])),
    nodes: criteria.nodes,
  });
}

/** A component as a recipe shows it. */
export function componentTree(component: ComponentRef): TreeMap {
  const { overrides } = component;
  return defined({
    name: component.name,
    namespace: component.namespace,
    chart: component.chart,
    type: component.type ?? "",
    source: component.source ?? "",
    version: component.version,
    tag: component.tag,
    valuesFile: component.valuesFile,
    overrides: overrides === undefined || Object.keys(overrides).length === 0 ? undefined : sortedTree(overrides),
    patches: component.patches,
    dependencyRefs: component.dependencyRefs,
    manifestFiles: component.manifestFiles,
    path: component.path,
    cleanup: component.cleanup === true ? true : undefined,
    expectedResources: component.expectedResources,
    healthCheckAsserts: component.healthCheckAsserts,
  });
}

/** A constraint as a recipe shows it. */
export function constraintTree({ name, value, severity, remediation, unit }: Constraint): TreeMap {
  return defined({ name, value, severity, remediation, unit });
}

/** A constraint that left an overlay out, as a recipe shows it. */
export function warningTree({ overlay, constraint, expected, actual, reason }: ConstraintWarning): TreeMap {
  return defined({ overlay, constraint, expected, actual, reason });
}

/**
 * Reads a recipe document. Its kind is not checked, so that recipes written by hand pass.
 *
 * @throws SlipwayError INVALID_INPUT with the field for a wrong type or a component without a name
 */
export function decodeRecipe(cursor: Cursor): Recipe {
  const metadata = enter(cursor, "metadata");
  const criteria = enter(cursor, "criteria");
  optionalMap(cursor);
  return {
    kind: text(cursor, "kind") ?? "",
    apiVersion: text(cursor, "apiVersion") ?? API_VERSION,
    metadata: {
      version: text(metadata, "version"),
      appliedOverlays: textList(enter(metadata, "appliedOverlays")),
      excludedOverlays: textList(enter(metadata, "excludedOverlays")),
      constraintWarnings: items(enter(metadata, "constraintWarnings")).map(decodeWarning),
    },
    ...(optionalMap(criteria) === undefined ? {} : criteriaFields(criteria)),
    constraints: items(enter(cursor, "constraints")).map(decodeConstraint),
    components: items(enter(cursor, "componentRefs")).map(decodeComponent),
    deploymentOrder: textList(enter(cursor, "deploymentOrder")),
    validation: decodeValidation(enter(cursor, "validation")),
  };
}

/** The criteria, and how they were written where that is not how we write them. */
function criteriaFields(cursor: Cursor): Pick<Recipe, "criteria" | "writtenCriteria"> {
  const criteria = decodeCriteria(cursor);
  const given = CRITERIA_FIELDS.filter((field) => text(cursor, field) !== undefined);
  if (given.length === CRITERIA_FIELDS.length) return { criteria };
  const written = defined({
    ...Object.fromEntries(given.map((field) => [field, text(cursor, field)])),
    nodes: criteria.nodes,
  });
  return { criteria, writtenCriteria: written };
}

function decodeCriteria(cursor: Cursor): Criteria {
  const fields = CRITERIA_FIELDS.map((field) => [field, text(cursor, field)] as const);
  const nodes = optionalInteger(enter(cursor, "nodes"));
  return {
    ...Object.fromEntries(fields.filter(([, value]) => value !== undefined && value !== ANY)),
    ...(nodes === undefined || nodes === 0 ? {} : { nodes }),
  };
}

function decodeWarning(cursor: Cursor): ConstraintWarning {
  return {
    overlay: requiredText(enter(cursor, "overlay")),
    constraint: requiredText(enter(cursor, "constraint")),
    expected: optionalText(enter(cursor, "expected")) ?? "",
    actual: optionalText(enter(cursor, "actual")),
    reason: optionalText(enter(cursor, "reason")) ?? "",
  };
}

function metadataTree(metadata: Recipe["metadata"]): TreeMap {
  return defined({
    version: metadata.version,
    appliedOverlays: filled(metadata.appliedOverlays),
    excludedOverlays: filled(metadata.excludedOverlays),
    constraintWarnings: filled(metadata.constraintWarnings.map(warningTree)),
  });
}

function validationTree(validation: Validation): TreeMap | undefined {
  const phases = PHASES.flatMap((phase) => {
    const spec = validation[phase];
    return spec === undefined ? [] : [[phase, phaseTree(spec)] as const];
  });
  return phases.length === 0 ? undefined : Object.fromEntries(phases);
}

function phaseTree(phase: PhaseSpec): TreeMap {
  const { selector, maxNodes, excludeNodes } = phase.nodeSelection ?? {};
  return defined({
    timeout: phase.timeout,
    constraints: phase.constraints?.map(constraintTree),
    checks: phase.checks,
    nodeSelection:
      phase.nodeSelection === undefined
        ? undefined
        : defined({
            selector: selector && sortedTree(selector),
            maxNodes: maxNodes === 0 ? undefined : maxNodes,
            excludeNodes,
          }),
    infrastructure: phase.infrastructure,
  });
}

function defined(entries: Readonly<Record<string, Tree | undefined>>): TreeMap {
  return Object.fromEntries(Object.entries(entries).filter((entry): entry is [string, Tree] => entry[1] !== undefined));
}

function filled(list: readonly Tree[]): readonly Tree[] | undefined {
  return list.length === 0 ? undefined : list;
}
