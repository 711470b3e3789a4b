import { SlipwayError, compareBytes, didYouMean } from "@slipway/base";
import { evaluateConstraint, type Lookup } from "./constraint.ts";
import { ANY } from "./criteria.ts";
import { cyclePath } from "./cycle-path.ts";
import { deploymentOrder } from "./deployment-order.ts";
import { mergeOverlays } from "./merge-overlay.ts";
import {
  API_VERSION,
  CRITERIA_FIELDS,
  type Catalog,
  type ConstraintWarning,
  type Criteria,
  type CriteriaField,
  type Overlay,
  type OverlayCriteria,
  type Recipe,
} from "./model.ts";
import { withRegistryDefaults } from "./registry-defaults.ts";

/** A recipe and how it came about. */
export interface Resolution {
  readonly recipe: Recipe;
  /** What was merged, in this order: the base first. */
  readonly overlays: readonly Overlay[];
  /** Criteria that were asked for and that no merged overlay states: the recipe would be the same without them. */
  readonly unhonoured: readonly (CriteriaField | "nodes")[];
}

/** What resolving takes beside the data. */
export interface ResolveOptions {
  /** Version of the program, for the metadata. */
  readonly version: string;
  /** Measurements of a cluster; with them, overlays whose own constraints fail are left out. */
  readonly lookup?: Lookup | undefined;
}

/**
 * Finds the overlays that match, merges them and their ancestors over the base, fills registry defaults and orders the
 * components (release 0.11.1 of aicr, with a defined order of equally specific overlays: by name in byte order).
 *
 * @throws SlipwayError INVALID_INPUT when a parent or a dependency does not exist, or either forms a cycle
 */
export function resolve(catalog: Catalog, criteria: Criteria, options: ResolveOptions): Resolution {
  const matching = matchingOverlays(catalog, criteria);
  const { passed, excluded, warnings } = screen(matching, options.lookup);
  const overlays = withAncestors(catalog, passed);
  const merged = mergeOverlays(overlays);
  const fileOf = (name: string): string | undefined => {
    const from = overlays.findLast((overlay) =>
      overlay.components.some((ref) => ref.name === name && ref.dependencyRefs),
    );
    return from === undefined ? undefined : catalog.shown(from.file);
  };
  const recipe: Recipe = {
    kind: "RecipeResult",
    apiVersion: API_VERSION,
    metadata: {
      version: options.version,
      appliedOverlays: overlays.map((overlay) => overlay.name),
      excludedOverlays: excluded,
      constraintWarnings: warnings,
    },
    criteria,
    constraints: merged.constraints,
    components: withRegistryDefaults(merged.components, catalog.registry),
    deploymentOrder: deploymentOrder(merged.components, fileOf),
    validation: merged.validation,
  };
  return { recipe, overlays, unhonoured: unhonouredBy(overlays, criteria) };
}

/** The overlays whose criteria a query meets: the least specific first, equally specific ones by name. */
export function matchingOverlays(catalog: Catalog, criteria: Criteria): readonly Overlay[] {
  return candidatesOf(catalog).filter((overlay) => matches(overlay.criteria ?? {}, criteria));
}

/** The base, then each overlay after its ancestors; what is there already is not added again. */
export function withAncestors(catalog: Catalog, overlays: readonly Overlay[]): readonly Overlay[] {
  const merged = new Set([catalog.base]);
  for (const overlay of overlays) {
    const chain = new Set<Overlay>();
    for (let at: Overlay | undefined = overlay; at !== undefined && !merged.has(at); at = parentOf(catalog, at)) {
      if (chain.has(at)) throw cycleError(catalog, [...chain], at);
      chain.add(at);
    }
    for (const link of [...chain].reverse()) merged.add(link);
  }
  return [...merged];
}

/** How many criteria an overlay states: not empty, not `any`, nodes not 0. */
export function specificity(criteria: OverlayCriteria): number {
  const stated = CRITERIA_FIELDS.filter((field) => !isOpen(criteria[field])).length;
  return stated + ((criteria.nodes ?? 0) === 0 ? 0 : 1);
}

