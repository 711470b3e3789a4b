import { SlipwayError, didYouMean, type Io } from "@slipway/base";
import type { Command } from "../command.ts";
import { listOf } from "../flag.ts";
import { SHELLS, completionScript } from "./scripts.ts";

/**
 * The command that prints the script with which a shell completes a program.
 *
 * @param program its file's name, as shells know it
 * @param more sentences behind the first of its help
 */
export function completionCommand(io: Pick<Io, "stdout">, program: string, more = ""): Command {
  const shells = listOf(SHELLS);
  return {
    description: `Prints the script that makes a shell complete ${program}: ${shells}.${more === "" ? "" : ` ${more}`}`,
    flags: [],
    args: [
      {
        name: "SHELL",
        summary: shells,
        required: true,
        completion: () => Promise.resolve(SHELLS.map((value) => ({ value }))),
      },
    ],
    examples: [
      { meaning: "bash, in ~/.bashrc", command: `source <(${program} completion bash)` },
      { meaning: "zsh, in ~/.zshrc", command: `source <(${program} completion zsh)` },
      { meaning: "fish", command: `${program} completion fish > ~/.config/fish/completions/${program}.fish` },
      {
        meaning: "PowerShell, in $PROFILE",
        command: `${program} completion powershell | Out-String | Invoke-Expression`,
      },
    ],
    run: ({ args: [name = ""] }) => {
      const shell = SHELLS.find((candidate) => candidate === name);
      if (shell === undefined)
        return Promise.reject(
          new SlipwayError("USAGE", `"${name}" is no shell that ${program} completes: ${shells}`, {
            hint: didYouMean(name, SHELLS),
          }),
        );
      io.stdout.write(completionScript(shell, program));
      return Promise.resolve("DONE");
    },
  };
}

export { SHELLS, completionScript, type Shell } from "./scripts.ts";
