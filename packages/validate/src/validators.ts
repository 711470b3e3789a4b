import {
  SlipwayError,
  cursorOf,
  didYouMean,
  enter,
  items,
  locate,
  optionalBoolean,
  optionalText,
  parseDuration,
  parseYaml,
  parseYamlAsText,
  requiredText,
  textList,
  type Cursor,
} from "@slipway/base";
import { PHASES, type Phase } from "@slipway/recipe";
import { isCheckName, CHECK_NAMES, type CheckName } from "./check-names.ts";
import type { Remediation } from "./remediation.ts";

/** What a check is: where it belongs, and what tells whether it holds. */
export interface Validator {
  readonly name: string;
  readonly phase: Phase;
  readonly description: string;
  /** A check of ours that looks through the API; it counts before the image. */
  readonly check?: CheckName | undefined;
  /** A container that runs as a Job and ends with 0 passed, 1 failed, 2 skipped. */
  readonly image?: string | undefined;
  readonly args: readonly string[];
  readonly env: readonly EnvironmentVariable[];
  readonly timeoutMs: number;
  /** What the container may use: amounts as Kubernetes writes them. */
  readonly resources: { readonly cpu: string; readonly memory: string };
  /** What the container may do in the cluster; absent: it is not known. */
  readonly permissions?: readonly Permission[] | undefined;
  /** Of these the recipe must have one, else there is nothing to check. */
  readonly components: readonly string[];
  /** Whether it runs for every recipe, named by it or not. */
  readonly always: boolean;
  /** What to do when it fails. */
  readonly remediation?: string | undefined;
}

