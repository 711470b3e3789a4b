import { setTimeout as delay } from "node:timers/promises";
import { SlipwayError, messageOf, parseJson, cursorOf, enter, items, optionalText } from "@slipway/base";
import { systemCode } from "../disk.ts";
import { parseChallenge, type Challenge } from "./challenge.ts";
import type { Credentials } from "./docker-config.ts";
import type { OciReference } from "./reference.ts";
import type { HttpRequest, HttpResponse, Transport } from "./transport.ts";

/** How a registry is talked to. */
export interface RegistryOptions {
  readonly transport: Transport;
  /** Asked once, when the registry wants a login. */
  readonly credentials: () => Promise<Credentials | undefined>;
  readonly plainHttp: boolean;
  readonly signal: AbortSignal;
  /** Most milliseconds that one request may take. */
  readonly timeout: number;
  /** Waits some milliseconds between attempts; rejects when the signal is aborted. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** What is sent, beside what every request has. */
export interface Sending {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpRequest["body"];
}

const ATTEMPTS = 4;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const HUB = { registry: "docker.io", host: "registry-1.docker.io" } as const;
/** Names that mean that another attempt would end the same way. */
const FINAL = /^(ENOTFOUND|ERR_INVALID|.*CERT|.*SSL|.*TLS|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/;

/** One repository of a registry: it logs in when asked to, waits and tries again, and makes errors that name it. */
export class Registry {
  readonly base: URL;
  readonly #reference: OciReference;
  readonly #options: RegistryOptions;
  #authorization: string | undefined;

  constructor(reference: OciReference, options: RegistryOptions) {
    const host = reference.registry === HUB.registry ? HUB.host : reference.registry;
    this.base = new URL(`${options.plainHttp ? "http" : "https"}://${host}/v2/${reference.repository}/`);
    this.#reference = reference;
    this.#options = options;
  }

  /**
   * Sends a request. Statuses that say "later" are waited out, one that says "who are you" is answered.
   *
   * @throws SlipwayError NOT_ALLOWED, TIMED_OUT or UNAVAILABLE; the signal's reason
   */
  async send(method: HttpRequest["method"], url: URL, sending: Sending = {}): Promise<HttpResponse> {
    const response = await this.#patiently(() => this.#once(method, url, sending));
    if (response.status !== 401 || url.origin !== this.base.origin) return response;
    await this.#logIn(response);
    return await this.#patiently(() => this.#once(method, url, sending));
  }

  /** The error for an answer that was not hoped for. */
  refusal(doing: string, response: HttpResponse): SlipwayError {
    const said = saidBy(response);
    const message = `${this.#place()}: ${doing} failed with HTTP ${response.status}${said === "" ? "" : `: ${said}`}`;
    if (response.status === 401 || response.status === 403) {
      const hint = `Log in with the right to push: docker login ${this.#reference.registry}`;
      return new SlipwayError("NOT_ALLOWED", message, { hint });
    }
    return new SlipwayError(response.status === 404 ? "NOT_FOUND" : "UNAVAILABLE", message);
  }

  #place(): string {
    return `registry ${this.#reference.registry}, repository ${this.#reference.repository}`;
  }

  async #patiently(attempt: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const { signal, sleep = wait } = this.#options;
    for (let left = ATTEMPTS - 1, pause = FIRST_WAIT; ; left--, pause *= 2) {
      const outcome = await attempt().catch((error: unknown) => this.#networkError(error));
      const again =
        outcome instanceof SlipwayError ? outcome.code === "UNAVAILABLE" && !isFinal(outcome) : isBusy(outcome);
      if (!again || left === 0) {
        if (outcome instanceof SlipwayError) throw outcome;
        return outcome;
      }
      const asked = outcome instanceof SlipwayError ? undefined : retryAfter(outcome.headers.get("retry-after"));
      await sleep(Math.min(asked ?? pause, LONGEST_WAIT), signal);
    }
  }

  async #once(method: HttpRequest["method"], url: URL, sending: Sending): Promise<HttpResponse> {
    const mayKnow = url.origin === this.base.origin && this.#authorization !== undefined;
    const headers = { ...sending.headers, ...(mayKnow ? { authorization: this.#authorization ?? "" } : {}) };
    return await this.#carry({ method, url, headers, body: sending.body });
  }

  async #carry(request: Omit<HttpRequest, "signal">): Promise<HttpResponse> {
    const { signal, timeout, transport } = this.#options;
    signal.throwIfAborted();
    return await transport({ ...request, signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]) });
  }

