import { SlipwayError, didYouMean, mapAt, own, textAt, valueAt, type TreeMap } from "@slipway/base";
import { isSubdomainName } from "@slipway/kube";
import { eitherOf, type FieldSource, type FieldType, type Given, type Problem, type SpecField } from "./field.ts";
import { isPositiveQuantity, isTinyQuantity, nearestQuantity } from "./quantity.ts";

/** Text that stands for true or false in Go's flags. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(["1", "t", "T", "true", "True", "TRUE"].map((text) => [text, true])),
  ...Object.fromEntries(["0", "f", "F", "false", "False", "FALSE"].map((text) => [text, false])),
};

/** What a text means as true or false; nothing for another text. */
export function booleanOf(text: string): boolean | undefined {
  return Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined;
}

/** What is wrong with the given values, each seen by itself, in the order of the fields. Empty texts count as not given. */
export function valueProblems(fields: readonly SpecField[], given: Given): readonly Problem[] {
  return fields.flatMap((field) =>
    textsOf(field, given).flatMap((text) => valueProblem(field, text) ?? controlProblem(field, text) ?? []),
  );
}

/**
 * Refuses an object of a file that says something a flag would not take, or asks for a volume that cannot be.
 *
 * @throws SlipwayError INVALID_INPUT, naming field and flag
 */
export function checkFileValues(fields: readonly SpecField[], file: TreeMap): void {
  for (const field of fields) {
    // Other paths have steps that a value itself names.
    if (!/^[a-zA-Z.]+$/.test(field.field)) continue;
    const value = valueAt(file, ...field.field.split("."));
    if (value === undefined || value === null || value === "" || typeof value === "object") continue;
    const problem = valueProblem(field, String(value));
    if (problem === undefined) continue;
    throw new SlipwayError("INVALID_INPUT", problem.message, { hint: problem.hint, place: { field: field.field } });
  }
  checkClaim(mapAt(file, "spec", "storage"));
}

function checkClaim(storage: TreeMap): void {
  if (own(storage, "pvc") === undefined) return;
  const isNew = valueAt(storage, "pvc", "create") === true;
  const key = isNew ? "size" : "name";
  const value = textAt(storage, "pvc", key);
  if (value !== "") return;
  const field = `spec.storage.pvc.${key}`;
  const message = isNew ? "a new volume needs a size, such as 50Gi" : "a volume that is there needs its name";
  throw new SlipwayError("INVALID_INPUT", message, { place: { field } });
}

/** What is wrong with one value of a field; nothing when it will do. */
export function valueProblem(field: SpecField, text: string): Problem | undefined {
  return text === field.unset ? undefined : CHECKS[field.type](field, text);
}

/** The texts that were given for a field, lists taken apart at their commas. */
export function textsOf(field: SpecField, given: Given): readonly string[] {
  const texts = given[field.flag] ?? [];
  const parts = field.type === "list" ? texts.flatMap((text) => text.split(",")) : texts;
  return parts.map((text) => (field.type === "entries" ? text : text.trim())).filter((text) => text !== "");
}

const CHECKS: Readonly<Record<FieldType, (field: SpecField, text: string) => Problem | undefined>> = {
  text: () => undefined,
  entries: () => undefined,
  list: (field, text) => (field.source === undefined ? undefined : nameProblem(field, text)),
  name: nameProblem,
  choice: choiceProblem,
  quantity: quantityProblem,
  port: (field, text) => numberProblem(field, text, "a port", 1, 65_535),
  count: (field, text) => numberProblem(field, text, "a whole number", field.least ?? 0, MOST_COUNT),
  boolean: (field, text) =>
    booleanOf(text) === undefined ? { message: `--${field.flag} takes true or false, not "${text}"` } : undefined,
  switch: (field, text) =>
    booleanOf(text) === undefined ? { message: `--${field.flag} takes true or false, not "${text}"` } : undefined,
};

/** Most that an int32 of the API holds. */
const MOST_COUNT = 2_147_483_647;

const NAMED: Readonly<Record<FieldSource, string>> = {
  nimCaches: "NIMCache",
  persistentVolumeClaims: "PersistentVolumeClaim",
  runtimeClasses: "RuntimeClass",
  secrets: "Secret",
  storageClasses: "StorageClass",
};

function nameProblem({ flag, source }: SpecField, text: string): Problem | undefined {
  if (isSubdomainName(text)) return undefined;
  const better = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  return {
    message: `--${flag} takes the name of a ${source === undefined ? "object" : NAMED[source]}, not "${text}"`,
    hint: isSubdomainName(better)
      ? `Did you mean "${better}"?`
      : "Names are lower-case letters, digits, - and ., with a letter or digit at both ends.",
  };
}

function choiceProblem({ flag, choices = [], anyCase = false }: SpecField, text: string): Problem | undefined {
  const wanted = anyCase ? text.toLowerCase() : text;
  if (choices.includes(wanted)) return undefined;
  const meant = choices.find((choice) => choice === SHORT_FORMS.get(text.toUpperCase()));
  const hint = meant === undefined ? didYouMean(text, choices) : `Did you mean "${meant}"?`;
  return { message: `--${flag} takes ${eitherOf(choices)}, not "${text}"`, hint };
}

/** What kubectl calls the access modes of volumes where it lists them. */
const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ["RWO", "ReadWriteOnce"],
  ["ROX", "ReadOnlyMany"],
  ["RWX", "ReadWriteMany"],
  ["RWOP", "ReadWriteOncePod"],
]);

function quantityProblem({ flag }: SpecField, text: string): Problem | undefined {
  const isCpu = flag.endsWith("cpu");
  if (!isCpu && isTinyQuantity(text)) {
    const [number = "1"] = /^\d+/.exec(text) ?? [];
    return { message: `--${flag} takes 1Mi or more, not "${text}"`, hint: `Did you mean "${number}Gi"?` };
  }
  if (isPositiveQuantity(text)) return undefined;
  const better = isCpu ? undefined : nearestQuantity(text);
  return {
    message: `--${flag} takes an amount above 0 such as ${isCpu ? "8 or 500m" : "50Gi"}, not "${text}"`,
    hint: better === undefined ? undefined : `Did you mean "${better}"?`,
  };
}

function numberProblem(
  { flag, unset }: SpecField,
  text: string,
  what: string,
  least: number,
  most: number,
): Problem | undefined {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return undefined;
  const range = most === MOST_COUNT ? `from ${least}` : `from ${least} to ${most}`;
  const none = unset === undefined ? "" : `, or ${unset} for none`;
  return { message: `--${flag} takes ${what} ${range}${none}, not "${text}"` };
}

/** No field takes what would move a cursor or break a line. */
function controlProblem({ flag, type }: SpecField, text: string): Problem | undefined {
  const pattern = type === "entries" ? /[\u0000-\u0008\u000b-\u001f\u007f]/ : /[\u0000-\u001f\u007f]/;
  return pattern.test(text) ? { message: `--${flag} takes no control characters: ${JSON.stringify(text)}` } : undefined;
}