/** A variable of a container. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
}

/** A rule of a Role (PolicyRule of the Kubernetes API). */
export interface Permission {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** A ValidatorCatalog document. */
export interface ValidatorCatalog {
  readonly validators: readonly Validator[];
  readonly remediations: readonly Remediation[];
}

/** The path of the document in recipe data. */
export const VALIDATOR_CATALOG_FILE = "validators/catalog.yaml";

/** What a container gets that does not say what it needs (release 0.11.1 of aicr). */
const DEFAULT_RESOURCES = { cpu: "1", memory: "1Gi" } as const;
const DEFAULT_TIMEOUT_MS = 5 * 60_000;

/** Where recipe data is read from; a `DataLayer` of the recipe room is one. */
export interface ValidatorSource {
  readonly name: string;
  text(path: string): Promise<string | undefined>;
}

/**
 * Reads the checks of recipe data: of two with one name and phase that of the later layer counts, in its place; new ones
 * follow. Remediations of the later layer come first.
 *
 * @param layers the lowest first; one without the file has no checks
 * @throws SlipwayError INVALID_INPUT with file, line and column for a document that does not decode
 */
export async function loadValidatorCatalog(layers: readonly ValidatorSource[]): Promise<ValidatorCatalog> {
  let merged: ValidatorCatalog = { validators: [], remediations: [] };
  for (const layer of layers) {
    const text = await layer.text(VALIDATOR_CATALOG_FILE);
    if (text === undefined) continue;
    merged = mergeCatalogs(merged, parseValidatorCatalog(text, `${layer.name}/${VALIDATOR_CATALOG_FILE}`));
  }
  return merged;
}

function mergeCatalogs(lower: ValidatorCatalog, upper: ValidatorCatalog): ValidatorCatalog {
  const merged = new Map(lower.validators.map((validator) => [validator.name, validator]));
  for (const validator of upper.validators) merged.set(validator.name, validator);
  return { validators: [...merged.values()], remediations: [...upper.remediations, ...lower.remediations] };
}

/** Reads a ValidatorCatalog document. Errors as {@link loadValidatorCatalog}. */
export function parseValidatorCatalog(text: string, file: string): ValidatorCatalog {
  const value = parseYaml(text, file);
  try {
    return decodeValidatorCatalog(cursorOf(value, () => parseYamlAsText(text, file)));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw error.at({ file, ...(error.place?.field === undefined ? {} : locate(text, error.place.field)) });
  }
}

/** Takes a ValidatorCatalog document apart. Unknown fields are ignored, as the format's other readers do. */
export function decodeValidatorCatalog(cursor: Cursor): ValidatorCatalog {
  const kind = optionalText(enter(cursor, "kind"));
  if (kind !== undefined && kind !== "ValidatorCatalog") {
    throw new SlipwayError("INVALID_INPUT", `expected a ValidatorCatalog, found a document of kind "${kind}"`, {
      place: { field: "kind" },
    });
  }
  const seen = new Set<string>();
  const validators = items(enter(cursor, "validators")).map((item) => {
    const validator = decodeValidator(item);
    if (seen.has(validator.name)) throw invalid(enter(item, "name"), `the check "${validator.name}" is there twice`);
    seen.add(validator.name);
    return validator;
  });
  return { validators, remediations: items(enter(cursor, "remediations")).map(decodeRemediation) };
}

function decodeRemediation(cursor: Cursor): Remediation {
  return { match: requiredText(enter(cursor, "match")), text: requiredText(enter(cursor, "text")) };
}

function decodeValidator(cursor: Cursor): Validator {
  const name = requiredText(enter(cursor, "name"));
  if (!/^[a-z\d]([-a-z\d]*[a-z\d])?$/.test(name) || name.length > 40)
    throw invalid(enter(cursor, "name"), `"${name}" cannot name a Job: at most 40 of a-z, 0-9 and -`);
  const check = decodeCheck(enter(cursor, "check"));
  const image = optionalText(enter(cursor, "image"));
  if (check === undefined && (image === undefined || image === ""))
    throw invalid(cursor, `the check "${name}" has neither an image nor a check: nothing would run`);
  const resources = enter(cursor, "resources");
  return {
    name,
    phase: decodePhase(enter(cursor, "phase")),
    description: optionalText(enter(cursor, "description")) ?? "",
    check,
    image: image === "" ? undefined : image,
    args: textList(enter(cursor, "args")),
    env: items(enter(cursor, "env")).map((item) => ({
      name: requiredText(enter(item, "name")),
      value: optionalText(enter(item, "value")) ?? "",
    })),
    timeoutMs: decodeTimeout(enter(cursor, "timeout")),
    resources: {
      cpu: optionalText(enter(resources, "cpu")) ?? DEFAULT_RESOURCES.cpu,
      memory: optionalText(enter(resources, "memory")) ?? DEFAULT_RESOURCES.memory,
    },
    permissions: decodePermissions(enter(cursor, "permissions")),
    components: textList(enter(cursor, "components")),
    always: optionalBoolean(enter(cursor, "always")) ?? false,
    remediation: optionalText(enter(cursor, "remediation")),
  };
}

function decodePhase(cursor: Cursor): Phase {
  const text = requiredText(cursor);
  const phase = PHASES.find((candidate) => candidate === text);
  if (phase !== undefined) return phase;
  throw invalid(cursor, `"${text}" is no phase: ${PHASES.join(", ")}`, didYouMean(text, PHASES));
}

function decodeCheck(cursor: Cursor): CheckName | undefined {
  const text = optionalText(cursor);
  if (text === undefined || text === "") return undefined;
  if (isCheckName(text)) return text;
  const hint = didYouMean(text, CHECK_NAMES) ?? `There are: ${CHECK_NAMES.join(", ")}.`;
  throw invalid(cursor, `there is no check "${text}" in this build`, hint);
}

function decodeTimeout(cursor: Cursor): number {
  const text = optionalText(cursor);
  if (text === undefined || text === "") return DEFAULT_TIMEOUT_MS;
  const value = parseDuration(text);
  if (value === undefined || value < 1000)
    throw invalid(cursor, `expected a duration of at least a second, such as 90s or 5m, found "${text}"`);
  return value;
}

function decodePermissions(cursor: Cursor): readonly Permission[] | undefined {
  if (cursor.value === undefined || cursor.value === null) return undefined;
  return items(cursor).map((item) => ({
    apiGroups: textList(enter(item, "apiGroups")),
    resources: textList(enter(item, "resources")),
    verbs: textList(enter(item, "verbs")),
  }));
}

function invalid(cursor: Cursor, message: string, hint?: string): SlipwayError {
  return new SlipwayError("INVALID_INPUT", message, { place: { field: cursor.field }, hint });
}
