import type { CommandDeps, Connect } from "../deps.ts";
import { lazyExec } from "./exec-of.ts";

/** What a connection is made with. */
type ConnectDeps = Pick<CommandDeps, "io" | "files" | "build" | "exec">;

/** What reaches a cluster with kubectl's own configuration; its code is loaded when a command asks for a cluster. */
export function connectTo(deps: ConnectDeps): Connect {
  const { io, files, build } = deps;
  return async ({ kubeconfig, context, onWarning }) => {
    const { connect } = await import("@slipway/kube/node");
    const userAgent = `aicr/${build.version}`;
    return connect({ kubeconfig, context, env: io.env, files, exec: lazyExec(deps), userAgent, onWarning });
  };
}