/** Whether a criterion of an overlay matches everything. */
export function isOpen(written: string | undefined): boolean {
  return written === undefined || written === "" || written === ANY;
}

const CANDIDATES = new WeakMap<Catalog, readonly Overlay[]>();

/** Sorting depends on the catalog alone, so it is done once for all queries. */
function candidatesOf(catalog: Catalog): readonly Overlay[] {
  const known = CANDIDATES.get(catalog);
  if (known !== undefined) return known;
  const ranked = [...catalog.overlays.values()].flatMap((overlay) =>
    overlay.criteria === undefined ? [] : [{ overlay, rank: specificity(overlay.criteria) }],
  );
  ranked.sort((left, right) => left.rank - right.rank || compareBytes(left.overlay.name, right.overlay.name));
  const candidates = ranked.map(({ overlay }) => overlay);
  CANDIDATES.set(catalog, candidates);
  return candidates;
}

function matches(stated: OverlayCriteria, query: Criteria): boolean {
  for (const field of CRITERIA_FIELDS) {
    if (!isOpen(stated[field]) && stated[field] !== query[field]) return false;
  }
  return (stated.nodes ?? 0) === 0 || stated.nodes === query.nodes;
}

interface Screened {
  readonly passed: readonly Overlay[];
  readonly excluded: readonly string[];
  readonly warnings: readonly ConstraintWarning[];
}

function screen(overlays: readonly Overlay[], lookup: Lookup | undefined): Screened {
  if (lookup === undefined) return { passed: overlays, excluded: [], warnings: [] };
  const tested = overlays.map((overlay) => ({ overlay, warnings: failingConstraints(overlay, lookup) }));
  return {
    passed: tested.filter(({ warnings }) => warnings.length === 0).map(({ overlay }) => overlay),
    excluded: tested.filter(({ warnings }) => warnings.length > 0).map(({ overlay }) => overlay.name),
    warnings: tested.flatMap(({ warnings }) => warnings),
  };
}

function failingConstraints(overlay: Overlay, lookup: Lookup): readonly ConstraintWarning[] {
  return overlay.constraints.flatMap((constraint) => {
    const outcome = evaluateConstraint(constraint, lookup);
    if (outcome.passed) return [];
    const { expected, actual, reason = "" } = outcome;
    return [{ overlay: overlay.name, constraint: constraint.name, expected, actual, reason }];
  });
}

function parentOf(catalog: Catalog, overlay: Overlay): Overlay | undefined {
  if (overlay.base === undefined) return undefined;
  const parent = catalog.overlays.get(overlay.base);
  if (parent !== undefined) return parent;
  const message = `overlay "${overlay.name}" builds on "${overlay.base}", which does not exist`;
  throw new SlipwayError("INVALID_INPUT", message, {
    place: { file: catalog.shown(overlay.file), field: "spec.base" },
    hint: didYouMean(overlay.base, catalog.overlays.keys()) ?? `Add an overlay "${overlay.base}", or build on "base".`,
  });
}

function cycleError(catalog: Catalog, chain: readonly Overlay[], again: Overlay): SlipwayError {
  const names = [...chain.slice(chain.indexOf(again)), again].map(({ name }) => name);
  return new SlipwayError("INVALID_INPUT", `overlays build on each other in a cycle: ${cyclePath(names)}`, {
    place: { file: catalog.shown(again.file), field: "spec.base" },
    hint: `One of them must build on "base".`,
  });
}

function unhonouredBy(overlays: readonly Overlay[], query: Criteria): readonly (CriteriaField | "nodes")[] {
  const stated = overlays.flatMap(({ criteria }) => (criteria === undefined ? [] : [criteria]));
  const fields = [...CRITERIA_FIELDS, "nodes"] as const;
  return fields.filter((field) => query[field] !== undefined && !stated.some((one) => one[field] === query[field]));
}
