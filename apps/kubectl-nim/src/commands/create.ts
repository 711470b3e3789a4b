import { nimKindOf, type NimKind } from "@slipway/serving";
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
        spelling: spellingOf("NIMService"),
        summary: "a service that runs a model",
        load: async () => (await import("./create-nimservice.ts")).createNimServiceCommand(deps),
      },
      {
        name: "nimcache",
        spelling: spellingOf("NIMCache"),
        summary: "a cache that holds a model",
        load: async () => (await import("./create-nimcache.ts")).createNimCacheCommand(deps),
      },
    ],
  };
}

/** The kind in any spelling, alone or as `KIND/NAME`. */
function spellingOf(kind: NimKind): (word: string) => readonly string[] | undefined {
  return (word) => {
    const [first = "", ...name] = word.split("/");
    if (nimKindOf(first)?.kind !== kind) return undefined;
    return name.length === 0 ? [] : [name.join("/")];
  };
}
