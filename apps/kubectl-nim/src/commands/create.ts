import type { Command } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";

/** `kubectl nim create`: one command for each kind. */
export function createCommand(deps: NimDeps): Command {
  return {
    description: "Creates a NIM service, or a cache that holds a model for services.",
    flags: [],
    subcommands: [
      {
        name: "nimservice",
        aliases: ["nimservices"],
        summary: "a service that runs a model",
        load: async () => (await import("./create-nimservice.ts")).createNimServiceCommand(deps),
      },
      {
        name: "nimcache",
        aliases: ["nimcaches"],
        summary: "a cache that holds a model",
        load: async () => (await import("./create-nimcache.ts")).createNimCacheCommand(deps),
      },
    ],
  };
}
