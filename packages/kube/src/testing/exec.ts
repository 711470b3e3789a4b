import { messageOf } from "@slipway/base";
import type { WebSocket } from "ws";
import { bytesOf } from "./frames.ts";
import type { ObjectRequest } from "./request.ts";

/** A command that somebody runs in a container. */
export interface ExecCall {
  readonly namespace: string;
  readonly pod: string;
  /** Empty for the only one. */
  readonly container: string;
  readonly command: readonly string[];
  /** The subprotocol that was agreed on. */
  readonly protocol: string;
  /** What the client sends; ends when it closes its side, which only v5 can say. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: (chunk: string | Uint8Array) => void;
  readonly stderr: (chunk: string | Uint8Array) => void;
}

/** Plays the container. @returns the exit status */
export type ExecScript = (call: ExecCall) => number | Promise<number>;

const [STDIN, STDOUT, STDERR, STATUS, CLOSE] = [0, 1, 2, 3, 255];

/** Runs a script behind a WebSocket with the channels of `v4.channel.k8s.io` and `v5.channel.k8s.io`. */
export async function serveExec(socket: WebSocket, request: ObjectRequest, script: ExecScript): Promise<void> {
  const { target, query } = request;
  const send = (channel: number, chunk: string | Uint8Array): void => {
    if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(chunk)]));
  };
  const call: ExecCall = {
    namespace: target.namespace,
    pod: target.name,
    container: query.get("container") ?? "",
    command: query.getAll("command"),
    protocol: socket.protocol,
    stdin: stdinOf(socket),
    stdout: (chunk) => send(STDOUT, chunk),
    stderr: (chunk) => send(STDERR, chunk),
  };
  // Real servers begin with an empty message on each channel that they write to.
  for (const channel of [STDOUT, STDERR, STATUS]) send(channel, "");
  send(STATUS, JSON.stringify(await ending(call, script)));
  socket.close(1000);
}

async function ending(call: ExecCall, script: ExecScript): Promise<object> {
  try {
    const status = await script(call);
    if (status === 0) return { metadata: {}, status: "Success" };
    return {
      metadata: {},
      status: "Failure",
      message: `command terminated with non-zero exit code: exit status ${status}`,
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: String(status) }] },
    };
  } catch (error) {
    return { metadata: {}, status: "Failure", reason: "InternalError", code: 500, message: messageOf(error) };
  }
}

async function* stdinOf(socket: WebSocket): AsyncGenerator<Uint8Array, void, undefined> {
  const waiting: Uint8Array[] = [];
  let ended = false;
  let wake = (): void => undefined;
  socket.on("message", (data) => {
    const bytes = bytesOf(data);
    if (bytes[0] === STDIN) waiting.push(bytes.subarray(1));
    if (bytes[0] === CLOSE && bytes[1] === STDIN) ended = true;
    wake();
  });
  socket.on("close", () => {
    ended = true;
    wake();
  });
  for (;;) {
    const next = waiting.shift();
    if (next !== undefined) yield next;
    else if (ended) return;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
