import { didYouMean, formatPath, isTreeList, isTreeMap, locate, own, type Step, type Tree } from "@slipway/base";
import { CRITERIA_FIELDS, PHASES } from "./model.ts";

/**
 * What a part of a document may hold: "open" for anything, else keys with what stands below them; a list is as one of its
 * items.
 */
export type KnownFields = "open" | { readonly [key: string]: KnownFields };

/** A key that a document has and nothing reads. */
export interface UnknownField {
  readonly steps: readonly Step[];
  readonly known: readonly string[];
}

/** The keys of a document that are not known where they stand; what is below them is not looked at. */
export function unknownFields(
  value: Tree | undefined,
  known: KnownFields,
  steps: readonly Step[] = [],
): readonly UnknownField[] {
  if (known === "open") return [];
  if (isTreeList(value)) return value.flatMap((item, index) => unknownFields(item, known, [...steps, index]));
  if (!isTreeMap(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const below = Object.hasOwn(known, key) ? known[key] : undefined;
    const path = [...steps, key];
    return below === undefined
      ? [{ steps: path, known: Object.keys(known) }]
      : unknownFields(own(value, key), below, path);
  });
}

/**
 * An unknown key as a sentence for stderr, with the nearest known key.
 *
 * @param file the name to show
 * @param text the source, for line and column; without it they are left out
 */
export function unknownFieldText({ steps, known }: UnknownField, file: string, text?: string): string {
  const field = formatPath(steps);
  const key = String(steps.at(-1) ?? "");
  const shown = JSON.stringify(key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}...` : key);
  const hint = key.length > LONGEST_KEY ? undefined : didYouMean(key, known);
  const parent = formatPath(steps.slice(0, -1));
  const place = [`${file}${text === undefined ? "" : positionOf(text, field)}`, ...(parent === "" ? [] : [parent])];
  return `${place.join(": ")}: unknown key ${shown} is ignored${hint === undefined ? "" : `. ${hint}`}`;
}

const LONGEST_KEY = 60;

/** A key that no path can spell goes without its line. */
function positionOf(text: string, field: string): string {
  try {
    const { line, column } = locate(text, field);
    return `:${line}:${column}`;
  } catch {
    return "";
  }
}

const open = (...keys: readonly string[]): Readonly<Record<string, "open">> =>
  Object.fromEntries(keys.map((key) => [key, "open"]));

const HEADER = open("kind", "apiVersion", "metadata");
const CRITERIA = open(...CRITERIA_FIELDS, "nodes");
const CONSTRAINT = open("name", "value", "severity", "remediation", "unit");
const PHASE: KnownFields = {
  ...open("timeout", "checks", "infrastructure"),
  constraints: CONSTRAINT,
  nodeSelection: open("selector", "maxNodes", "excludeNodes"),
};
const COMPONENT = open(
  "name",
  "namespace",
  "chart",
  "type",
  "source",
  "version",
  "tag",
  "valuesFile",
  "overrides",
  "patches",
  "dependencyRefs",
  "manifestFiles",
  "path",
  "cleanup",
  "expectedResources",
  "healthCheckAsserts",
);
const SCHEDULING = open("nodeSelectorPaths", "tolerationPaths", "taintStrPaths");

/** What a RecipeMetadata document may hold. */
export const OVERLAY_FIELDS: KnownFields = {
  ...HEADER,
  spec: {
    base: "open",
    criteria: CRITERIA,
    constraints: CONSTRAINT,
    componentRefs: COMPONENT,
    validation: Object.fromEntries(PHASES.map((phase) => [phase, PHASE])),
  },
};

/** What a registry may hold. */
export const REGISTRY_FIELDS: KnownFields = {
  ...HEADER,
  components: {
    ...open("name", "displayName", "valueOverrideKeys", "manifest"),
    healthCheck: open("assertFile"),
    helm: open("defaultRepository", "defaultChart", "defaultVersion", "defaultNamespace"),
    kustomize: open("defaultSource", "defaultPath", "defaultTag"),
    nodeScheduling: { nodeCountPaths: "open", system: SCHEDULING, accelerated: SCHEDULING },
    podScheduling: { workload: open("workloadSelectorPaths") },
    validations: { ...open("function", "severity", "message"), conditions: "open" },
  },
};

/** What a RecipeCriteria document may hold. */
export const CRITERIA_DOCUMENT_FIELDS: KnownFields = { ...HEADER, spec: CRITERIA };

/** What a Snapshot document may hold. */
export const SNAPSHOT_FIELDS: KnownFields = {
  ...HEADER,
  measurements: { type: "open", subtypes: open("subtype", "data", "context") },
};

/** A file of a data directory with its unknown keys. */
export interface UnknownInFile {
  readonly file: string;
  readonly text: string;
  readonly fields: readonly UnknownField[];
}

/** How many unknown keys of a data directory are told one by one. */
const MOST_TOLD = 20;

/** The unknown keys of a data directory as sentences, in the order of the files; beyond the first they are counted. */
export function unknownFieldWarnings(files: readonly UnknownInFile[]): readonly string[] {
  const all = files.flatMap(({ file, text, fields }) => fields.map((field) => ({ file, text, field })));
  const told = all.slice(0, MOST_TOLD).map(({ file, text, field }) => unknownFieldText(field, file, text));
  const rest = all.length - told.length;
  return rest === 0 ? told : [...told, `${rest} more unknown keys of recipe data are ignored`];
}

/** The unknown keys of a document that a user named, as sentences without lines. */
export function unknownInDocument(value: Tree | undefined, known: KnownFields, file: string): readonly string[] {
  const fields = unknownFields(value, known);
  const told = fields.slice(0, MOST_TOLD).map((field) => unknownFieldText(field, file));
  const rest = fields.length - told.length;
  return rest === 0 ? told : [...told, `${file}: ${rest} more unknown keys are ignored`];
}
