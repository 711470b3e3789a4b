import { SlipwayError, type ExitName } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import type { CommandContext } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { DEPLOY_FLAGS } from "../flags/deploy-flags.ts";
import { outputFormat, type OutputFormat } from "../output/format.ts";
import { objectPrinter } from "../output/print-objects.ts";
import { objectText } from "./words.ts";

/** How made objects are told: a sentence each, or as they are. */
export type DeployFormat = OutputFormat;

/** The form that `-o` asks for. Throws USAGE for one that has no meaning here. */
export async function deployFormat(deps: NimDeps, { read }: CommandContext): Promise<DeployFormat> {
  const format = await outputFormat(read(DEPLOY_FLAGS.output), deps);
  if (format.kind !== "table" || !format.wide) return format;
  throw new SlipwayError("USAGE", "-o wide has no meaning here: nothing is listed", {
    hint: "To see the manifests: --dry-run=client -o yaml.",
  });
}

/** What printing needs to know. */
interface Printing {
  readonly deps: NimDeps;
  readonly context: CommandContext;
  readonly target: { readonly namespace: string };
  readonly format: DeployFormat;
}

/**
 * Prints objects in the form of `-o`, or a sentence for each. Secrets are told of and never printed.
 *
 * @param suffix what a sentence ends with, ` (dry run)`
 */
export function printManifests(
  { deps: { io }, context, target, format }: Printing,
  objects: readonly KubeObject[],
  secrets: readonly KubeObject[],
  suffix: string,
): ExitName {
  if (format.kind === "table") {
    for (const object of [...secrets, ...objects])
      io.stdout.write(`${objectText(object)} created in namespace "${target.namespace}"${suffix}\n`);
    return "DONE";
  }
  for (const secret of secrets) context.log.warn(`${objectText(secret)} is not printed: it holds a key`);
  const as = format.kind === "yaml" ? "stream" : "list";
  const printer = objectPrinter(io.stdout, format, { as });
  for (const object of objects) printer.add(object);
  printer.end();
  return "DONE";
}
