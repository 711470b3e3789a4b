import { writeJson } from "@slipway/base";
import { formatTable, type Command } from "@slipway/terminal";
import { SCHEMAS, schemaOf, type Schema } from "@slipway/validate/schema";
import type { CommandDeps } from "../deps.ts";

/** `aicr schema`: the JSON Schemas of our documents. */
export function schemaCommand({ io }: CommandDeps): Command {
  return {
    description: "Lists the JSON Schemas (draft 2020-12) of the documents that aicr reads and writes, or prints one.",
    args: [
      {
        name: "KIND",
        summary: "the kind of document whose schema is printed",
        required: false,
        completion: async () => Object.keys(SCHEMAS).map((value) => ({ value })),
      },
    ],
    flags: [],
    examples: [
      { meaning: "which there are", command: "aicr schema" },
      { meaning: "for an editor", command: "aicr schema RecipeResult > recipe.schema.json" },
    ],
    run: async ({ args: [kind] }) => {
      if (kind !== undefined) io.stdout.write(writeJson(schemaOf(kind).schema));
      else {
        const rows = Object.entries(SCHEMAS).map(([name, schema]) => [name, titleOf(schema)]);
        io.stdout.write(formatTable(["kind", "document"], rows, io.stdout));
      }
      return "DONE";
    },
  };
}

function titleOf({ title }: Schema): string {
  return typeof title === "string" ? title : "";
}
