import { enter, items, optionalInteger, optionalMap, optionalText, parseYaml, type Cursor } from "@slipway/base";
import { decodeParsed } from "./decode-file.ts";
import { decodeComponent, decodeConstraint, decodeValidation, text } from "./fields.ts";
import { CRITERIA_FIELDS, type Overlay, type OverlayCriteria } from "./model.ts";
import { OVERLAY_FIELDS, unknownFields, type UnknownField } from "./unknown-fields.ts";

/** The kind of the documents that recipes are made of. */
const OVERLAY_KIND = "RecipeMetadata";

/** The name of the root of all overlays. */
export const BASE_NAME = "base";

/** An overlay with what its document says beside it. */
interface ReadOverlay {
  /** Nothing when the document is of another kind. */
  readonly overlay: Overlay | undefined;
  readonly unknown: readonly UnknownField[];
}

/**
 * Reads a RecipeMetadata document: the base or an overlay. Unknown fields change nothing, but are told.
 *
 * @param source the YAML text
 * @param file path in the data directory, kept in the overlay
 * @param shownFile the name for errors
 * @throws SlipwayError INVALID_INPUT with file, line and column for bad YAML or a field of a wrong type
 */
export function readOverlay(source: string, file: string, shownFile: string): ReadOverlay {
  const value = parseYaml(source, shownFile);
  const overlay = decodeParsed(value, source, shownFile, (cursor) => overlayOf(cursor, file));
  return { overlay, unknown: overlay === undefined ? [] : unknownFields(value, OVERLAY_FIELDS) };
}

/** The overlay alone, nothing when the document is of another kind. Otherwise as {@link readOverlay}. */
export function decodeOverlay(source: string, file: string, shownFile: string = file): Overlay | undefined {
  return readOverlay(source, file, shownFile).overlay;
}

function overlayOf(cursor: Cursor, file: string): Overlay | undefined {
  const kind = text(cursor, "kind");
  if (kind !== undefined && kind !== OVERLAY_KIND) return undefined;
  const spec = enter(cursor, "spec");
  const base = text(spec, "base");
  return {
    name: text(enter(cursor, "metadata"), "name") ?? "",
    file,
    base: base === BASE_NAME ? undefined : base,
    criteria: criteriaOf(enter(spec, "criteria")),
    constraints: items(enter(spec, "constraints")).map(decodeConstraint),
    components: items(enter(spec, "componentRefs")).map(decodeComponent),
    validation: decodeValidation(enter(spec, "validation")),
  };
}

function criteriaOf(cursor: Cursor): OverlayCriteria | undefined {
  if (optionalMap(cursor) === undefined) return undefined;
  const stated = CRITERIA_FIELDS.map((field) => [field, optionalText(enter(cursor, field))] as const);
  return {
    ...Object.fromEntries(stated.filter(([, value]) => value !== undefined)),
    nodes: optionalInteger(enter(cursor, "nodes")),
  };
}
