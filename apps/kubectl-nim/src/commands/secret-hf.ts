import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { SECRET_FLAGS } from "../flags/secret-flags.ts";

/** `kubectl nim secret hf`. */
export function secretHfCommand(deps: NimDeps): Command {
  return {
    description:
      "Creates the secret that models of Hugging Face are loaded with (HF_TOKEN). The token is asked for without being shown, or " +
      "comes from a variable or standard input; it is never printed, with -o neither. Tokens are made at " +
      "huggingface.co/settings/tokens.",
    args: [{ name: "NAME", summary: "name of the secret (default hf-api-secret)", required: false }],
    flags: Object.values(SECRET_FLAGS),
    examples: [
      { meaning: "be asked for the token", command: "kubectl nim secret hf" },
      { meaning: "in a script", command: "kubectl nim secret hf --from-env=HF_TOKEN" },
    ],
    run: async (context) => (await import("./run-secret.ts")).secretHf(deps, context),
  };
}
