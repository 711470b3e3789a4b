import type { Command } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { CONFIG_FLAG } from "../flags/catalog-flags.ts";
import { VERIFY_FLAGS } from "../flags/verify-flags.ts";

/** `aicr verify`: whether a bundle is what was made. */
export function verifyCommand(deps: CommandDeps): Command {
  return {
    description:
      "Compares a bundle with its checksums: changed, missing and added files, links and paths that leave the bundle. " +
      "Ends with 1 when something is wrong or a rule is not met.",
    args: [{ name: "BUNDLE", summary: "a bundle's folder or .tar.gz", required: true, completion: "files" }],
    flags: [...Object.values(VERIFY_FLAGS), CONFIG_FLAG],
    examples: [{ meaning: "in a pipeline", command: "aicr verify bundle --format json" }],
    run: async (context) => (await import("./run-verify.ts")).verify(deps, context),
  };
}
