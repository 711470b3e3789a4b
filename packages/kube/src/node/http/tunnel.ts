import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { connect as netConnect, isIP } from "node:net";
import { Duplex } from "node:stream";
import { connect as tlsConnect, rootCertificates, type ConnectionOptions } from "node:tls";
import { SlipwayError, messageOf } from "@slipway/base";
import type { Proxy } from "./proxy.ts";
import type { Target } from "./target.ts";

/** The time that a proxy has to make a connection. */
const PATIENCE_MS = 30_000;

type Done = (error: Error | null, stream: Duplex) => void;

/** How connections are made: options of node:tls, and the proxy in between. */
export interface TunnelOptions {
  readonly target: Target;
  readonly proxy: Proxy;
  readonly tls: ConnectionOptions;
}

/** An agent of node:https whose connections go through a proxy. A request's option `dialSignal` ends the attempt. */
export class TlsTunnelAgent extends HttpsAgent {
  readonly #tunnel: TunnelOptions;

  constructor(tunnel: TunnelOptions) {
    super({ keepAlive: true, ...tunnel.tls });
    this.#tunnel = tunnel;
  }

  override createConnection(options: object, done?: Done): undefined {
    void finish(
      dial(this.#tunnel, signalOf(options)).then((raw) => secured(raw, this.#tunnel)),
      done,
    );
  }
}

/** The same for a server without TLS. */
export class PlainTunnelAgent extends HttpAgent {
  readonly #tunnel: TunnelOptions;

  constructor(tunnel: TunnelOptions) {
    super({ keepAlive: true });
    this.#tunnel = tunnel;
  }

  override createConnection(options: object, done?: Done): undefined {
    void finish(dial(this.#tunnel, signalOf(options)), done);
  }
}

function signalOf(options: object): AbortSignal {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  if (!("dialSignal" in options) || !(options.dialSignal instanceof AbortSignal)) return patience;
  return AbortSignal.any([patience, options.dialSignal]);
}

async function finish(connected: Promise<Duplex>, done: Done | undefined): Promise<void> {
  try {
    const stream = await connected;
    done?.(null, stream);
  } catch (error) {
    // The types ask for a stream also beside an error; nobody looks at it.
    done?.(error instanceof Error ? error : new Error(messageOf(error)), new Duplex());
  }
}

function secured(raw: Duplex, { target, tls }: TunnelOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const servername = tls.servername ?? (isIP(target.hostname) === 0 ? target.hostname : "");
    const socket = tlsConnect({ ...tls, host: target.hostname, servername, socket: raw, ALPNProtocols: ["http/1.1"] });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
  });
}

/** A connection to the target through the proxy. Throws UNAVAILABLE that names the proxy. */
async function dial(options: TunnelOptions, signal: AbortSignal): Promise<Duplex> {
  try {
    return await (options.proxy.kind === "socks5" ? dialSocks(options, signal) : dialConnect(options, signal));
  } catch (error) {
    const said = signal.aborted ? "it made no connection in time" : messageOf(error);
    throw new SlipwayError("UNAVAILABLE", `the proxy ${options.proxy.address}: ${said}`, {
      hint: `Is it the right proxy for ${options.target.server}? Look at proxy-url, HTTPS_PROXY and NO_PROXY.`,
      cause: error,
    });
  }
}

async function dialSocks({ proxy, target }: TunnelOptions, signal: AbortSignal): Promise<Duplex> {
  const { SocksClient } = await import("socks");
  const { hostname: host, port, username, password } = proxy;
  const raw = netConnect({ host, port });
  const stop = (): void => void raw.destroy(new Error("interrupted"));
  signal.addEventListener("abort", stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      raw.once("connect", resolve);
      raw.once("error", reject);
    });
    const { socket } = await SocksClient.createConnection({
      proxy: {
        host,
        port,
        type: 5,
        ...(username === undefined ? {} : { userId: username, password: password ?? "" }),
      },
      command: "connect",
      destination: { host: target.hostname, port: target.port },
      existing_socket: raw,
    });
    return socket;
  } catch (error) {
    raw.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function dialConnect(options: TunnelOptions, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const request = connectRequest(options);
    const stop = (): void => void request.destroy(new Error("interrupted"));
    signal.addEventListener("abort", stop, { once: true });
    const refuse = (response: IncomingMessage): void => {
      request.destroy();
      reject(new Error(`it answered ${response.statusCode} ${response.statusMessage ?? ""}`.trimEnd()));
    };
    request.once("connect", (response, socket) => {
      signal.removeEventListener("abort", stop);
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      return refuse(response);
    });
    request.once("response", refuse);
    request.once("error", reject);
    request.once("close", () => signal.removeEventListener("abort", stop));
    request.end();
  });
}

function connectRequest({ proxy, target, tls }: TunnelOptions): ClientRequest {
  const host = isIP(target.hostname) === 6 ? `[${target.hostname}]` : target.hostname;
  const authority = `${host}:${target.port}`;
  const pair = Buffer.from(`${proxy.username ?? ""}:${proxy.password ?? ""}`).toString("base64");
  const request = {
    host: proxy.hostname,
    port: proxy.port,
    method: "CONNECT",
    path: authority,
    agent: false as const,
    headers: {
      host: authority,
      ...(proxy.username === undefined ? {} : { "proxy-authorization": `Basic ${pair}` }),
    },
  };
  if (proxy.kind === "http") return httpRequest(request);
  const ca = typeof tls.ca === "string" ? [...rootCertificates, tls.ca] : tls.ca;
  const servername = isIP(proxy.hostname) === 0 ? proxy.hostname : "";
  return httpsRequest({ ...request, servername, ca, rejectUnauthorized: tls.rejectUnauthorized ?? true });
}
