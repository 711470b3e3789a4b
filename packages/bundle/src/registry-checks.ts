import { SlipwayError } from "@slipway/base";
import {
  CRITERIA_FIELDS,
  type Criteria,
  type Registry,
  type RegistryCheck,
  type RegistryComponent,
} from "@slipway/recipe";
import type { LabelSelector, Scheduling } from "./scheduling.ts";

const CHECKS: ReadonlyMap<string, { flag: string; selector(scheduling: Scheduling): LabelSelector | undefined }> =
  new Map([
    [
      "CheckWorkloadSelectorMissing",
      { flag: "--workload-selector", selector: (scheduling: Scheduling) => scheduling.workloadSelector },
    ],
    [
      "CheckAcceleratedSelectorMissing",
      { flag: "--accelerated-node-selector", selector: (scheduling: Scheduling) => scheduling.acceleratedNodeSelector },
    ],
  ]);

/**
 * Runs the checks of the registry for the components of a bundle. A check reports when the flag that it is about is not
 * given and its conditions match the criteria; unknown checks are ignored.
 *
 * @returns a sentence for each check that reports with a severity other than `error`
 * @throws SlipwayError INVALID_INPUT for one that reports with `error`
 */
export function registryWarnings(
  registry: Registry,
  components: readonly string[],
  criteria: Criteria | undefined,
  scheduling: Scheduling,
): readonly string[] {
  const names = new Set(components);
  return registry
    .filter((component) => names.has(component.name))
    .flatMap((component) => component.checks.flatMap((check) => report(component, check, criteria, scheduling)));
}

function report(
  component: RegistryComponent,
  check: RegistryCheck,
  criteria: Criteria | undefined,
  scheduling: Scheduling,
): readonly string[] {
  const known = CHECKS.get(check.function);
  if (known === undefined || criteria === undefined || !matches(check, criteria)) return [];
  const selector = known.selector(scheduling);
  if (selector !== undefined && Object.keys(selector).length > 0) return [];
  const sentence = [`${component.name}: ${known.flag} is not given`, check.message]
    .filter((part) => part !== "")
    .join(". ");
  if (check.severity !== "error") return [sentence];
  throw new SlipwayError("INVALID_INPUT", sentence, { hint: `Give ${known.flag} key=value.` });
}

/** A criterion that is not stated matches every list. */
function matches(check: RegistryCheck, criteria: Criteria): boolean {
  return CRITERIA_FIELDS.every((field) => {
    const legal = check.conditions[field];
    const stated = criteria[field];
    return legal === undefined || stated === undefined || legal.includes(stated);
  });
}
