import { enter, items, optionalMap, requiredText, textList, type Cursor } from "@slipway/base";
import { decodeFile } from "./decode-file.ts";
import { text } from "./fields.ts";
import {
  CRITERIA_FIELDS,
  type CriteriaField,
  type Registry,
  type RegistryCheck,
  type RegistryComponent,
  type SchedulingPaths,
} from "./model.ts";
import { REGISTRY_FIELDS, unknownFields, type UnknownField } from "./unknown-fields.ts";

/**
 * Reads a component registry (`registry.yaml`). Unknown fields change nothing, but are told; of two entries with one name
 * the later one counts, in the place of the first.
 *
 * @throws SlipwayError INVALID_INPUT with file, line and column for bad YAML, a field of a wrong type, a missing name
 */
export function readRegistry(
  source: string,
  file: string,
): { readonly registry: Registry; readonly unknown: readonly UnknownField[] } {
  return decodeFile(source, file, (cursor) => ({
    registry: mergeRegistries([], items(enter(cursor, "components")).map(decodeEntry)),
    unknown: unknownFields(cursor.value, REGISTRY_FIELDS),
  }));
}

/** The registry alone. Otherwise as {@link readRegistry}. */
export function decodeRegistry(source: string, file: string): Registry {
  return readRegistry(source, file).registry;
}

/** Lays one registry over another: an entry replaces the one of its name in its place, new ones follow. */
export function mergeRegistries(under: Registry, over: Registry): Registry {
  const merged = new Map(under.map((entry) => [entry.name, entry]));
  for (const entry of over) merged.set(entry.name, entry);
  return [...merged.values()];
}

function decodeEntry(cursor: Cursor): RegistryComponent {
  const name = requiredText(enter(cursor, "name"));
  const scheduling = enter(cursor, "nodeScheduling");
  const workload = enter(enter(cursor, "podScheduling"), "workload");
  return {
    name,
    displayName: text(cursor, "displayName") ?? name,
    valueOverrideKeys: textList(enter(cursor, "valueOverrideKeys")),
    healthCheckFile: text(enter(cursor, "healthCheck"), "assertFile"),
    ...packaging(cursor),
    nodeCountPaths: textList(enter(scheduling, "nodeCountPaths")),
    system: decodePaths(enter(scheduling, "system")),
    accelerated: decodePaths(enter(scheduling, "accelerated")),
    workloadSelectorPaths: textList(enter(workload, "workloadSelectorPaths")),
    checks: items(enter(cursor, "validations")).map(decodeCheck),
  };
}

function packaging(cursor: Cursor): Pick<RegistryComponent, "helm" | "kustomize"> {
  const helm = enter(cursor, "helm");
  const kustomize = enter(cursor, "kustomize");
  return {
    helm: {
      repository: text(helm, "defaultRepository"),
      chart: text(helm, "defaultChart"),
      version: text(helm, "defaultVersion"),
      namespace: text(helm, "defaultNamespace"),
    },
    kustomize: {
      source: text(kustomize, "defaultSource"),
      path: text(kustomize, "defaultPath"),
      tag: text(kustomize, "defaultTag"),
    },
  };
}

function decodePaths(cursor: Cursor): SchedulingPaths {
  return {
    nodeSelectorPaths: textList(enter(cursor, "nodeSelectorPaths")),
    tolerationPaths: textList(enter(cursor, "tolerationPaths")),
    taintStrPaths: textList(enter(cursor, "taintStrPaths")),
  };
}

function decodeCheck(cursor: Cursor): RegistryCheck {
  const conditions = enter(cursor, "conditions");
  const known = CRITERIA_FIELDS.filter((field) => optionalMap(conditions)?.[field] !== undefined);
  return {
    function: text(cursor, "function") ?? "",
    severity: text(cursor, "severity") ?? "",
    conditions: Object.fromEntries(
      known.map((field): readonly [CriteriaField, readonly string[]] => [field, textList(enter(conditions, field))]),
    ),
    message: text(cursor, "message") ?? "",
  };
}
