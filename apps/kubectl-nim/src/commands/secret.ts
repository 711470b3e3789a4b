import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";

/** `kubectl nim secret`: the secrets that services and caches name. */
export function secretCommand(deps: NimDeps): Command {
  return {
    description: "Creates the secrets that services and caches need, with the right types and keys.",
    flags: [],
    subcommands: [
      {
        name: "ngc",
        summary: "the secrets that pull images and models from NGC",
        load: async () => (await import("./secret-ngc.ts")).secretNgcCommand(deps),
      },
      {
        name: "hf",
        summary: "the secret that loads models from Hugging Face",
        load: async () => (await import("./secret-hf.ts")).secretHfCommand(deps),
      },
    ],
  };
}
