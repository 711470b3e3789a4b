import { YAMLException, loadAll, type Schema } from "js-yaml";
import { SlipwayError } from "./errors.ts";
import { refuseNul } from "./utf8-text.ts";
import type { Tree, TreeList, TreeMap } from "./tree.ts";
import { READ_SCHEMA, TEXT_SCHEMA } from "./yaml-schema.ts";

/** Limits that keep a hostile document from costing more than it is worth. */
export const DOCUMENT_LIMITS = {
  maxDepth: 100,
  maxAliases: 1000,
  maxValues: 500_000,
  maxLines: 200_000,
  maxCommas: 500_000,
} as const;

/**
 * Reads the documents of a YAML text in Slipway's dialect.
 *
 * @param text the YAML source; JSON is valid too
 * @param file name for error messages
 * @returns one value for each document; none for an empty text
 * @throws SlipwayError INVALID_INPUT with line and column for bad syntax, a repeated or forbidden key, a NUL byte, a tag
 * that JSON lacks; TOO_LARGE for nesting, aliases or a size after expansion beyond {@link DOCUMENT_LIMITS}
 */
export function parseYamlDocuments(text: string, file?: string): readonly Tree[] {
  return documentsOf(text, file, READ_SCHEMA);
}

function documentsOf(text: string, file: string | undefined, schema: Schema): readonly Tree[] {
  refuseNul(text, file);
  refuseCrowd(text, file);
  try {
    const documents = loadAll(text, {
      schema,
      maxDepth: DOCUMENT_LIMITS.maxDepth,
      maxAliases: DOCUMENT_LIMITS.maxAliases,
    });
    const budget = { left: DOCUMENT_LIMITS.maxValues };
    return documents.map((document) => checkTree(document, budget, new Set()));
  } catch (error) {
    throw asSlipwayError(error, file);
  }
}

/**
 * Reads the first document of a YAML text with every scalar as the text that was written, so that `1.10` stays `1.10`.
 * A null is an empty text. Errors as {@link parseYamlDocuments}.
 */
export function parseYamlAsText(text: string, file?: string): Tree {
  return documentsOf(text, file, TEXT_SCHEMA)[0] ?? null;
}

/** Reads the first document of a YAML text; an empty text is null. Errors as {@link parseYamlDocuments}. */
export function parseYaml(text: string, file?: string): Tree {
  return parseYamlDocuments(text, file)[0] ?? null;
}

/** Proves that a value is a tree, counting every use of an alias, so that expanding it later stays affordable. */
function checkTree(value: unknown, budget: { left: number }, open: Set<object>): Tree {
  if (--budget.left < 0) {
    throw new SlipwayError(
      "TOO_LARGE",
      `the document has more than ${DOCUMENT_LIMITS.maxValues} values when its aliases are expanded`,
    );
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value !== "object")
    throw new SlipwayError("INVALID_INPUT", `a ${typeof value} has no place in a document`);
  if (open.has(value)) throw new SlipwayError("INVALID_INPUT", "an alias refers to the value that it is part of");
  open.add(value);
  const children: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  for (const child of children) checkTree(child, budget, open);
  open.delete(value);
  if (isContainer(value)) return value;
  throw new SlipwayError("INVALID_INPUT", "a value has a type that JSON lacks");
}

function isContainer(value: object): value is TreeList | TreeMap {
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

/** Every value of a document ends at a line end or a comma, so counting these is cheap and keeps parsing affordable. */
function refuseCrowd(text: string, file: string | undefined): void {
  const { maxLines, maxCommas } = DOCUMENT_LIMITS;
  const excess = hasMore(text, "\n", maxLines) || hasMore(text, "\r", maxLines) ? `${maxLines} lines` : undefined;
  const what = excess ?? (hasMore(text, ",", maxCommas) ? `${maxCommas} commas` : undefined);
  if (what !== undefined)
    throw new SlipwayError("TOO_LARGE", `the document has more than ${what}`, { place: { file } });
}

function hasMore(text: string, sign: string, limit: number): boolean {
  let count = 0;
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) if (++count > limit) return true;
  return false;
}

function asSlipwayError(error: unknown, file: string | undefined): Error {
  if (error instanceof SlipwayError) return error.at({ file });
  if (!(error instanceof YAMLException)) return error instanceof Error ? error : new Error(String(error));
  const place = { file, line: (error.mark?.line ?? 0) + 1, column: (error.mark?.column ?? 0) + 1 };
  const tooLarge = /depth|alias.*limit|maxAliases|too many/i.test(error.reason);
  return new SlipwayError(tooLarge ? "TOO_LARGE" : "INVALID_INPUT", `not valid YAML: ${error.reason}`, {
    place,
    cause: error,
  });
}
