import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { attemptOf, checkAccess } from "./access.ts";
import { failureOf, seenRequest, type Server } from "./answer.ts";
import { serveExec } from "./exec.ts";
import { ApiFailure } from "./failure.ts";
import { serveForward } from "./forward.ts";
import { objectRequest, type ObjectRequest } from "./request.ts";

/** Subprotocols of streams that a server speaks, and the sockets that are open. */
export interface Upgrades {
  readonly protocols: readonly string[];
  readonly sockets: Set<Duplex>;
}

/** Answers a request for a WebSocket to a container. Never throws. */
export async function upgrade(
  server: Server,
  { protocols, sockets }: Upgrades,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  try {
    const seen = await seenRequest(server, request);
    const fault = server.faults.next(seen);
    if (fault?.reason !== undefined) throw new ApiFailure(fault.reason, "a test has ordered this failure");
    if (fault?.cutAfter !== undefined) return void socket.destroy();
    const asked = objectRequest(seen, server.store.kinds());
    checkAccess(attemptOf(asked), seen.user, server.access);
    server.store.get(asked.target);
    const serve = servantOf(server, asked);
    const wanted = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
    const chosen = wanted.find((name) => protocols.includes(name));
    if (chosen === undefined)
      throw new ApiFailure("BadRequest", `unable to upgrade: no protocol of ${wanted.join(", ")} is spoken here`);
    const endpoint = new WebSocketServer({ noServer: true, handleProtocols: () => chosen });
    endpoint.handleUpgrade(request, socket, head, serve);
  } catch (error) {
    refuse(socket, failureOf(error));
  }
}

function servantOf({ scripts }: Server, asked: ObjectRequest): (socket: WebSocket) => void {
  if (asked.target.kind.kind === "Pod" && asked.target.subresource === "exec")
    return (socket) => void serveExec(socket, asked, (call) => scripts.exec(call));
  if (asked.target.kind.kind === "Pod" && asked.target.subresource === "portforward")
    return (socket) => serveForward(socket, asked, (call) => scripts.forward(call));
  throw new ApiFailure("NotFound", "the server could not find the requested resource");
}

function refuse(socket: Duplex, failure: ApiFailure): void {
  const body = JSON.stringify(failure.status());
  const head = [
    `HTTP/1.1 ${failure.code} ${failure.reason}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
