import { SlipwayError, messageOf } from "@slipway/base";
import type { Program } from "./command.ts";

/**
 * The error that a command ends with: a SlipwayError as it is, an interruption when the user asked for one, and anything
 * else as a bug with what to report.
 */
export function asFailure(
  thrown: unknown,
  program: Pick<Program, "name" | "version">,
  signal: AbortSignal,
): SlipwayError {
  if (signal.aborted) return new SlipwayError("INTERRUPTED", "interrupted", { cause: thrown });
  if (thrown instanceof SlipwayError && thrown.code !== "BUG") return thrown;
  const hint =
    `This is a bug in ${program.name} ${program.version}. Please report it with this command line and what it prints ` +
    "with --debug.";
  return new SlipwayError("BUG", messageOf(thrown), { hint, cause: thrown });
}
