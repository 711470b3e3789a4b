import { once } from "node:events";
import type { Duplex } from "node:stream";
import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { KubeApiError } from "../../errors.ts";
import { openEndpoint, type Endpoint } from "../../testing/endpoint.ts";
import { textFiles } from "../../testing/text-files.ts";
import { connectTransport } from "../connect.ts";
import type { Transport } from "../transport.ts";

let endpoint: Endpoint;
let transport: Transport;
/** Authorization of each attempt. */
let attempts: (string | undefined)[] = [];
let upgraded: Duplex[] = [];
const texts = new Map<string, string | null>();

/** A server that says hello at once to whoever has the token, and is silent below /silent. */
beforeEach(async () => {
  attempts = [];
  upgraded = [];
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (wanted) => [...wanted][0] ?? false });
  endpoint = await openEndpoint(
    undefined,
    (_request, response) => response.end(),
    (request, socket, head) => {
      upgraded.push(socket);
      if (request.url?.startsWith("/silent") === true) return;
      attempts.push(request.headers.authorization);
      if (request.headers.authorization === "Bearer good")
        sockets.handleUpgrade(request, socket, head, (open) => open.send(`hello ${request.url}`));
      else {
        const body = JSON.stringify({ kind: "Status", message: "Unauthorized", reason: "Unauthorized", code: 401 });
        socket.end(`HTTP/1.1 401 Unauthorized\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      }
    },
  );
  const config = {
    clusters: [{ name: "c", cluster: { server: endpoint.url } }],
    users: [{ name: "u", user: { tokenFile: "/token" } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
  };
  texts.set("/kubeconfig", JSON.stringify(config)).set("/token", "good");
  transport = await newTransport();
});

function newTransport(): Promise<Transport> {
  return connectTransport({ kubeconfig: "/kubeconfig", env: {}, files: textFiles(texts), userAgent: "test/1" });
}

afterEach(async () => {
  transport.close();
  for (const socket of upgraded) socket.destroy();
  await endpoint.stop();
});

const REQUEST = { path: "/x", query: [["command", "a b"]], protocols: ["v5", "v4"] } as const;

/** The messages of a socket, listened to before it opens. */
function messagesOf(socket: WebSocket): Promise<string> {
  return new Promise((resolve) =>
    socket.once("message", (data) => resolve(Array.isArray(data) ? "several" : new TextDecoder().decode(data))),
  );
}

test("a socket is open when it is given, and its first message is not lost", async () => {
  let first: Promise<string> | undefined;
  const socket = await transport.upgrade({
    ...REQUEST,
    onSocket: (opening) => {
      first = messagesOf(opening);
    },
  });
  expect([socket.readyState, socket.protocol, await first]).toEqual([socket.OPEN, "v5", "hello /x?command=a%20b"]);
  socket.close();
  await once(socket, "close");
});

/** Makes the transport read the token, which it then keeps. */
async function learnToken(): Promise<void> {
  const response = await transport.send({ method: "GET", path: "/" });
  response.close();
}

test("credentials are renewed once, and what the server says in the end is the error", async () => {
  texts.set("/token", "stale");
  await learnToken();
  texts.set("/token", "good");
  const socket = await transport.upgrade(REQUEST);
  expect(attempts).toEqual(["Bearer stale", "Bearer good"]);
  socket.terminate();
  texts.set("/token", "bad");
  const error = await rejectionOf((await newTransport()).upgrade(REQUEST));
  expect(error).toBeInstanceOf(KubeApiError);
  expect(error).toMatchObject({ code: "NOT_ALLOWED", reason: "Unauthorized", message: "Unauthorized" });
});

test("the signal ends a socket that opens, and one that is open, also after renewed credentials", async () => {
  const reason = new SlipwayError("INTERRUPTED", "interrupted");
  const stop = new AbortController();
  const opening = rejectionOf(transport.upgrade({ ...REQUEST, path: "/silent", signal: stop.signal }));
  setTimeout(() => stop.abort(reason), 20);
  expect(await opening).toBe(reason);
  texts.set("/token", "stale");
  transport = await newTransport();
  await learnToken();
  texts.set("/token", "good");
  const later = new AbortController();
  const socket = await transport.upgrade({ ...REQUEST, signal: later.signal });
  const closed = once(socket, "close");
  later.abort(reason);
  await closed;
  expect(attempts).toEqual(["Bearer stale", "Bearer good"]);
});

test("a socket that does not open has a time limit, and a server that is down is told", async () => {
  const late = await rejectionOf(transport.upgrade({ ...REQUEST, path: "/silent", timeoutMs: 30 }));
  expect(late.code).toBe("TIMED_OUT");
  for (const socket of upgraded) socket.destroy();
  await endpoint.stop();
  expect((await rejectionOf(transport.upgrade(REQUEST))).message).toBe(
    `the server ${endpoint.url} refuses the connection`,
  );
});
