import type { KubeStreams } from "../../api.ts";
import type { Transport } from "../transport.ts";
import { logs } from "./logs.ts";
import { proxy } from "./proxy.ts";

/** Logs, commands, forwarded ports and proxied requests over a transport. WebSockets load their code when first used. */
export function streamsOf(transport: Transport): KubeStreams {
  return {
    logs: (pod, options) => logs(transport, pod, options),
    exec: async (pod, options) => (await import("./exec.ts")).exec(transport, pod, options),
    portForward: async (pod, options) => (await import("./port-forward.ts")).portForward(transport, pod, options),
    proxy: (request) => proxy(transport, request),
  };
}
