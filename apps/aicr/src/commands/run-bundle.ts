import { SlipwayError, type ExitName } from "@slipway/base";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { parseBundleTarget } from "../actions/bundle-target.ts";
import { createBundle } from "../actions/create-bundle.ts";
import { bundleReport } from "../actions/bundle-report.ts";
import { publishBundle } from "../actions/publish-bundle.ts";
import { BUNDLE_FLAGS } from "../flags/bundle-flags.ts";
import type { ValueFlags } from "../flags/value-flags.ts";

/** What `aicr bundle` does: makes a bundle, publishes it, and says what is left to do. */
export async function writeBundle(deps: CommandDeps, context: CommandContext, values: ValueFlags): Promise<ExitName> {
  const source = context.read(BUNDLE_FLAGS.recipe) ?? "";
  if (source === "")
    throw new SlipwayError("USAGE", "--recipe is missing: which recipe?", {
      hint: "For example: aicr recipe --service eks -o recipe.yaml, then aicr bundle -r recipe.yaml -o bundle.",
    });
  const target = parseBundleTarget(context.read(BUNDLE_FLAGS.output) ?? ".", deps.io.cwd, deps.build.version);
  const bundle = await createBundle(deps, context, source, values, target);
  const published = await publishBundle(deps, context, bundle, target);
  context.progress.done();
  for (const warning of bundle.warnings) context.log.warn(warning);
  const options = {
    deployer: context.read(BUNDLE_FLAGS.deployer),
    repo: context.read(BUNDLE_FLAGS.repo) ?? "",
    plainHttp: context.read(BUNDLE_FLAGS.plainHttp),
  };
  deps.io.stdout.write(bundleReport(options, bundle, published));
  return "DONE";
}
