import { didYouMean } from "@slipway/base";
import type { ComponentRef, Registry } from "./model.ts";
import { overrideText, type ValueOverride } from "./value-override.ts";

/** The overrides that count for a component. */
export interface ComponentOverrides {
  readonly overrides: readonly ValueOverride[];
  /** Overrides that another name of the component hides, as sentences for stderr. */
  readonly warnings: readonly string[];
}

/**
 * The overrides of a component. Only one of its names counts: its own when that was given, else the first of the
 * registry's `valueOverrideKeys` that was (release 0.11.1 of aicr); names are compared with case.
 *
 * @param overrides all that were given, in order
 */
export function overridesFor(
  component: string,
  registry: Registry,
  overrides: readonly ValueOverride[],
): ComponentOverrides {
  const names = namesOf(component, registry);
  const given = names.filter((name) => overrides.some(({ key }) => key === name));
  const [counts, ...hidden] = given;
  return {
    overrides: overrides.filter(({ key }) => key === counts),
    warnings: overrides
      .filter(({ key }) => hidden.includes(key))
      .map((override) => `${overrideText(override)} is ignored: "${counts}" sets values of ${component} too, and wins`),
  };
}

/** Overrides whose key is no component of the recipe, as sentences for stderr. They change nothing. */
export function unknownOverrideKeys(
  components: readonly Pick<ComponentRef, "name">[],
  registry: Registry,
  overrides: readonly ValueOverride[],
): readonly string[] {
  const known = new Set(components.flatMap(({ name }) => namesOf(name, registry)));
  const elsewhere = new Set(registry.flatMap(({ name }) => namesOf(name, registry)));
  return overrides
    .filter(({ key }) => !known.has(key))
    .map((override) => {
      if (elsewhere.has(override.key)) {
        return `${overrideText(override)} is ignored: the recipe does not have "${override.key}"`;
      }
      const hint = didYouMean(override.key, known);
      const sentence = `${overrideText(override)} is ignored: there is no component "${override.key}"`;
      return hint === undefined ? sentence : `${sentence}. ${hint}`;
    });
}

/** Whether a component is part of a bundle. */
export interface Enabled {
  readonly enabled: boolean;
  /** The switch that decided; absent where the recipe did. */
  readonly decidedBy?: ValueOverride | undefined;
  /** Switches that are neither true nor false, as sentences for stderr. */
  readonly warnings: readonly string[];
}

/**
 * Whether a component is wanted: what `--set NAME:enabled=…` says (the last one, as Go's ParseBool reads it), else not
 * when its `overrides` have `enabled: false`. Another value counts for nothing and is warned of.
 */
export function enabledOf(component: ComponentRef, registry: Registry, overrides: readonly ValueOverride[]): Enabled {
  const switches = overridesFor(component.name, registry, overrides).overrides.filter(isEnabledSwitch);
  const last = switches.findLast(({ text }) => PARSE_BOOL.has(text));
  return {
    enabled: last === undefined ? component.overrides?.["enabled"] !== false : PARSE_BOOL.get(last.text) === true,
    ...(last === undefined ? {} : { decidedBy: last }),
    warnings: switches
      .filter(({ text }) => !PARSE_BOOL.has(text))
      .map((override) => `${overrideText(override)} is ignored: expected true or false`),
  };
}

/** Whether an override turns its component on or off, instead of setting a value. */
export function isEnabledSwitch({ steps }: ValueOverride): boolean {
  return steps.length === 1 && steps[0] === "enabled";
}

/** The texts that Go's strconv.ParseBool reads. */
const PARSE_BOOL: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text): readonly [string, boolean] => [text, true]),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text): readonly [string, boolean] => [text, false]),
]);

function namesOf(component: string, registry: Registry): readonly string[] {
  const entry = registry.find(({ name }) => name === component);
  return [component, ...(entry?.valueOverrideKeys ?? [])];
}
