import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";
import { COLLECT_FLAGS } from "../flags/collect-flags.ts";

/** `kubectl nim log collect`: all that support needs, in a directory or an archive. */
export function logCollectCommand(deps: NimDeps): Command {
  return {
    description:
      "Writes a bundle with what is needed to help from afar: objects, events, pods and logs of the namespace, the operator, " +
      "storage and GPU nodes; NeMo microservices with --nemo-namespace. Secrets are taken out of everything. index.json in it " +
      "says what each file is and what could not be read; then the exit status is 1.",
    args: [],
    flags: Object.values(COLLECT_FLAGS),
    examples: [
      { meaning: "of the current namespace", command: "kubectl nim log collect" },
      {
        meaning: "of another one, as one file",
        command: "kubectl nim log collect -n nim-service --output-directory nim.tar.gz",
      },
      { meaning: "with little of the logs", command: "kubectl nim log collect --since 2h --tail 10000" },
    ],
    run: async (context) => (await import("./run-log-collect.ts")).logCollect(deps, context),
  };
}
