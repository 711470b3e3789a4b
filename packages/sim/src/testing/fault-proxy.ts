import { once } from "node:events";
import { createServer, request, type RequestOptions, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { TLSSocket, connect } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import type { Duplex } from "node:stream";
import { writeJson } from "@slipway/base";
import type { ControlPlane } from "../control-plane/control-plane.ts";
import { portOf } from "../control-plane/ports.ts";

/** What may go wrong between a client and the API server. Faults hold until they are used up or taken back. */
export interface FaultProxy {
  readonly server: string;
  /** Path of a kubeconfig of the administrator that leads through the proxy. */
  readonly kubeconfig: string;
  /** `METHOD path?query` of every request so far, in order of arrival. */
  readonly requests: readonly string[];
  /** Holds back every answer for so long; 0 takes it back. */
  delay(milliseconds: number): void;
  /** The next requests get this status in place of an answer, 429 and 5xx with Retry-After. */
  refuseNext(count: number, options?: { readonly status?: number; readonly retryAfterSeconds?: number }): void;
  /** The connections of the next requests end after so many bytes of the answer's body. */
  cutNext(count: number, options?: { readonly afterBytes?: number }): void;
  /** Requests get no answer at all until `stall(false)`; then they go on. */
  stall(on: boolean): void;
  /** Ends all connections that are open now. */
  cutAll(): void;
  /** Nobody listens until `listen(true)`; open connections end. */
  listen(on: boolean): Promise<void>;
  close(): Promise<void>;
}

interface Refusal {
  readonly status: number;
  readonly retryAfterSeconds: number;
}

/** Faults as they are set at the moment. */
interface Faults {
  delayMs: number;
  refusals: Refusal[];
  cuts: number[];
  stalled: PromiseWithResolvers<void> | undefined;
}

/**
 * Starts a proxy in front of an API server. It ends TLS with a certificate of the cluster's authority. Tokens are
 * passed on as they are; a client certificate cannot be, so its user is impersonated.
 */
export async function startFaultProxy(cluster: ControlPlane): Promise<FaultProxy> {
  const faults: Faults = { delayMs: 0, refusals: [], cuts: [], stalled: undefined };
  const requests: string[] = [];
  const sockets = new Set<Duplex>();
  const { cert, key } = await cluster.servingCertificate();
  const proxy = createServer({ cert, key, ca: cluster.ca, requestCert: true, rejectUnauthorized: false });
  proxy.on("secureConnection", (socket: TLSSocket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => {});
  });
  proxy.on("request", (incoming: IncomingMessage, response: ServerResponse) => {
    requests.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    handle(cluster, faults, incoming, response).catch(() => incoming.socket.destroy());
  });
  proxy.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    requests.push(`${incoming.method ?? ""} ${incoming.url ?? ""}`);
    upgrade(cluster, faults, incoming, socket, head).catch(() => socket.destroy());
  });
  await listenOn(proxy, 0);
  const port = portOf(proxy);
  const server = `https://127.0.0.1:${port}`;
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = async (on: boolean): Promise<void> => {
    if (on === proxy.listening) return;
    if (on) return await listenOn(proxy, port);
    proxy.close();
    cutAll();
    await once(proxy, "close");
  };
  return {
    server,
    kubeconfig: await cluster.kubeconfigFor({ user: "admin", groups: ["system:masters"] }, { server }),
    requests,
    ...controls(faults),
    cutAll,
    listen,
    close: async () => await listen(false),
  };
}

async function listenOn(server: Server, port: number): Promise<void> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
}

function controls(faults: Faults): Pick<FaultProxy, "delay" | "refuseNext" | "cutNext" | "stall"> {
  return {
    delay: (milliseconds) => {
      faults.delayMs = milliseconds;
    },
    refuseNext: (count, { status = 429, retryAfterSeconds = 1 } = {}) => {
      faults.refusals = Array.from({ length: count }, () => ({ status, retryAfterSeconds }));
    },
    cutNext: (count, { afterBytes = 0 } = {}) => {
      faults.cuts = Array.from({ length: count }, () => afterBytes);
    },
    stall: (on) => {
      if (on) {
        faults.stalled ??= Promise.withResolvers<void>();
      } else {
        faults.stalled?.resolve();
        faults.stalled = undefined;
      }
    },
  };
}

