import type { ExitName, Output } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { printable } from "@slipway/terminal";
import type { OutputFormat } from "./format.ts";
import { printObject } from "./print-objects.ts";

/** How it is said that an object was written. */
export interface Written {
  readonly format: OutputFormat;
  /** What stands on standard output where no form is asked for. */
  readonly sentence: string;
  readonly dryRun: "none" | "client" | "server";
}

const BEHIND = { none: "", client: " (dry run)", server: " (server dry run)" } as const;

/** Prints an object that was written, or would be. */
export async function printWritten(
  output: Output,
  object: KubeObject,
  { format, sentence, dryRun }: Written,
): Promise<ExitName> {
  if (format.kind === "table") output.write(`${printable(sentence)}${BEHIND[dryRun]}\n`);
  else printObject(output, format, object);
  await output.flush();
  return "DONE";
}
