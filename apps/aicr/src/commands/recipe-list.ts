import { writeJson, writeYaml, type TreeMap } from "@slipway/base";
import {
  CRITERIA_FIELDS,
  constraintTree,
  coverage,
  coverageHint,
  criteriaText,
  type CoverageRow,
  type Criteria,
} from "@slipway/recipe";
import { choiceFlag, formatTable, type Command } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { openCatalog } from "../actions/open-catalog.ts";
import { readFlagCriteria } from "../actions/read-criteria.ts";
import { withDocuments } from "../actions/with-documents.ts";
import { CATALOG_FLAGS, CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";
import { criteriaFlags } from "../flags/criteria-flags.ts";
import { OUTPUT_FLAG } from "../flags/output-flags.ts";

const HEADER = ["name", ...CRITERIA_FIELDS, "nodes", "components", "constraints"];

/** `aicr recipe list`: what the catalog covers. */
export function recipeListCommand(given: CommandDeps): Command {
  const criteria = criteriaFlags(given, "Filters");
  const format = choiceFlag("format", ["table", "yaml", "json"], "table", {
    summary: "form of the list",
    group: "Output",
    placeholder: "FORMAT",
    short: "t",
  });
  return {
    description:
      "Shows every overlay of the catalog with the criteria that it is for. Flags keep those that state them.",
    moreArgs: "ignored",
    flags: [
      ...Object.values(criteria),
      ...Object.values(CATALOG_FLAGS),
      OUTPUT_FLAG,
      format,
      ...Object.values(CLUSTER_FLAGS),
      CONFIG_FLAG,
    ],
    examples: [{ meaning: "what there is for GB200", command: "aicr recipe list --accelerator gb200" }],
    run: async (context) => {
      const { writeDocument, checkTarget } = await import("@slipway/terminal/documents");
      const target = context.read(OUTPUT_FLAG);
      const deps = await withDocuments(given, context, [target]);
      const chosen = context.read(format);
      const file = checkTarget(target, deps);
      const { catalog } = await openCatalog(deps, context);
      const wanted = readFlagCriteria(context, catalog, criteria);
      const rows = coverage(catalog).filter((row) => states(row, wanted));
      const screen = file === undefined ? deps.io.stdout : { isTerminal: false };
      const text = { table: tableOf, yaml: yamlOf, json: jsonOf }[chosen](rows, screen);
      await writeDocument(deps, target, text, { kind: "RecipeList", format: chosen, version: deps.build.version });
      if (rows.length === 0)
        context.log.warn(`no overlay states ${criteriaText(wanted)}. ${coverageHint(catalog, wanted)}`);
      if (file !== undefined) context.log.info("list written", { file, overlays: rows.length });
      return "DONE";
    },
  };
}

function states(row: CoverageRow, wanted: Criteria): boolean {
  const fields = [...CRITERIA_FIELDS, "nodes"] as const;
  return fields.every((field) => wanted[field] === undefined || wanted[field] === row.criteria[field]);
}

function tableOf(rows: readonly CoverageRow[], screen: { readonly isTerminal: boolean }): string {
  const cells = rows.map(({ name, criteria, components, constraints }) => [
    name,
    ...CRITERIA_FIELDS.map((field) => criteria[field] ?? "any"),
    String(criteria.nodes ?? "any"),
    String(components),
    String(constraints.length),
  ]);
  return formatTable(HEADER, cells, screen);
}

function yamlOf(rows: readonly CoverageRow[]): string {
  return writeYaml(rows.map(rowTree));
}

function jsonOf(rows: readonly CoverageRow[]): string {
  return writeJson(rows.map(rowTree));
}

function rowTree({ name, file, criteria, chain, leaf, components, constraints }: CoverageRow): TreeMap {
  const stated = Object.entries(criteria).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]]));
  return {
    name,
    file,
    criteria: Object.fromEntries(stated),
    chain,
    leaf,
    components,
    constraints: constraints.map(constraintTree),
  };
}
