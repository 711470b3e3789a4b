import { NIM_RESOURCES } from "@slipway/serving";
import type { Command } from "@slipway/terminal";
import { completeNames } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";
import { CHAT_FLAGS } from "../flags/chat-flags.ts";

/** `kubectl nim chat`: asks the model of a service. */
export function chatCommand(deps: NimDeps): Command {
  return {
    description:
      "Asks the model of a service, through a port that is forwarded for that time: no ingress is needed. The answer goes to " +
      "standard output as it comes; behind it standard error says how long the first token took and how many came a second. " +
      "Without PROMPT it reads standard input, or, on a terminal, holds a conversation (/clear forgets it, /exit or Ctrl-D " +
      "ends it).",
    args: [
      {
        name: "NAME",
        summary: "name of the NIMService",
        required: true,
        completion: completeNames(deps, NIM_RESOURCES.nimServices),
      },
      { name: "PROMPT", summary: "what is asked", required: false, many: true },
    ],
    flags: Object.values(CHAT_FLAGS),
    examples: [
      { meaning: "does it answer, and how fast?", command: `kubectl nim chat my-llm "Write a haiku about ships"` },
      { meaning: "a conversation", command: `kubectl nim chat my-llm --system "Answer in one sentence"` },
      { meaning: "about a file", command: "kubectl nim chat my-llm --max-tokens 300 < report.txt" },
    ],
    run: async (context) => (await import("./run-chat.ts")).chat(deps, context),
  };
}
