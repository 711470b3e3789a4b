import type { Command } from "@slipway/terminal";
import { completeTargets } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";
import { DELETE_FLAGS } from "../flags/delete-flags.ts";

/** `kubectl nim delete`: services and caches, with what they own. */
export function deleteCommand(deps: NimDeps): Command {
  const completion = completeTargets(deps);
  return {
    description:
      "Deletes NIM services or caches of one namespace: looks at each first, says what goes with it and what stays, and on a " +
      "terminal asks. In a pipe named objects are deleted without a question; -l and --all need --yes there.",
    args: [
      { name: "KIND", summary: "nimservice or nimcache; or KIND/NAME for each object", required: true, completion },
      { name: "NAME", summary: "names of objects", required: false, many: true, completion },
    ],
    flags: Object.values(DELETE_FLAGS),
    examples: [
      { meaning: "a service", command: "kubectl nim delete nimservice my-llm" },
      { meaning: "a service and its cache", command: "kubectl nim delete nimservice/my-llm nimcache/my-llm-cache" },
      { meaning: "what would go?", command: "kubectl nim delete nimservice my-llm --dry-run=server" },
      { meaning: "all services of a team, in a script", command: "kubectl nim delete nimservice -l team=search --yes" },
    ],
    run: async (context) => (await import("./run-delete.ts")).deleteObjects(deps, context),
  };
}
