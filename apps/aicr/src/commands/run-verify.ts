import { resolve } from "node:path";
import { SlipwayError, writeJson, type ExitName } from "@slipway/base";
import {
  parseMinimumTrustLevel,
  trustShortfall,
  verificationText,
  verificationTree,
  verifyBundle,
  type Verification,
} from "@slipway/bundle/publish";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { VERIFY_FLAGS } from "../flags/verify-flags.ts";

/** What `aicr verify` does: prints what it found, and fails when that is not enough. */
export async function verify(deps: CommandDeps, context: CommandContext): Promise<ExitName> {
  const { read, args } = context;
  const [source = ""] = args;
  const format = read(VERIFY_FLAGS.format);
  const minimum = parseMinimumTrustLevel(read(VERIFY_FLAGS.minTrustLevel) ?? "max");
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source))
    throw new SlipwayError("USAGE", `${source} is an address: a bundle in a registry or on a server is not verified`, {
      hint: "Pull it first, then verify the folder or the .tar.gz that you have: oras pull HOST/REPOSITORY:TAG",
    });
  const verification = await verifyBundle(resolve(deps.io.cwd, source), { signal: deps.io.signal });
  deps.io.stdout.write(
    format === "json" ? writeJson(verificationTree(verification)) : verificationText(source, verification),
  );
  const failure = failureOf(verification) ?? trustShortfall(verification.trustLevel, minimum) ?? ruleFailure(context);
  if (failure !== undefined) throw new SlipwayError("ANSWER_IS_NO", `${source}: ${failure}`);
  return "DONE";
}

function failureOf({ errors }: Verification): string | undefined {
  if (errors.length === 0) return undefined;
  return `verification failed with ${errors.length} ${errors.length === 1 ? "error" : "errors"}`;
}

/** Who made a bundle, and with what, is what an attestation says; checksums alone show neither. */
function ruleFailure({ read }: CommandContext): string | undefined {
  const rules = [VERIFY_FLAGS.requireCreator, VERIFY_FLAGS.cliVersionConstraint].filter(
    (flag) => (read(flag) ?? "") !== "",
  );
  return rules.length === 0 ? undefined : `without an attestation --${rules[0]?.name ?? ""} is not met`;
}
