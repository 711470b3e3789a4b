import type { Command } from "@slipway/terminal";
import { completeTargets } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";
import { GET_FLAGS } from "../flags/list-flags.ts";

/** `kubectl nim get`: services and caches as rows, or whole. */
export function getCommand(deps: NimDeps): Command {
  const completion = completeTargets(deps);
  return {
    description:
      "Lists NIM services or caches, or shows those that are named. ENDPOINT is where a service can be reached: from outside " +
      "the cluster where that is known, else inside it. REPLICAS are those available, of those wanted.",
    args: [
      { name: "KIND", summary: "nimservice or nimcache; or KIND/NAME for each object", required: true, completion },
      { name: "NAME", summary: "names of objects", required: false, many: true, completion },
    ],
    flags: Object.values(GET_FLAGS),
    examples: [
      { meaning: "the services of the namespace", command: "kubectl nim get nimservice" },
      {
        meaning: "of all namespaces, newest last",
        command: "kubectl nim get nimservice -A --sort-by=.metadata.creationTimestamp",
      },
      {
        meaning: "the address of one",
        command: "kubectl nim get nimservice my-llm -o jsonpath='{.status.model.clusterEndpoint}'",
      },
      { meaning: "caches as they fill", command: "kubectl nim get nimcache --watch" },
    ],
    run: async (context) => (await import("./run-get.ts")).get(deps, context),
  };
}
