import { SlipwayError, didYouMean } from "@slipway/base";
import { listOf, type Command } from "@slipway/terminal";
import { SHELLS, completionScript } from "@slipway/terminal/completion";
import type { NimDeps } from "../deps.ts";

/** `kubectl nim completion`: the script that makes a shell complete `kubectl-nim`; behind kubectl none is needed. */
export function completionCommand({ io }: NimDeps): Command {
  return {
    description:
      `Prints the script that makes a shell complete kubectl-nim: ${listOf(SHELLS)}. For "kubectl nim" nothing more is ` +
      "needed than kubectl's own completion and kubectl_complete-nim beside kubectl-nim in the PATH.",
    flags: [],
    args: [
      {
        name: "SHELL",
        summary: listOf(SHELLS),
        required: true,
        completion: () => Promise.resolve(SHELLS.map((value) => ({ value }))),
      },
    ],
    examples: [
      { meaning: "bash, in ~/.bashrc", command: "source <(kubectl-nim completion bash)" },
      { meaning: "zsh, in ~/.zshrc", command: "source <(kubectl-nim completion zsh)" },
      { meaning: "fish", command: "kubectl-nim completion fish > ~/.config/fish/completions/kubectl-nim.fish" },
    ],
    run: ({ args: [name = ""] }) => {
      const shell = SHELLS.find((candidate) => candidate === name);
      if (shell === undefined)
        return Promise.reject(
          new SlipwayError("USAGE", `"${name}" is no shell that kubectl-nim completes: ${listOf(SHELLS)}`, {
            hint: didYouMean(name, SHELLS),
          }),
        );
      io.stdout.write(completionScript(shell, "kubectl-nim"));
      return Promise.resolve("DONE");
    },
  };
}