  /** An error of the network in our words; the signal's reason goes on its way. */
  #networkError(error: unknown): SlipwayError {
    this.#options.signal.throwIfAborted();
    if (error instanceof SlipwayError) return error;
    if (error instanceof Error && error.name === "TimeoutError") {
      const seconds = this.#options.timeout / 1000;
      return new SlipwayError("TIMED_OUT", `${this.#place()}: no answer within ${seconds} seconds`, { cause: error });
    }
    const root = rootOf(error);
    const message = `${this.#place()}: cannot be reached: ${messageOf(root) || (systemCode(root) ?? "network error")}`;
    return new SlipwayError("UNAVAILABLE", message, { hint: hintFor(root), cause: root });
  }

  async #logIn(response: HttpResponse): Promise<void> {
    const challenge = parseChallenge(response.headers.get("www-authenticate"));
    if (challenge === undefined) throw this.refusal("logging in", response);
    const credentials = await this.#options.credentials();
    if (challenge.scheme === "bearer") {
      this.#authorization = `Bearer ${await this.#token(challenge, credentials)}`;
      return;
    }
    if (credentials === undefined || "identityToken" in credentials) throw this.refusal("logging in", response);
    this.#authorization = basic(credentials.username, credentials.password);
  }

  async #token(challenge: Challenge & { scheme: "bearer" }, credentials: Credentials | undefined): Promise<string> {
    const url = this.#realm(challenge.realm);
    const parameters = new URLSearchParams();
    if (challenge.service !== undefined) parameters.set("service", challenge.service);
    parameters.set("scope", `repository:${this.#reference.repository}:pull,push`);
    const response = await this.#patiently(() => this.#carry(tokenRequest(url, parameters, credentials)));
    if (response.status !== 200) throw this.refusal("logging in", response);
    const answer = cursorOf(parseToken(response.text) ?? null);
    const token = optionalText(enter(answer, "token")) ?? optionalText(enter(answer, "access_token"));
    if (token === undefined || !/^[\w.~+/=-]+$/.test(token))
      throw new SlipwayError("UNAVAILABLE", `${this.#place()}: logging in gave no token`);
    return token;
  }

  /** A password must not leave over plain HTTP because a registry says so. */
  #realm(realm: string): URL {
    const url = URL.parse(realm);
    const allowed = url?.protocol === "https:" || (this.#options.plainHttp && url?.protocol === "http:");
    if (url !== null && allowed) return url;
    throw new SlipwayError(
      "NOT_ALLOWED",
      `${this.#place()}: it asks to log in at ${JSON.stringify(realm.slice(0, 200))}, which is not safe`,
    );
  }
}

function tokenRequest(
  url: URL,
  parameters: URLSearchParams,
  credentials: Credentials | undefined,
): Omit<HttpRequest, "signal"> {
  if (credentials !== undefined && "identityToken" in credentials) {
    parameters.set("grant_type", "refresh_token");
    parameters.set("client_id", "slipway");
    parameters.set("refresh_token", credentials.identityToken);
    return {
      method: "POST",
      url,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: parameters.toString(),
    };
  }
  const asked = new URL(url);
  for (const [name, value] of parameters) asked.searchParams.set(name, value);
  const headers: Record<string, string> = {};
  if (credentials !== undefined) headers["authorization"] = basic(credentials.username, credentials.password);
  return { method: "GET", url: asked, headers };
}

function parseToken(text: string): ReturnType<typeof parseJson> | undefined {
  try {
    const answer = parseJson(text);
    return typeof answer === "object" && !Array.isArray(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}`;
}

function isBusy(response: HttpResponse): boolean {
  return response.status === 429 || (response.status >= 500 && response.status !== 501);
}

function isFinal(error: SlipwayError): boolean {
  return FINAL.test(systemCode(error.cause) ?? "");
}

/** Milliseconds from a `Retry-After` header in seconds or as a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | null): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}

async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** `fetch` only says "fetch failed"; the reason lies below. */
function rootOf(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0]);
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error;
}

function hintFor(error: unknown): string | undefined {
  const text = `${systemCode(error) ?? ""} ${messageOf(error)}`;
  if (/wrong version number|WRONG_VERSION|packet length/i.test(text))
    return "If the registry speaks no TLS, add --plain-http.";
  if (/CERT|self.signed|issuer|UNABLE_TO/i.test(text))
    return "Name the registry's CA in NODE_EXTRA_CA_CERTS, or add --insecure-tls to trust any certificate.";
  return "Check the name of the registry and that it can be reached from here.";
}

/** What the registry itself says, on one line. */
function saidBy(response: HttpResponse): string {
  let said = response.text;
  try {
    const [first] = items(enter(cursorOf(parseJson(response.text)), "errors"));
    if (first !== undefined)
      said = [enter(first, "code"), enter(first, "message")].map((part) => optionalText(part) ?? "").join(" ");
  } catch {
    said = /^\s*</.test(said) ? "" : said;
  }
  return said
    .replaceAll(/[\u0000-\u001f\u007f\s]+/g, " ")
    .trim()
    .slice(0, 200);
}
