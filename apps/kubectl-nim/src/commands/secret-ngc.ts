import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { NGC_SECRET_FLAGS, SECRET_FLAGS } from "../flags/secret-flags.ts";

/** `kubectl nim secret ngc`. */
export function secretNgcCommand(deps: NimDeps): Command {
  return {
    description:
      "Creates the two secrets that a key of NGC is kept in: one that images of nvcr.io are pulled with, and one that models are " +
      "loaded with (NGC_API_KEY). The key is asked for without being shown, or comes from a variable or standard input; it is " +
      "never printed, with -o neither. Keys are made at org.ngc.nvidia.com/setup.",
    args: [{ name: "NAME", summary: "name of the secret with the API key (default ngc-api-secret)", required: false }],
    flags: [...Object.values(NGC_SECRET_FLAGS), ...Object.values(SECRET_FLAGS)],
    examples: [
      { meaning: "be asked for the key", command: "kubectl nim secret ngc" },
      { meaning: "in a script", command: "kubectl nim secret ngc --from-env=NGC_API_KEY" },
      {
        meaning: "a new key for the secrets that are there",
        command: "kubectl nim secret ngc --replace --from-stdin < key.txt",
      },
    ],
    run: async (context) => (await import("./run-secret.ts")).secretNgc(deps, context),
  };
}
