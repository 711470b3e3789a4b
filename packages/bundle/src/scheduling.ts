import { SlipwayError, isForbiddenKey, isTreeMap, own, type Tree, type TreeMap } from "@slipway/base";
import type { RegistryComponent, SchedulingPaths } from "@slipway/recipe";
import { taintText, type Taint } from "./scheduling-flags.ts";

/** A toleration as Kubernetes writes it; empty fields are left out. */
export interface Toleration {
  readonly key?: string | undefined;
  readonly operator: "Equal" | "Exists";
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
}

/** Labels that a node or a pod must have. */
export type LabelSelector = Readonly<Record<string, string>>;

/** Where the parts of all components shall run. */
export interface Scheduling {
  readonly systemNodeSelector?: LabelSelector | undefined;
  /** Absent or empty: everything is tolerated. */
  readonly systemTolerations?: readonly Toleration[] | undefined;
  readonly acceleratedNodeSelector?: LabelSelector | undefined;
  /** Absent or empty: everything is tolerated. */
  readonly acceleratedTolerations?: readonly Toleration[] | undefined;
  readonly workloadSelector?: LabelSelector | undefined;
  readonly workloadGate?: Taint | undefined;
  /** Expected number of GPU nodes; 0 counts as absent. */
  readonly nodes?: number | undefined;
}

/**
 * Writes scheduling into the values of a component, at the paths that the registry names for it. System comes first, so
 * a path that both have gets what accelerated nodes need. A selector is only written when it is given; tolerations are
 * always written: without a flag a component tolerates everything, as in release 0.11.1 of aicr.
 *
 * @returns new values; those that were given are left as they are
 * @throws SlipwayError INVALID_INPUT for a path of the registry with a key that no document may use
 */
export function applyScheduling(values: TreeMap, component: RegistryComponent, scheduling: Scheduling): TreeMap {
  const gate = scheduling.workloadGate;
  return written(values, component.name, [
    ...nodeEntries(component.system, scheduling.systemNodeSelector, scheduling.systemTolerations),
    ...nodeEntries(component.accelerated, scheduling.acceleratedNodeSelector, scheduling.acceleratedTolerations),
    ...at(gate === undefined ? [] : component.accelerated.taintStrPaths, gate === undefined ? "" : taintText(gate)),
    ...selectorEntries(component.workloadSelectorPaths, scheduling.workloadSelector),
    ...at((scheduling.nodes ?? 0) > 0 ? component.nodeCountPaths : [], scheduling.nodes ?? 0),
  ]);
}

type Entry = readonly [path: string, value: Tree];

function nodeEntries(
  paths: SchedulingPaths,
  selector: LabelSelector | undefined,
  tolerations: readonly Toleration[] | undefined,
): readonly Entry[] {
  return [
    ...selectorEntries(paths.nodeSelectorPaths, selector),
    ...at(paths.tolerationPaths, tolerationList(tolerations)),
  ];
}

function selectorEntries(paths: readonly string[], selector: LabelSelector | undefined): readonly Entry[] {
  return selector === undefined || Object.keys(selector).length === 0 ? [] : at(paths, selector);
}

function at(paths: readonly string[], value: Tree): readonly Entry[] {
  return paths.map((path): Entry => [path, value]);
}

function tolerationList(tolerations: readonly Toleration[] = []): Tree {
  if (tolerations.length === 0) return [{ operator: "Exists" }];
  return tolerations.map(({ key, operator, value, effect }) =>
    Object.fromEntries(
      Object.entries({ key, operator, value, effect }).flatMap(([name, text]) =>
        text === undefined || text === "" ? [] : [[name, text]],
      ),
    ),
  );
}

function written(values: TreeMap, component: string, entries: readonly Entry[]): TreeMap {
  return entries.reduce((current, [path, value]) => {
    const keys = path.split(".");
    const forbidden = keys.find(isForbiddenKey);
    if (forbidden !== undefined)
      throw new SlipwayError("INVALID_INPUT", `the key "${forbidden}" is not allowed in a path of the registry`, {
        place: { field: `${component}: ${path}` },
      });
    return withPath(current, keys, value);
  }, values);
}

/** A copy with a value set at a path; whatever stands in the way of a step and is not a map gives way. */
function withPath(map: TreeMap, [key = "", ...rest]: readonly string[], value: Tree): TreeMap {
  if (rest.length === 0) return { ...map, [key]: value };
  const child = own(map, key);
  return { ...map, [key]: withPath(isTreeMap(child) ? child : {}, rest, value) };
}
