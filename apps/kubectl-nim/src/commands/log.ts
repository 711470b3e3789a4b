import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";

/** `kubectl nim log`: what containers say, as it comes or in a bundle. */
export function logCommand(deps: NimDeps): Command {
  return {
    description: "Follows the logs of a service or a cache, or collects all that support needs.",
    flags: [],
    subcommands: [
      {
        name: "stream",
        summary: "follow the logs of every container of a service or a cache",
        load: async () => (await import("./log-stream.ts")).logStreamCommand(deps),
      },
      {
        name: "collect",
        aliases: ["gather"],
        summary: "write a bundle with objects, events and logs of a namespace",
        load: async () => (await import("./log-collect.ts")).logCollectCommand(deps),
      },
    ],
  };
}
