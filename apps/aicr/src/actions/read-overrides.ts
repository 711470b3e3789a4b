import { utf8Text } from "@slipway/base";
import { parseSet, parseSetFile, parseSetJson, setFileName, type ValueOverride } from "@slipway/recipe";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import type { ValueFlags } from "../flags/value-flags.ts";

const MAX_FILE_BYTES = 10 * 1024 * 1024;

/**
 * The values that `--set`, `--set-json` and `--set-file` set, in this order.
 *
 * @throws SlipwayError INVALID_INPUT that quotes the argument; NOT_FOUND for a file that is not there
 */
export async function readOverrides(
  deps: CommandDeps,
  context: CommandContext,
  flags: ValueFlags,
): Promise<readonly ValueOverride[]> {
  const files = context.read(flags.setFile).map(async (argument) => {
    const file = setFileName(argument);
    return parseSetFile(argument, utf8Text(await deps.files.read(file, MAX_FILE_BYTES), file));
  });
  return [
    ...context.read(flags.set).map(parseSet),
    ...context.read(flags.setJson).map(parseSetJson),
    ...(await Promise.all(files)),
  ];
}
