import {
  enter,
  entries,
  items,
  optionalBoolean,
  optionalInteger,
  optionalMap,
  optionalText,
  requiredText,
  textList,
  type Cursor,
  type TreeMap,
} from "@slipway/base";
import {
  PHASES,
  type ComponentRef,
  type Constraint,
  type NodeSelection,
  type Phase,
  type PhaseSpec,
  type Validation,
} from "./model.ts";

/** A component of an overlay or a recipe. Throws INVALID_INPUT for a wrong type or a missing name. */
export function decodeComponent(cursor: Cursor): ComponentRef {
  return {
    name: requiredText(enter(cursor, "name")),
    namespace: text(cursor, "namespace"),
    chart: text(cursor, "chart"),
    type: text(cursor, "type"),
    source: text(cursor, "source"),
    version: text(cursor, "version"),
    tag: text(cursor, "tag"),
    valuesFile: text(cursor, "valuesFile"),
    overrides: optionalMap(enter(cursor, "overrides")),
    patches: texts(cursor, "patches"),
    dependencyRefs: texts(cursor, "dependencyRefs"),
    manifestFiles: texts(cursor, "manifestFiles"),
    path: text(cursor, "path"),
    cleanup: optionalBoolean(enter(cursor, "cleanup")),
    expectedResources: filled(items(enter(cursor, "expectedResources")).map(mapOf)),
    healthCheckAsserts: text(cursor, "healthCheckAsserts"),
  };
}

/** A constraint; a missing name or value is an empty text, which no snapshot meets. */
export function decodeConstraint(cursor: Cursor): Constraint {
  return {
    name: optionalText(enter(cursor, "name")) ?? "",
    value: optionalText(enter(cursor, "value")) ?? "",
    severity: text(cursor, "severity"),
    remediation: text(cursor, "remediation"),
    unit: text(cursor, "unit"),
  };
}

/** The phases that are there and not null. */
export function decodeValidation(cursor: Cursor): Validation {
  const phases = PHASES.map((phase): readonly [Phase, Cursor] => [phase, enter(cursor, phase)]);
  const given = phases.filter(([, at]) => optionalMap(at) !== undefined);
  return Object.fromEntries(given.map(([phase, at]) => [phase, decodePhase(at)]));
}

/** A text field; empty counts as absent. */
export function text(cursor: Cursor, key: string): string | undefined {
  const found = optionalText(enter(cursor, key));
  return found === "" ? undefined : found;
}

/** A list of texts; empty counts as absent. */
function texts(cursor: Cursor, key: string): readonly string[] | undefined {
  return filled(textList(enter(cursor, key)));
}

function decodePhase(cursor: Cursor): PhaseSpec {
  const selection = enter(cursor, "nodeSelection");
  return {
    timeout: text(cursor, "timeout"),
    constraints: filled(items(enter(cursor, "constraints")).map(decodeConstraint)),
    checks: texts(cursor, "checks"),
    nodeSelection: optionalMap(selection) === undefined ? undefined : decodeSelection(selection),
    infrastructure: text(cursor, "infrastructure"),
  };
}

function decodeSelection(cursor: Cursor): NodeSelection {
  const selector = entries(enter(cursor, "selector")).map(([key, at]) => [key, optionalText(at) ?? ""] as const);
  return {
    selector: selector.length === 0 ? undefined : Object.fromEntries(selector),
    maxNodes: optionalInteger(enter(cursor, "maxNodes")),
    excludeNodes: texts(cursor, "excludeNodes"),
  };
}

function mapOf(cursor: Cursor): TreeMap {
  return optionalMap(cursor) ?? {};
}

function filled<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list;
}
