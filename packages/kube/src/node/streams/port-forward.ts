import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { SlipwayError, messageOf } from "@slipway/base";
import type { ForwardedPort, RequestOptions } from "../../api.ts";
import { KubeApiError } from "../../errors.ts";
import { deferred } from "../../deferred.ts";
import { RESOURCES, resourcePath } from "../../resources.ts";
import type { Transport } from "../transport.ts";
import { openTunnel } from "./tunnel.ts";

/** Which port of a pod is wanted, and where. */
export interface ForwardOptions extends RequestOptions {
  readonly namespace: string;
  readonly port: number;
  /** 0, or nothing, takes a free one. */
  readonly localPort?: number;
}

/**
 * Listens on 127.0.0.1 and connects whoever comes with a port of a pod; each connection has a WebSocket of its own. A
 * first one is opened at once, so that a pod that is not there or may not be reached is said before anybody connects; when
 * the server says so later, that is the end of it.
 * `signal` ends it all.
 *
 * @throws KubeApiError when the server refuses; SlipwayError UNAVAILABLE when the local port is taken
 */
export async function portForward(
  transport: Pick<Transport, "upgrade">,
  pod: string,
  options: ForwardOptions,
): Promise<ForwardedPort> {
  const { signal, timeoutMs, namespace, port } = options;
  const stop = new AbortController();
  const tunnel = {
    path: resourcePath(RESOURCES.pods, { namespace, name: pod, subresource: "portforward" }),
    port,
    what: `port ${port} of pod ${namespace}/${pod}`,
    signal: signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]),
    timeoutMs,
  };
  (await openTunnel(transport, tunnel, undefined)).close();
  const { promise: closed, resolve, reject } = deferred<void>();
  // Not everybody waits for the end.
  closed.catch(() => undefined);
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    openTunnel(transport, tunnel, socket).catch((error: unknown) => {
      const isLost = !socket.destroyed && error instanceof KubeApiError && error.status < 500;
      socket.destroy();
      if (isLost) end(error);
    });
  });
  const end = (error?: unknown): void => {
    stop.abort();
    for (const socket of sockets) socket.destroy();
    server.close();
    if (error === undefined) resolve();
    else reject(error);
  };
  const localPort = await listen(server, options.localPort ?? 0);
  signal?.addEventListener("abort", () => end(signal.reason), { once: true });
  if (signal?.aborted === true) end(signal.reason);
  return {
    localPort,
    closed,
    close: async () => {
      end();
      await closed.catch(() => undefined);
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new SlipwayError("UNAVAILABLE", `port ${port} of this machine cannot be used: ${messageOf(error)}`, {
          cause: error,
          hint: "Choose another local port, or 0 for any free one.",
        }),
      ),
    );
    server.listen(port, "127.0.0.1", () => resolve(portOf(server.address())));
  });
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
