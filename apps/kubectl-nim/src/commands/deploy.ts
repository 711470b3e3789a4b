import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { ALL_DEPLOY_FLAGS } from "../flags/deploy-flags.ts";

/** `kubectl nim deploy`: from a model to a running service, by answering questions. */
export function deployCommand(deps: NimDeps): Command {
  return {
    description:
      "Asks what to serve and makes what it needs: a cache for the model if wanted, and the service. On a terminal " +
      "with arrow keys; in a pipe the same questions in the same order, one line for each answer. A question that a flag or the " +
      "file of --answers answers is not asked. The server checks everything before anything is made.",
    args: [{ name: "NAME", summary: "name of the service", required: true }],
    flags: ALL_DEPLOY_FLAGS,
    examples: [
      { meaning: "guided", command: "kubectl nim deploy my-llm" },
      {
        meaning: "unattended, without a cache",
        command:
          "kubectl nim deploy my-llm --no-cache --model-url ngc://nvidia/nemo/llama-3:2.0 --storage-class '' --yes",
      },
      { meaning: "with answers from a file", command: "kubectl nim deploy my-llm --answers answers.yaml --yes --wait" },
      {
        meaning: "only print what would be made",
        command: "kubectl nim deploy my-llm --answers answers.yaml --dry-run=client -o yaml",
      },
    ],
    run: async (context) => (await import("./run-deploy.ts")).deploy(deps, context),
  };
}
