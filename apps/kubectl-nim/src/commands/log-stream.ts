import type { Command } from "@slipway/terminal";
import { completeTargets } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";
import { LOG_FLAGS } from "../flags/log-flags.ts";

/** `kubectl nim log stream`: the logs of all containers at once. */
export function logStreamCommand(deps: NimDeps): Command {
  const completion = completeTargets(deps);
  return {
    description:
      "Follows the logs of every container of every pod of a service, or of the job that fills a cache: those for " +
      "preparation and for debugging too. Pods and restarts that come later join. A log that cannot be read is told and does " +
      "not stop the others; Ctrl-C ends all.",
    args: [
      { name: "KIND", summary: "nimservice or nimcache; or KIND/NAME for each object", required: true, completion },
      { name: "NAME", summary: "names of objects", required: false, many: true, completion },
    ],
    flags: Object.values(LOG_FLAGS),
    examples: [
      { meaning: "all that a service says", command: "kubectl nim log stream nimservice my-llm" },
      { meaning: "how a cache is filled", command: "kubectl nim log stream nimcache/llama-cache -n nim-cache" },
      {
        meaning: "the last lines of one container",
        command: "kubectl nim log stream nimservice my-llm -c my-llm-ctr --tail 20 --no-follow",
      },
      { meaning: "why it was restarted", command: "kubectl nim log stream nimservice my-llm --previous" },
    ],
    run: async (context) => (await import("./run-log-stream.ts")).logStream(deps, context),
  };
}
