import { NIM_RESOURCES } from "@slipway/serving";
import type { Command } from "@slipway/terminal";
import { completeNames } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";
import { PROFILES_FLAGS } from "../flags/profiles-flags.ts";

/** `kubectl nim profiles`: the profiles of a model, and which of them fit. */
export function profilesCommand(deps: NimDeps): Command {
  return {
    description:
      "Lists the profiles of a model (engine, precision, GPUs) that a cache can choose from, or those of a list in a file, " +
      "and says which fit the GPUs of this cluster. FITS is yes when enough GPUs of the right product are free on a node, " +
      "busy when there are enough and others use them.",
    args: [
      {
        name: "CACHE",
        summary: "name of a NIMCache; not with --manifest",
        required: false,
        completion: completeNames(deps, NIM_RESOURCES.nimCaches),
      },
    ],
    flags: Object.values(PROFILES_FLAGS),
    examples: [
      { meaning: "of a cache", command: "kubectl nim profiles my-llm-cache" },
      { meaning: "those that could run now", command: "kubectl nim profiles my-llm-cache --fits" },
      {
        meaning: "of an image, before anything is created",
        command: "kubectl nim profiles --manifest model_manifest.yaml -o wide",
      },
    ],
    run: async (context) => (await import("./run-profiles.ts")).profiles(deps, context),
  };
}
