import { SlipwayError, writeJson, type ExitName } from "@slipway/base";
import { explain, explanationText, explanationTree, overrideWarnings, query, queryText } from "@slipway/recipe";
import { switchFlag, textFlag, type Command, type CommandContext, type Flag } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { readOverrides } from "../actions/read-overrides.ts";
import { resolveRecipe } from "../actions/resolve-recipe.ts";
import { CATALOG_FLAGS, CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { CLUSTER_FLAGS } from "../flags/cluster-flags.ts";
import { STRICT_FLAG, criteriaFlags, type CriteriaFlags } from "../flags/criteria-flags.ts";
import { INPUT_FLAGS } from "../flags/input-flags.ts";
import { FORMAT_FLAG } from "../flags/output-flags.ts";
import { selectorSuggestions } from "../flags/selector-completion.ts";
import { valueFlags, type ValueFlags } from "../flags/value-flags.ts";

const EXPLAIN = switchFlag("explain", { summary: "show which layer set the value", group: "Output" });

/** `aicr query`: one value of a recipe. */
export function queryCommand(deps: CommandDeps): Command {
  const criteria = criteriaFlags(deps, "Criteria");
  const values = valueFlags(deps);
  const selector = textFlag("selector", {
    summary: "path of the value, such as components.gpu-operator.values.driver.version; empty for all",
    group: "Output",
    placeholder: "PATH",
    completion: (word) => selectorSuggestions(deps, word),
  });
  return {
    description: "Prints a value of the recipe for a kind of cluster, with the values of all components filled in.",
    moreArgs: "ignored",
    flags: [
      selector,
      EXPLAIN,
      FORMAT_FLAG,
      ...Object.values(criteria),
      STRICT_FLAG,
      ...Object.values(INPUT_FLAGS),
      ...Object.values(values),
      ...Object.values(CATALOG_FLAGS),
      ...Object.values(CLUSTER_FLAGS),
      CONFIG_FLAG,
    ],
    examples: [
      {
        meaning: "the driver version, for a script",
        command: "aicr query --service eks --selector components.gpu-operator.values.driver.version",
      },
      {
        meaning: "who decided it",
        command: "aicr query --service eks --selector components.gpu-operator.values.driver --explain",
      },
    ],
    run: (context) => printValue(deps, context, { selector, criteria, values }),
  };
}

/** The flags whose values complete from the catalog. */
interface QueryFlags {
  readonly selector: Flag<string | undefined>;
  readonly criteria: CriteriaFlags;
  readonly values: ValueFlags;
}

async function printValue(deps: CommandDeps, context: CommandContext, flags: QueryFlags): Promise<ExitName> {
  const selector = selectorOf(context, flags.selector);
  const format = context.read(FORMAT_FLAG);
  const explained = context.read(EXPLAIN);
  const overrides = await readOverrides(deps, context, flags.values);
  const { catalog, resolution } = await resolveRecipe(deps, context, flags.criteria);
  for (const warning of await overrideWarnings(catalog, resolution.recipe, overrides)) context.log.warn(warning);
  if (explained) {
    const explanation = await explain(catalog, resolution, selector, overrides);
    const text = format === "json" ? writeJson(explanationTree(explanation)) : explanationText(explanation);
    deps.io.stdout.write(text);
  } else deps.io.stdout.write(queryText(await query(catalog, resolution.recipe, selector, overrides), format));
  return "DONE";
}

function selectorOf(context: CommandContext, flag: QueryFlags["selector"]): string {
  const selector = context.read(flag);
  if (selector !== undefined) return selector;
  throw new SlipwayError("USAGE", "--selector is missing: which value?", {
    hint: "For example --selector components.gpu-operator.version, or --selector '' for everything.",
  });
}
