import type { Socket } from "node:net";
import { SlipwayError } from "@slipway/base";
import type { WebSocket } from "ws";
import type { RequestOptions } from "../../api.ts";
import type { Transport } from "../transport.ts";
import { onChannel, sendOn } from "./channels.ts";

/** Which port of a pod a WebSocket shall lead to. */
export interface TunnelOptions extends RequestOptions {
  /** Of the subresource `portforward`. */
  readonly path: string;
  readonly port: number;
  /** Names the port in messages. */
  readonly what: string;
}

/**
 * The channels of kubelets, which the API server passes on: for each port one for data and one for errors, each starting
 * with the number of the port in two bytes. The newer `SPDY/3.1+portforward.k8s.io` carries many connections in one
 * socket; it needs SPDY, and its name is none that a WebSocket client may send (RFC 6455: no slash).
 */
const PROTOCOL = "v4.channel.k8s.io";
const [DATA, ERROR] = [0, 1];
const PORT_BYTES = 2;
/**
 * How long a connection whose local side has nothing more to send waits in silence for what the pod still sends: the
 * channels have no message for the end of one direction.
 */
const LINGER_MS = 5000;

/**
 * Opens a WebSocket to a port of a pod, and connects it with a local connection if there is one: what either side sends
 * reaches the other, and a slow reader slows the sender.
 *
 * @throws KubeApiError when the server refuses
 */
export async function openTunnel(
  transport: Pick<Transport, "upgrade">,
  { path, port, what, signal, timeoutMs }: TunnelOptions,
  local: Socket | undefined,
): Promise<WebSocket> {
  local?.pause();
  const socket = await transport.upgrade({
    path,
    query: [["ports", String(port)]],
    protocols: [PROTOCOL],
    signal,
    timeoutMs,
    onSocket: (opening) => {
      if (local !== undefined) receive(opening, local, what);
    },
  });
  if (local !== undefined) send(local, socket);
  return socket;
}

function receive(socket: WebSocket, local: Socket, what: string): void {
  const started = new Set<number>();
  onChannel(socket, ({ channel, bytes }) => {
    const payload = started.has(channel) ? bytes : bytes.subarray(PORT_BYTES);
    started.add(channel);
    if (payload.length === 0) return;
    if (channel === DATA && !local.write(payload)) {
      socket.pause();
      local.once("drain", () => socket.resume());
    }
    if (channel === ERROR)
      local.destroy(new SlipwayError("UNAVAILABLE", `${what}: ${new TextDecoder().decode(payload)}`));
  });
  socket.on("close", () => local.end());
  local.on("close", () => socket.close());
}

function send(local: Socket, socket: WebSocket): void {
  local.on("data", (bytes) => {
    local.pause();
    sendOn(socket, DATA, bytes).then(
      () => local.resume(),
      () => local.destroy(),
    );
  });
  local.on("end", () => local.setTimeout(LINGER_MS, () => local.destroy()));
  local.resume();
}
