import { SlipwayError, didYouMean } from "@slipway/base";
import { listOf, type Command } from "@slipway/terminal";
import { SHELLS, completionScript } from "@slipway/terminal/completion";
import type { CommandDeps } from "../deps.ts";

/** `aicr completion`: the script that makes a shell complete aicr's command lines. */
export function completionCommand(deps: CommandDeps): Command {
  return {
    description: `Prints the script that makes a shell complete the command line: ${listOf(SHELLS)}.`,
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
      { meaning: "bash, in ~/.bashrc", command: "source <(aicr completion bash)" },
      { meaning: "zsh, in ~/.zshrc", command: "source <(aicr completion zsh)" },
      { meaning: "fish", command: "aicr completion fish > ~/.config/fish/completions/aicr.fish" },
      { meaning: "PowerShell, in $PROFILE", command: "aicr completion powershell | Out-String | Invoke-Expression" },
    ],
    run: ({ args: [name = ""] }) => {
      const shell = SHELLS.find((candidate) => candidate === name);
      if (shell === undefined)
        return Promise.reject(
          new SlipwayError("USAGE", `"${name}" is no shell that aicr completes: ${listOf(SHELLS)}`, {
            hint: didYouMean(name, SHELLS),
          }),
        );
      deps.io.stdout.write(completionScript(shell, "aicr"));
      return Promise.resolve("DONE");
    },
  };
}
