import type { Exec, Files, Io } from "@slipway/base";
import type { BuildInfo, Connect } from "../deps.ts";

/** What a connection is made with. */
export interface ConnectDeps {
  readonly io: Io;
  readonly files: Files;
  readonly build: BuildInfo;
  readonly exec: Exec | undefined;
}

/** What reaches a cluster with kubectl's own configuration; its code is loaded when a command asks for a cluster. */
export function connectTo({ io, files, build, exec }: ConnectDeps): Connect {
  const helpers: Exec = {
    run: async (program, args, options) =>
      (exec ?? (await import("@slipway/terminal/exec")).nodeExec).run(program, args, options),
  };
  return async (choice) => {
    const { connect } = await import("@slipway/kube/node");
    return connect({ ...choice, env: io.env, files, exec: helpers, userAgent: `kubectl-nim/${build.version}` });
  };
}