async function handle(
  cluster: ControlPlane,
  faults: Faults,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const refusal = faults.refusals.shift();
  const cut = refusal === undefined ? faults.cuts.shift() : undefined;
  await hold(faults);
  if (refusal !== undefined) {
    refuse(response, refusal);
    return;
  }
  const onward = request(upstream(cluster, incoming), (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.on("error", () => incoming.socket.destroy());
    if (cut === undefined) answer.pipe(response);
    else passUntil(cut, answer, response, () => incoming.socket.destroy());
  });
  onward.on("error", () => incoming.socket.destroy());
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

/** A slow network: the request waits before it reaches the server. */
async function hold(faults: Faults): Promise<void> {
  if (faults.delayMs > 0) await sleep(faults.delayMs);
  await faults.stalled?.promise;
}

function refuse(response: ServerResponse, { status, retryAfterSeconds }: Refusal): void {
  const body = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: "refused by a fault proxy",
    reason: status === 429 ? "TooManyRequests" : "ServiceUnavailable",
    details: { retryAfterSeconds },
    code: status,
  };
  const headers = { "content-type": "application/json", "retry-after": String(retryAfterSeconds) };
  response.writeHead(status, headers).end(writeJson(body));
}

function passUntil(bytes: number, from: IncomingMessage, to: ServerResponse, cut: () => void): void {
  let left = bytes;
  from.on("data", (chunk: Buffer) => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    // What was passed on has to leave before the connection ends.
    to.write(part, () => {
      if (left === 0) cut();
    });
  });
  from.on("end", cut);
}

async function upgrade(
  cluster: ControlPlane,
  faults: Faults,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  await hold(faults);
  const options = upstream(cluster, incoming);
  const { cert, key } = options;
  const onward = connect({
    host: "127.0.0.1",
    port: options.port,
    ca: cluster.ca,
    cert,
    key,
    ALPNProtocols: ["http/1.1"],
  });
  const end = (): void => {
    socket.destroy();
    onward.destroy();
  };
  for (const side of [socket, onward]) side.on("error", end).on("close", end);
  await once(onward, "secureConnect");
  const headers = Object.entries(options.headers).flatMap(([name, value]) => {
    return [value].flat().map((one) => `${name}: ${one}\r\n`);
  });
  onward.write(`${incoming.method ?? "GET"} ${incoming.url ?? "/"} HTTP/1.1\r\n${headers.join("")}\r\n`);
  onward.write(head);
  socket.pipe(onward).pipe(socket);
}

interface Upstream extends RequestOptions {
  readonly port: number;
  readonly cert?: string;
  readonly key?: string;
  readonly headers: Record<string, string | string[]>;
}

/** The same request for the API server, as the same user. */
function upstream(cluster: ControlPlane, incoming: IncomingMessage): Upstream {
  const port = Number(new URL(cluster.server).port);
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const base = { host: "127.0.0.1", port, path: incoming.url, method: incoming.method, ca: cluster.ca, agent: false };
  if (headers["authorization"] !== undefined) return { ...base, headers };
  const subject = peerOf(incoming);
  if (subject === undefined) return { ...base, headers };
  return { ...base, ...cluster.admin, headers: { ...headers, ...impersonation(subject) } };
}

interface Subject {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The user of a client certificate that the cluster's authority signed. */
function peerOf({ socket }: IncomingMessage): Subject | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  const [user] = [subject.CN].flat();
  return { user: user ?? "", groups: [subject.O ?? []].flat() };
}

function impersonation({ user, groups }: Subject): Record<string, string | string[]> {
  const isAdmin = groups.includes("system:masters");
  return isAdmin ? {} : { "impersonate-user": user, "impersonate-group": [...groups, "system:authenticated"] };
}
