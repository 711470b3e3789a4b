import { SlipwayError, describePlace, type ExitName, type Tree } from "@slipway/base";
import { printable, type CommandContext } from "@slipway/terminal";
import {
  SCHEMA_VERSION,
  loadSchemaCheck,
  schemaOf,
  schemaOfDocument,
  type PublishedSchema,
  type SchemaProblem,
} from "@slipway/validate/schema";
import type { CommandDeps } from "../deps.ts";

/** Most problems of a document that are told one by one. */
const MOST_SHOWN = 50;

/**
 * Checks a document against the published schemas and says what is wrong with it.
 *
 * @param wanted `v1` takes the schema of the document's own kind; else the kind to take it for
 * @param source where the document is
 * @throws SlipwayError ANSWER_IS_NO, after its problems were printed, for a document that breaks its schema; as reading
 * the document does; USAGE for a schema that there is not
 */
export async function checkSchema(
  deps: CommandDeps,
  context: CommandContext,
  wanted: string,
  source: string,
): Promise<ExitName> {
  const chosen = isVersion(wanted) ? undefined : schemaNamed(wanted);
  const { readSource } = await import("@slipway/terminal/documents");
  context.progress.show(`Checking ${source}`);
  const { name, text, value } = await readSource(deps, source, "DOCUMENT");
  const { kind, schema } = chosen ?? ofDocument(value, name);
  const problems = (await loadSchemaCheck())(value, schema, text, name);
  if (problems.length === 0) {
    deps.io.stdout.write(`${printable(name)}: a valid ${kind}\n`);
    return "DONE";
  }
  const lines = problems.slice(0, MOST_SHOWN).map(problemText);
  const left = problems.length - MOST_SHOWN;
  deps.io.stdout.write(`${[...lines, ...(left > 0 ? [`and ${left} more`] : [])].join("\n")}\n`);
  const found = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new SlipwayError("ANSWER_IS_NO", `${name}: not a valid ${kind}: ${found}`);
}

/** The edition's older name is what the API group calls it. */
function isVersion(wanted: string): boolean {
  return [SCHEMA_VERSION, "v1alpha1"].includes(wanted);
}

function schemaNamed(wanted: string): PublishedSchema {
  try {
    return schemaOf(wanted);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw new SlipwayError("USAGE", `--schema: ${error.message}`, { hint: error.hint, cause: error });
  }
}

function ofDocument(value: Tree, name: string): PublishedSchema {
  try {
    return schemaOfDocument(value);
  } catch (error) {
    throw error instanceof SlipwayError ? error.at({ file: name }) : error;
  }
}

function problemText({ place, message, hint }: SchemaProblem): string {
  return printable(`${describePlace(place)}: ${message}${hint === undefined ? "" : `. ${hint}`}`).replaceAll("\n", " ");
}
