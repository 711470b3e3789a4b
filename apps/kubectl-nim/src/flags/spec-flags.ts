import { RESOURCES, type Resource } from "@slipway/kube";
import { NIM_RESOURCES } from "@slipway/serving";
import type { FieldSource, Given, SpecField } from "@slipway/serving/spec";
import { listFlag, textFlag, type Completion, type Flag } from "@slipway/terminal";
import { completeNames } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";

const SOURCES: Readonly<Record<FieldSource, Resource>> = {
  nimCaches: NIM_RESOURCES.nimCaches,
  persistentVolumeClaims: RESOURCES.persistentVolumeClaims,
  runtimeClasses: RESOURCES.runtimeClasses,
  secrets: RESOURCES.secrets,
  storageClasses: RESOURCES.storageClasses,
};

/** A flag for each field of a table, in its order; each gives the texts that it was given, for the table's own checks. */
export function specFlags(deps: NimDeps, fields: readonly SpecField[]): readonly Flag<readonly string[]>[] {
  return fields.map((field) => specFlag(deps, field));
}

/** What was given for each field, by flag. */
export function givenValues(
  fields: readonly SpecField[],
  read: <Value>(flag: Flag<Value>) => Value,
  flags: readonly Flag<readonly string[]>[],
): Given {
  const known = new Set(fields.map(({ flag }) => flag));
  return Object.fromEntries(
    flags
      .filter(({ name }) => known.has(name))
      .flatMap((flag) => (read(flag).length === 0 ? [] : [[flag.name, read(flag)]])),
  );
}

function specFlag(deps: NimDeps, field: SpecField): Flag<readonly string[]> {
  const { flag, aliases = [], help, group, placeholder, hidden = false, choices = [], fallback, type } = field;
  const options = { summary: help, group, aliases, hidden, completion: completionOf(deps, field) };
  const isMany = type === "list" || type === "entries";
  const base = isMany
    ? listFlag(flag, { ...options, placeholder, split: false })
    : textFlag(flag, { ...options, placeholder, repeat: "last" });
  return {
    ...base,
    ...(type === "switch" ? { placeholder: undefined } : {}),
    choices,
    defaultText: fallback === "false" ? undefined : fallback,
    decode: (given) => given.map(({ text }) => text),
  };
}

function completionOf(deps: NimDeps, { source, choices, type }: SpecField): Completion {
  if (source !== undefined) return completeNames(deps, SOURCES[source]);
  if (choices !== undefined) return "none";
  return type === "boolean" ? async () => ["true", "false"].map((value) => ({ value })) : "none";
}
