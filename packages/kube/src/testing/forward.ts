import { connect } from "node:net";
import { messageOf } from "@slipway/base";
import type { WebSocket } from "ws";
import { bytesOf } from "./frames.ts";
import type { ObjectRequest } from "./request.ts";

/** A port of a pod that somebody reaches for. */
export interface ForwardCall {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** Plays the pod. @returns the port on 127.0.0.1 that stands for the port of the pod; throws what the kubelet would say */
export type ForwardScript = (call: ForwardCall) => number;

const [DATA, ERROR] = [0, 1];

/** Connects the first port of a request, with the channels that kubelets speak: each starts with the number of the port. */
export function serveForward(socket: WebSocket, { target, query }: ObjectRequest, script: ForwardScript): void {
  const port = Number(query.get("ports"));
  const send = (channel: number, chunk: Uint8Array): void => {
    if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.of(channel), chunk]));
  };
  const number = Buffer.of(port & 0xff, port >> 8);
  send(DATA, number);
  send(ERROR, number);
  const fail = (error: unknown): void => {
    send(ERROR, Buffer.from(`error forwarding port ${port} to pod ${target.name}: ${messageOf(error)}`));
    socket.close();
  };
  try {
    const pod = connect(script({ namespace: target.namespace, pod: target.name, port }), "127.0.0.1");
    pod
      .on("data", (chunk) => send(DATA, chunk))
      .on("error", fail)
      .on("close", () => socket.close());
    socket.on("message", (data) => {
      const bytes = bytesOf(data);
      if (bytes[0] === DATA) pod.write(bytes.subarray(1));
    });
    socket.on("close", () => pod.destroy());
  } catch (error) {
    fail(error);
  }
}
