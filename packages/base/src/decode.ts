import { SlipwayError } from "./errors.ts";
import { isTreeList, isTreeMap, own, type Tree, type TreeList, type TreeMap } from "./tree.ts";

/**
 * A value of a document on its way into a type, with the path that leads to it. The typed value and the text that was
 * written go side by side, because a field that is text must keep `1.10` as it stands.
 */
export interface Cursor {
  readonly value: Tree | undefined;
  /** The same place in the document read as text only, which is read when it is asked for: few fields need it. */
  readonly source: () => Tree | undefined;
  /** Dot path from the root, empty at the root: `spec.componentRefs[2]`. */
  readonly field: string;
}

/**
 * Starts reading a document.
 *
 * @param source gives the document as {@link parseYamlAsText} reads it; called at most once
 */
export function cursorOf(value: Tree, source: () => Tree = () => value): Cursor {
  let read: Tree | undefined;
  return { value, source: () => (read ??= source()), field: "" };
}

/** A step into a map; a value that is absent, or a map that is, gives an absent value. */
export function enter(cursor: Cursor, key: string): Cursor {
  const field = cursor.field === "" ? key : `${cursor.field}.${key}`;
  const map = optionalMap(cursor);
  if (map === undefined) return { value: undefined, source: () => undefined, field };
  const source = (): Tree | undefined => {
    const parent = cursor.source();
    return isTreeMap(parent) ? own(parent, key) : undefined;
  };
  return { value: own(map, key), source, field };
}

/** The items of a list; none when it is absent or null. Throws INVALID_INPUT for anything else. */
export function items(cursor: Cursor): readonly Cursor[] {
  const list = optionalList(cursor) ?? [];
  return list.map((value, index) => {
    const source = (): Tree | undefined => {
      const parent = cursor.source();
      return isTreeList(parent) ? parent[index] : undefined;
    };
    return { value, source, field: `${cursor.field}[${index}]` };
  });
}

/** The entries of a map; none when it is absent or null. Throws INVALID_INPUT for anything else. */
export function entries(cursor: Cursor): readonly (readonly [string, Cursor])[] {
  return Object.keys(optionalMap(cursor) ?? {}).map((key) => [key, enter(cursor, key)]);
}

/** A text; a number or a boolean counts as the text that was written. Absent, null: nothing. */
export function optionalText(cursor: Cursor): string | undefined {
  const { value } = cursor;
  if (value === undefined || value === null) return undefined;
  if (typeof value === "object") throw wrongType(cursor, "text");
  if (typeof value === "string") return value;
  const source = cursor.source();
  return typeof source === "string" ? source : String(value);
}

/** A text that must be there and not be empty. */
export function requiredText(cursor: Cursor): string {
  const text = optionalText(cursor);
  if (text === undefined || text === "") throw missing(cursor);
  return text;
}

/** A list of texts; empty when absent or null. */
export function textList(cursor: Cursor): readonly string[] {
  return items(cursor).map((item) => optionalText(item) ?? "");
}

/** A true or false. Absent, null: nothing. */
export function optionalBoolean(cursor: Cursor): boolean | undefined {
  if (cursor.value === undefined || cursor.value === null) return undefined;
  if (typeof cursor.value !== "boolean") throw wrongType(cursor, "true or false");
  return cursor.value;
}

/** A whole number that JavaScript holds exactly. Absent, null: nothing. */
export function optionalInteger(cursor: Cursor): number | undefined {
  if (cursor.value === undefined || cursor.value === null) return undefined;
  if (typeof cursor.value !== "number" || !Number.isSafeInteger(cursor.value))
    throw wrongType(cursor, "a whole number");
  return cursor.value;
}

/** A map. Absent, null: nothing. */
export function optionalMap(cursor: Cursor): TreeMap | undefined {
  if (cursor.value === undefined || cursor.value === null) return undefined;
  if (!isTreeMap(cursor.value)) throw wrongType(cursor, "a map");
  return cursor.value;
}

function optionalList(cursor: Cursor): TreeList | undefined {
  if (cursor.value === undefined || cursor.value === null) return undefined;
  if (!isTreeList(cursor.value)) throw wrongType(cursor, "a list");
  return cursor.value;
}

/** What a value is called in a message. */
export function kindOf(value: Tree | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (isTreeList(value)) return "a list";
  if (isTreeMap(value)) return "a map";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "true or false" : "a number";
}

function wrongType(cursor: Cursor, expected: string): SlipwayError {
  const found = kindOf(cursor.value);
  return new SlipwayError("INVALID_INPUT", `expected ${expected}, found ${found}`, { place: { field: cursor.field } });
}

function missing(cursor: Cursor): SlipwayError {
  return new SlipwayError("INVALID_INPUT", "must be given and not be empty", { place: { field: cursor.field } });
}
