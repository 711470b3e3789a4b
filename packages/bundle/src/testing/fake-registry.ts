import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { testAuthority, type CertificatePair } from "@slipway/base/testing/certificates";

/** How a fake registry behaves. */
export interface FakeRegistryOptions {
  /** What it demands: nothing, a password, or a token that is had for a password (or for the identity token "refresh"). */
  readonly auth?: "none" | "basic" | "token";
  readonly username?: string;
  readonly password?: string;
  readonly tls?: boolean;
  /** Gives the first answers in place of its own; nothing when it shall answer itself. */
  readonly intercept?: (request: SeenRequest, response: ServerResponse) => boolean;
}

/** A request as the registry saw it. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string | undefined;
}

/** A registry on loopback that keeps everything in memory. */
export interface FakeRegistry {
  /** Host and port. */
  readonly host: string;
  readonly requests: readonly SeenRequest[];
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** By `repository:tag`. */
  readonly manifests: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

const TOKEN = "fake-token";

/** Starts a registry that sends relative upload addresses with a query, as the real ones may. */
export async function startFakeRegistry(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
  const requests: SeenRequest[] = [];
  const blobs = new Map<string, Uint8Array>();
  const manifests = new Map<string, string>();
  let host = "";
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const seen = seenRequest(request);
    requests.push(seen);
    if (options.intercept?.(seen, response) === true) return;
    const url = new URL(seen.path, `http://${host}`);
    if (url.pathname === "/token") answerToken(options, seen, body, response);
    else if (isLoggedIn(options, seen)) answerRegistry({ blobs, manifests }, seen.method, url, body, response);
    else refuse(options, host, response);
  };
  const listener: RequestListener = (request, response) => void answer(request, response);
  const server = options.tls === true ? createTlsServer(await selfSigned(), listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { host, requests, blobs, manifests, close };
}

/** A certificate for loopback, sent with the authority that nobody trusts. */
async function selfSigned(): Promise<CertificatePair> {
  const authority = await testAuthority();
  const { cert, key } = await authority.issue({ commonName: "registry", hosts: ["localhost", "127.0.0.1"] });
  return { cert: cert + authority.cert, key };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function seenRequest(request: IncomingMessage): SeenRequest {
  return { method: request.method ?? "", path: request.url ?? "", authorization: request.headers.authorization };
}

function passwordHeader({ username = "user", password = "secret" }: FakeRegistryOptions): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function isLoggedIn(options: FakeRegistryOptions, seen: SeenRequest): boolean {
  if (options.auth === "basic") return seen.authorization === passwordHeader(options);
  return options.auth !== "token" || seen.authorization === `Bearer ${TOKEN}`;
}

function refuse(options: FakeRegistryOptions, host: string, response: ServerResponse): void {
  const scheme = options.tls === true ? "https" : "http";
  const bearer = `Bearer realm="${scheme}://${host}/token",service="fake, registry",scope="repository:x:pull"`;
  response.setHeader("www-authenticate", options.auth === "token" ? bearer : 'Basic realm="fake"');
  json(response, 401, { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] });
}

function answerToken(options: FakeRegistryOptions, seen: SeenRequest, body: Buffer, response: ServerResponse): void {
  const refresh = new URLSearchParams(body.toString()).get("refresh_token") === "refresh";
  if (refresh || seen.authorization === passwordHeader(options)) json(response, 200, { access_token: TOKEN });
  else json(response, 401, { errors: [{ code: "DENIED", message: "wrong\npassword" }] });
}

interface Store {
  readonly blobs: Map<string, Uint8Array>;
  readonly manifests: Map<string, string>;
}

function answerRegistry(store: Store, method: string, url: URL, body: Buffer, response: ServerResponse): void {
  const { blob, upload, repository, tag } = PATHS.exec(url.pathname)?.groups ?? {};
  if (method === "HEAD" && blob !== undefined) end(response, store.blobs.has(blob) ? 200 : 404);
  else if (method === "POST" && upload !== undefined) {
    response.setHeader("location", `${url.pathname}session?_state=a%3Db`);
    end(response, 202);
  } else if (method === "PUT" && upload !== undefined) end(response, putBlob(store, url, body));
  else if (method === "PUT" && tag !== undefined) {
    store.manifests.set(`${repository}:${tag}`, body.toString());
    response.setHeader("docker-content-digest", digestOf(body));
    end(response, 201);
  } else end(response, 404);
}

function putBlob(store: Store, url: URL, body: Buffer): number {
  const digest = digestOf(body);
  if (url.searchParams.get("digest") !== digest || url.searchParams.get("_state") !== "a=b") return 400;
  store.blobs.set(digest, body);
  return 201;
}

function digestOf(body: Buffer): string {
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

const PATHS =
  /^\/v2\/(?<repository>.+)\/(?:blobs\/(?<blob>sha256:\w+)|blobs\/uploads\/(?<upload>\w*)|manifests\/(?<tag>.+))$/;

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(body));
}
