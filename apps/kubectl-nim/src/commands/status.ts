import type { Command } from "@slipway/terminal";
import { completeTargets } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";
import { LIST_FLAGS } from "../flags/list-flags.ts";

/** `kubectl nim status`: how services and caches are doing, and what is around one of them. */
export function statusCommand(deps: NimDeps): Command {
  const completion = completeTargets(deps);
  return {
    description:
      "Says how NIM services or caches are doing. TYPE/STATUS and MESSAGE are those of the condition that decides: Failed, if " +
      "it has a message, else Ready, else the first with a message. With one name, also pods, storage, conditions and events.",
    args: [
      { name: "KIND", summary: "nimservice or nimcache; or KIND/NAME for each object", required: true, completion },
      { name: "NAME", summary: "names of objects", required: false, many: true, completion },
    ],
    flags: Object.values(LIST_FLAGS),
    examples: [
      { meaning: "all services of the namespace", command: "kubectl nim status nimservice" },
      {
        meaning: "one cache, with its Job, pods, storage and events",
        command: "kubectl nim status nimcache llama-cache",
      },
      { meaning: "for a program", command: "kubectl nim status nimservice my-llm -o json" },
    ],
    run: async (context) => (await import("./run-status.ts")).status(deps, context),
  };
}
