import { compareBytes } from "@slipway/base";
import { criteriaText } from "./criteria.ts";
import { mergeOverlays } from "./merge-overlay.ts";
import {
  CRITERIA_FIELDS,
  type Catalog,
  type Constraint,
  type Criteria,
  type CriteriaField,
  type Overlay,
} from "./model.ts";
import { isOpen, specificity, withAncestors } from "./resolve.ts";

/** What one overlay of a catalog covers. */
export interface CoverageRow {
  readonly name: string;
  readonly file: string;
  /** What a query must say for the overlay to apply; `any` left out. */
  readonly criteria: Criteria;
  /** The overlay and its ancestors, the base first. */
  readonly chain: readonly string[];
  /** Whether no overlay builds on it. */
  readonly leaf: boolean;
  /** Components of the base and the chain together. */
  readonly components: number;
  /** Constraints of the base and the chain together, by name. */
  readonly constraints: readonly Constraint[];
}

/**
 * Every overlay that a query can match, sorted by its criteria field for field.
 *
 * @throws SlipwayError INVALID_INPUT when the parent of one does not exist, or parents form a cycle
 */
export function coverage(catalog: Catalog): readonly CoverageRow[] {
  const overlays = [...catalog.overlays.values()].filter(({ criteria }) => criteria !== undefined);
  const parents = new Set([...catalog.overlays.values()].map(({ base }) => base));
  const rows = overlays.map((overlay): CoverageRow => {
    const chain = withAncestors(catalog, [overlay]);
    const merged = mergeOverlays(chain);
    return {
      name: overlay.name,
      file: overlay.file,
      criteria: statedBy(overlay),
      chain: chain.map(({ name }) => name),
      leaf: !parents.has(overlay.name),
      components: merged.components.length,
      constraints: merged.constraints,
    };
  });
  return rows.sort((left, right) => compareBytes(sortKey(left), sortKey(right)));
}

/**
 * The criteria nearest to a query that an overlay states in full: most fields as asked, then fewest asked otherwise,
 * then fewest more than asked.
 *
 * @param wanted fields that must be met first: where some overlay meets them, only such are given
 * @param limit how many at most
 */
export function nearestCovered(
  catalog: Catalog,
  criteria: Criteria,
  wanted: readonly (CriteriaField | "nodes")[] = [],
  limit: number = 3,
): readonly Criteria[] {
  const scored = [...catalog.overlays.values()].flatMap((overlay) => {
    const stated = statedBy(overlay);
    const asked = FIELDS.filter((field) => criteria[field] !== undefined);
    const kept = asked.filter((field) => stated[field] === criteria[field]).length;
    const changed = asked.filter((field) => stated[field] !== undefined).length - kept;
    const met = wanted.filter((field) => stated[field] === criteria[field]).length;
    return kept === 0 ? [] : [{ stated, met, kept, changed, more: specificity(stated) }];
  });
  const most = Math.max(0, ...scored.map(({ met }) => met));
  const best = scored.filter(({ met }) => met === most);
  best.sort(
    (left, right) =>
      right.kept - left.kept ||
      left.changed - right.changed ||
      left.more - right.more ||
      compareBytes(criteriaText(left.stated), criteriaText(right.stated)),
  );
  const distinct = new Map(best.map(({ stated }) => [criteriaText(stated), stated]));
  return [...distinct.values()].slice(0, limit);
}

/** A sentence with what the catalog covers instead of a query: `Covered: service=eks, intent=training; ...`. */
export function coverageHint(
  catalog: Catalog,
  criteria: Criteria,
  wanted: readonly (CriteriaField | "nodes")[] = [],
): string {
  const covered = nearestCovered(catalog, criteria, wanted).map(criteriaText);
  const list = "aicr recipe list shows what the catalog covers";
  return covered.length === 0 ? `${list}.` : `Covered: ${covered.join("; ")} (${list}).`;
}

const FIELDS: readonly (CriteriaField | "nodes")[] = [...CRITERIA_FIELDS, "nodes"];

function statedBy({ criteria }: Overlay): Criteria {
  const fields = CRITERIA_FIELDS.filter((field) => !isOpen(criteria?.[field]));
  const nodes = criteria?.nodes ?? 0;
  return {
    ...Object.fromEntries(fields.map((field) => [field, criteria?.[field]])),
    ...(nodes === 0 ? {} : { nodes }),
  };
}

/** A field that is not stated sorts before all values. */
function sortKey({ criteria, name }: CoverageRow): string {
  return [
    ...CRITERIA_FIELDS.map((field) => criteria[field] ?? ""),
    String(criteria.nodes ?? 0).padStart(16, "0"),
    name,
  ].join("\0");
}
