import { SlipwayError } from "@slipway/base";
import type { CommandDeps, Connect } from "../deps.ts";

/** What reaches a cluster with kubectl's own configuration; its code is loaded when a command asks for a cluster. */
export function connectTo(_deps: Pick<CommandDeps, "io" | "files" | "build" | "exec">): Connect {
  return () => Promise.reject(new SlipwayError("UNAVAILABLE", "this build cannot reach a cluster"));
}
