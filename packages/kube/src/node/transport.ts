import type { WebSocket } from "ws";
import type { Connection } from "../api.ts";

/** A request to the API server. Credentials, User-Agent and impersonation are added to it. */
export interface TransportRequest {
  readonly method: string;
  /** Escaped, from the root of the API server: `/api/v1/namespaces/default/pods`. */
  readonly path: string;
  /** Repeated names are sent as often as they are given. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends the request, and its body, at once. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds until TIMED_OUT: for `request` the answer must have been read by then, retries included; for `send`
   * it must have started. 0: never.
   */
  readonly timeoutMs?: number | undefined;
}

/** What the server answered. Whoever does not read `body` to its end must call `close`. */
export interface TransportResponse {
  readonly status: number;
  /** Lower-case names; repeated ones are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as they come, decompressed; a slow reader slows the server. Throws SlipwayError when the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the connection without reading on. */
  close(): void;
}

/** A WebSocket to ask for. */
export interface UpgradeRequest {
  /** Escaped, as in {@link TransportRequest}. */
  readonly path: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** In the order of preference; the server picks one. */
  readonly protocols: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the connection must be open. */
  readonly timeoutMs?: number | undefined;
  /**
   * Called with the socket before it opens. Listeners for messages belong here: what the server sends along with its
   * consent is gone before anybody who waits for the promise can listen.
   */
  readonly onSocket?: (socket: WebSocket) => void;
}

/**
 * Carries requests to the API server of a context. Every failure is a SlipwayError: UNAVAILABLE when the server cannot be
 * reached, TIMED_OUT, what `signal` was aborted with.
 */
export interface Transport {
  readonly connection: Connection;
  /** Milliseconds that a request has which says nothing of its own; 0: no end. */
  readonly usualTimeoutMs: number;
  /**
   * Sends once, whatever the answer's status is; only credentials that the server does not take any more are renewed and
   * sent again. For answers that are not the API server's own (the proxy of pods) and for streams.
   */
  send(request: TransportRequest): Promise<TransportResponse>;
  /**
   * Sends, and again where the server asks for it or nothing was done. A status beyond 299 is thrown as a `KubeApiError`
   * with the server's reason.
   */
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Opens a WebSocket (open already when it is given); a refusal is a `KubeApiError`. `signal` ends it also later. */
  upgrade(request: UpgradeRequest): Promise<WebSocket>;
  /** Ends all connections. */
  close(): void;
}
