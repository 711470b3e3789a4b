import type { Command } from "@slipway/terminal";
import { completeNamesOrTargets } from "../actions/complete.ts";
import type { NimDeps } from "../deps.ts";
import { REPORT_FLAG } from "../flags/report-flag.ts";

/** `kubectl nim explain`: why an object is not up. */
export function explainCommand(deps: NimDeps): Command {
  const completion = completeNamesOrTargets(deps);
  return {
    description:
      "Finds out why a service or a cache is not up: joins the object, its conditions, workload, pods, volume claim, secrets, " +
      "events and the last lines of what crashed into one cause and one next step. Follows a service to the cache that it " +
      "waits for. A name alone means the service of that name, else the cache. Nothing is changed. Exit status 0: it is up, " +
      "under way or switched off; 1: there is a problem, or the cause is not known.",
    args: [
      { name: "KIND", summary: "nimservice or nimcache; or KIND/NAME; or NAME alone", required: true, completion },
      { name: "NAME", summary: "name of the object", required: false, completion },
    ],
    flags: [REPORT_FLAG],
    examples: [
      { meaning: "a service, or the cache of that name", command: "kubectl nim explain my-llm" },
      { meaning: "a cache, for a program", command: "kubectl nim explain nimcache my-llm-cache -o json" },
    ],
    run: async (context) => (await import("./run-explain.ts")).explain(deps, context),
  };
}
