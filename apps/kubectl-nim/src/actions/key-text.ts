import { SlipwayError, utf8Text } from "@slipway/base";
import { keyProblem, looksLikeKey, type KeyOwner } from "@slipway/serving/secrets";
import type { CommandContext } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { SECRET_FLAGS } from "../flags/secret-flags.ts";

/** Most bytes of standard input that are looked at for a key. */
const MOST_BYTES = 64 * 1024;

/**
 * The key that the flags lead to: from a variable, from standard input, or typed and not shown.
 *
 * @throws SlipwayError USAGE where there is none; no message holds what might be a key
 */
export async function keyText(deps: NimDeps, { read }: CommandContext, owner: KeyOwner): Promise<string> {
  const { io } = deps;
  const variable = read(SECRET_FLAGS.fromEnv);
  if (variable !== undefined && read(SECRET_FLAGS.fromStdin))
    throw new SlipwayError("USAGE", "--from-env and --from-stdin exclude each other: the key comes from one place");
  if (variable !== undefined) return fromVariable(deps, variable);
  if (read(SECRET_FLAGS.fromStdin)) return utf8Text(await io.stdin.read(MOST_BYTES), "standard input");
  const { canAsk, createPrompter } = await import("@slipway/terminal/prompt");
  const usual = owner === "ngc" ? "NGC_API_KEY" : "HF_TOKEN";
  if (!canAsk(io))
    throw new SlipwayError("USAGE", "where is the key? There is no terminal to ask on", {
      hint: `Give --from-env=${usual}, or --from-stdin.`,
    });
  const prompter = await createPrompter(io);
  const message = owner === "ngc" ? "NGC API key" : "Hugging Face token";
  return await prompter.secret({ message, check: keyProblem });
}

function fromVariable({ io }: NimDeps, variable: string): string {
  if (looksLikeKey(variable) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))
    throw new SlipwayError("USAGE", "--from-env takes the name of a variable, and not the key itself", {
      hint: "For example --from-env=NGC_API_KEY.",
    });
  const value = io.env[variable];
  if (value !== undefined && value.trim() !== "") return value;
  throw new SlipwayError(
    "USAGE",
    `--from-env: the environment variable ${variable} is ${value === undefined ? "not set" : "empty"}`,
  );
}
