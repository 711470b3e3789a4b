import { SlipwayError } from "@slipway/base";
import {
  CRITERIA_DOCUMENT_FIELDS,
  CRITERIA_FIELDS,
  SNAPSHOT_FIELDS,
  criteriaFromSnapshot,
  decodeCriteriaDocument,
  overrideCriteria,
  readCriteria,
  unknownInDocument,
  type Catalog,
  type Criteria,
  type Lookup,
  type RawCriteria,
} from "@slipway/recipe";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import type { CriteriaFlags } from "../flags/criteria-flags.ts";
import { INPUT_FLAGS } from "../flags/input-flags.ts";
import { withDocuments } from "./with-documents.ts";

/** What a recipe is asked for, and the measurements to test overlays with. */
export interface Request {
  readonly criteria: Criteria;
  readonly lookup: Lookup | undefined;
}

/**
 * Reads criteria from a snapshot, else from a criteria document, with the flags over either.
 *
 * @throws SlipwayError as reading the documents does; USAGE that names the flag for a value that it cannot have
 */
export async function readRequest(
  deps: CommandDeps,
  context: CommandContext,
  catalog: Catalog,
  flags: CriteriaFlags,
): Promise<Request> {
  const { raw, lookup } = await documentCriteria(deps, context, catalog);
  const nodes = context.read(flags.nodes);
  if (nodes !== undefined && nodes < 0) context.log.warn("--nodes below 1 counts as not given", { nodes });
  return { criteria: flagCriteria(overrideCriteria(raw, rawFlags(context, flags)), catalog), lookup };
}

/** The criteria of flags alone. Errors as {@link readRequest}. */
export function readFlagCriteria(context: CommandContext, catalog: Catalog, flags: CriteriaFlags): Criteria {
  return flagCriteria(rawFlags(context, flags), catalog);
}

function rawFlags(context: CommandContext, flags: CriteriaFlags): RawCriteria {
  const fields = CRITERIA_FIELDS.map((field) => [field, context.read(flags[field])] as const);
  return { ...Object.fromEntries(fields), nodes: context.read(flags.nodes) };
}

/** What documents gave was checked before, so that a value which is refused here came from a flag. */
function flagCriteria(raw: RawCriteria, catalog: Catalog): Criteria {
  try {
    return readCriteria(raw, catalog);
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.place?.field === undefined) throw error;
    const place = { field: `--${error.place.field}` };
    throw new SlipwayError("USAGE", error.message, { place, hint: error.hint, cause: error });
  }
}

async function documentCriteria(
  givenDeps: CommandDeps,
  context: CommandContext,
  catalog: Catalog,
): Promise<{ readonly raw: RawCriteria; readonly lookup: Lookup | undefined }> {
  const snapshotSource = context.read(INPUT_FLAGS.snapshot) ?? "";
  const criteriaSource = context.read(INPUT_FLAGS.criteria) ?? "";
  if (snapshotSource === "" && criteriaSource === "") return { raw: {}, lookup: undefined };
  const { readDocument } = await import("@slipway/terminal/documents");
  const deps = await withDocuments(givenDeps, context, [snapshotSource, criteriaSource]);
  if (snapshotSource === "") {
    const raw = await readDocument(deps, criteriaSource, "--criteria", (cursor) => {
      const decoded = decodeCriteriaDocument(cursor, catalog);
      warnAll(context, unknownInDocument(cursor.value, CRITERIA_DOCUMENT_FIELDS, criteriaSource));
      return decoded;
    });
    return { raw, lookup: undefined };
  }
  if (criteriaSource !== "") context.log.warn("--criteria is ignored, because --snapshot is given");
  const { decodeSnapshot, snapshotLookup } = await import("@slipway/snapshot");
  const { snapshot, lookup } = await readDocument(deps, snapshotSource, "--snapshot", (cursor, format) => {
    const decoded = decodeSnapshot(cursor, { format });
    warnAll(context, unknownInDocument(cursor.value, SNAPSHOT_FIELDS, snapshotSource));
    return { snapshot: decoded, lookup: snapshotLookup(decoded, { format }) };
  });
  const { criteria, notes } = criteriaFromSnapshot(snapshot, catalog);
  warnAll(context, notes);
  return { raw: criteria, lookup };
}

function warnAll({ log }: CommandContext, warnings: readonly string[]): void {
  for (const warning of warnings) log.warn(warning);
}
