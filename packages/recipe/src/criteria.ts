import { SlipwayError, compareBytes, didYouMean, enter, optionalInteger, type Cursor } from "@slipway/base";
import { text } from "./fields.ts";
import { API_VERSION, CRITERIA_FIELDS, type Catalog, type Criteria, type CriteriaField } from "./model.ts";

/** The text that stands for "no matter which". */
export const ANY = "any";

/** The service of clusters that no cloud runs. */
const SELF_MANAGED = "self-managed";

interface LegalValues {
  readonly values: readonly string[];
  /** Another spelling to the value that it means. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** The values that criteria may have whatever the catalog holds; a catalog adds those that its overlays state. */
export const CRITERIA_VALUES: Readonly<Record<CriteriaField, LegalValues>> = {
  service: {
    values: ["aks", "eks", "gke", "kind", "oke", SELF_MANAGED],
    aliases: { self: SELF_MANAGED, vanilla: SELF_MANAGED },
  },
  accelerator: { values: ["a100", "b200", "gb200", "h100", "h200", "l40", "l40s", "rtx-pro-6000"], aliases: {} },
  intent: { values: ["inference", "training"], aliases: {} },
  os: {
    values: ["amazonlinux", "cos", "rhel", "talos", "ubuntu"],
    aliases: { al2: "amazonlinux", al2023: "amazonlinux" },
  },
  platform: { values: ["dynamo", "kubeflow", "nim"], aliases: {} },
};

/** Criteria as a person wrote them, in flags or a document: any case, spaces, aliases, `any`, empty texts. */
export interface RawCriteria extends Readonly<Partial<Record<CriteriaField, string | undefined>>> {
  readonly nodes?: number | undefined;
}

/**
 * Lays one set of criteria over another. An empty text and nodes below 1 count as not given; `any` counts as given and
 * takes the value below back.
 */
export function overrideCriteria(under: RawCriteria, over: RawCriteria): RawCriteria {
  const fields = CRITERIA_FIELDS.map((field) => [field, given(over[field]) ?? under[field]] as const);
  return { ...Object.fromEntries(fields), nodes: positive(over.nodes) ?? under.nodes };
}

/**
 * Turns what was written into criteria.
 *
 * `self-managed` (also `self`, `vanilla`) is a value where an overlay of the catalog states it, and `any` elsewhere.
 *
 * @throws SlipwayError INVALID_INPUT that names the field, the legal values and the nearest one
 */
export function readCriteria(raw: RawCriteria, catalog: Catalog): Criteria {
  const fields = CRITERIA_FIELDS.map((field) => [field, readValue(field, raw[field], catalog)] as const);
  const { nodes } = raw;
  if (nodes !== undefined && !Number.isSafeInteger(nodes)) {
    throw new SlipwayError("INVALID_INPUT", `expected a whole number, found ${nodes}`, { place: { field: "nodes" } });
  }
  return criteriaOf(fields, positive(nodes));
}

/**
 * Reads a RecipeCriteria document. `kind` and `apiVersion` may be left out; unknown fields are ignored.
 *
 * @throws SlipwayError INVALID_INPUT with the field for another kind, an unknown value, negative nodes
 */
export function decodeCriteriaDocument(cursor: Cursor, catalog: Catalog): Criteria {
  expectText(cursor, "kind", "RecipeCriteria");
  expectText(cursor, "apiVersion", API_VERSION);
  const spec = enter(cursor, "spec");
  const nodes = optionalInteger(enter(spec, "nodes"));
  if (nodes !== undefined && nodes < 0) {
    const message = `expected 0 (any) or a number of nodes, found ${nodes}`;
    throw new SlipwayError("INVALID_INPUT", message, { place: { field: "spec.nodes" } });
  }
  const fields = CRITERIA_FIELDS.map((field) => {
    const value = readValue(field, text(spec, field), catalog, `spec.${field}`);
    return [field, value] as const;
  });
  return criteriaOf(fields, positive(nodes));
}

/** The legal values of every field, sorted: the built-in ones and those that overlays of the catalog state. */
export function knownCriteriaValues(catalog: Catalog): Readonly<Record<CriteriaField, readonly string[]>> {
  const stated = statedValues(catalog);
  const known = (field: CriteriaField): readonly string[] =>
    [...new Set([...CRITERIA_VALUES[field].values, ...stated[field]])].sort(compareBytes);
  return {
    service: known("service"),
    accelerator: known("accelerator"),
    intent: known("intent"),
    os: known("os"),
    platform: known("platform"),
  };
}

/** `service=eks, intent=training, nodes=8`; empty for criteria that are all any. */
export function criteriaText(criteria: Criteria): string {
  const fields = CRITERIA_FIELDS.filter((field) => criteria[field] !== undefined);
  const parts = fields.map((field) => `${field}=${criteria[field]}`);
  return [...parts, ...(criteria.nodes === undefined ? [] : [`nodes=${criteria.nodes}`])].join(", ");
}

type StatedValues = Readonly<Record<CriteriaField, ReadonlySet<string>>>;

const STATED = new WeakMap<Catalog, StatedValues>();

function statedValues(catalog: Catalog): StatedValues {
  const known = STATED.get(catalog) ?? collectStated(catalog);
  STATED.set(catalog, known);
  return known;
}

function collectStated(catalog: Catalog): StatedValues {
  const stated = {
    service: new Set<string>(),
    accelerator: new Set<string>(),
    intent: new Set<string>(),
    os: new Set<string>(),
    platform: new Set<string>(),
  } satisfies StatedValues;
  for (const { criteria } of catalog.overlays.values()) {
    for (const field of CRITERIA_FIELDS) {
      const value = criteria?.[field];
      if (value !== undefined && value !== "" && value !== ANY) stated[field].add(value);
    }
  }
  return stated;
}

/** Undefined is any. */
function readValue(
  field: CriteriaField,
  written: string | undefined,
  catalog: Catalog,
  place: string = field,
): string | undefined {
  const value = spellOut(field, given(written)?.toLowerCase());
  if (value === undefined || value === ANY) return undefined;
  if (field === "service" && value === SELF_MANAGED)
    return statedValues(catalog).service.has(SELF_MANAGED) ? SELF_MANAGED : undefined;
  if (CRITERIA_VALUES[field].values.includes(value)) return value;
  const stated = [...statedValues(catalog)[field]].find((candidate) => candidate.toLowerCase() === value);
  if (stated !== undefined) return stated;
  throw unknownValue(field, written ?? "", place, knownCriteriaValues(catalog)[field]);
}

function spellOut(field: CriteriaField, value: string | undefined): string | undefined {
  const { aliases } = CRITERIA_VALUES[field];
  return value !== undefined && Object.hasOwn(aliases, value) ? aliases[value] : value;
}

function criteriaOf(
  fields: readonly (readonly [CriteriaField, string | undefined])[],
  nodes: number | undefined,
): Criteria {
  const set = fields.filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(set), ...(nodes === undefined ? {} : { nodes }) };
}

function given(written: string | undefined): string | undefined {
  const trimmed = written?.trim();
  return trimmed === "" ? undefined : trimmed;
}

function positive(nodes: number | undefined): number | undefined {
  return nodes === undefined || nodes < 1 ? undefined : nodes;
}

function expectText(cursor: Cursor, key: string, expected: string): void {
  const found = text(cursor, key);
  if (found === undefined || found === expected) return;
  const message = `expected ${expected}, found "${found}"`;
  throw new SlipwayError("INVALID_INPUT", message, { place: { field: key } });
}

function unknownValue(field: CriteriaField, written: string, place: string, known: readonly string[]): SlipwayError {
  const hint = didYouMean(written.trim(), known);
  return new SlipwayError("INVALID_INPUT", `"${written}" is no ${field}; expected ${known.join(", ")} or ${ANY}`, {
    place: { field: place },
    ...(hint === undefined ? {} : { hint }),
  });
}
