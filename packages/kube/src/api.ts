import type { Tree, TreeList, TreeMap } from "@slipway/base";
import type { KubeList, KubeObject } from "./objects.ts";
import type { Resource } from "./resources.ts";

/** What any request may be given. */
export interface RequestOptions {
  /** Ends the request at once. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until TIMED_OUT, retries included; the client has a default. */
  readonly timeoutMs?: number | undefined;
}

/** A request for objects of one namespace; without one, of the whole cluster. */
export interface ScopeOptions extends RequestOptions {
  readonly namespace?: string | undefined;
}

/** Which objects a list or a watch shows. */
export interface SelectOptions extends ScopeOptions {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** A page of a list. */
export interface ListOptions extends SelectOptions {
  /** Most objects of a page. */
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  /** `0` takes what the server has in its cache. */
  readonly resourceVersion?: string | undefined;
  /** Only apiVersion, kind and metadata (PartialObjectMetadata): needs no more of the server than it has. */
  readonly metadataOnly?: boolean | undefined;
  /**
   * Told what asks for the next page, where there is one, before this page is taken apart, so that it can be on its way
   * meanwhile.
   */
  readonly onContinue?: ((token: string) => void) | undefined;
}

/** How a watch starts. */
export interface WatchOptions extends SelectOptions {
  readonly resourceVersion?: string | undefined;
  /** Asks the server for BOOKMARK events. */
  readonly allowWatchBookmarks?: boolean | undefined;
  /** Seconds after which the server ends the watch. */
  readonly timeoutSeconds?: number | undefined;
}

/** How objects are written. */
export interface WriteOptions extends ScopeOptions {
  /** The server checks everything and stores nothing. */
  readonly dryRun?: boolean | undefined;
  readonly fieldManager?: string | undefined;
  /** What becomes of unknown and repeated fields. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore" | undefined;
  /** `status`, `scale`, … */
  readonly subresource?: string | undefined;
}

/** A change of an object, in one of the forms that the server takes. */
export type Patch =
  | { readonly type: "json"; readonly operations: TreeList }
  | { readonly type: "merge"; readonly value: TreeMap }
  | { readonly type: "strategic"; readonly value: TreeMap }
  /** Server-side apply; needs a field manager. `force` takes fields over from other managers. */
  | { readonly type: "apply"; readonly object: KubeObject; readonly force?: boolean };

/** How objects are deleted. */
export interface DeleteOptions extends ScopeOptions {
  readonly propagation?: "Foreground" | "Background" | "Orphan" | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  /** The delete is refused (CONFLICT) when the object is another one by now. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly dryRun?: boolean | undefined;
}

/** A change that a watch reports. A BOOKMARK carries no more than a resourceVersion. */
export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: KubeObject;
}

/**
 * Objects of a cluster. Every failure is a SlipwayError: what the server refuses is a `KubeApiError` with its reason;
 * UNAVAILABLE when no server answers, TIMED_OUT, INTERRUPTED when `signal` was aborted by Ctrl-C.
 */
export interface KubeApi {
  get(
    resource: Resource,
    name: string,
    options?: ScopeOptions & { readonly subresource?: string },
  ): Promise<KubeObject>;
  list(resource: Resource, options?: ListOptions): Promise<KubeList>;
  create(resource: Resource, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  update(resource: Resource, object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  patch(resource: Resource, name: string, patch: Patch, options?: WriteOptions): Promise<KubeObject>;
  delete(resource: Resource, name: string, options?: DeleteOptions): Promise<void>;
  deleteCollection(resource: Resource, options?: DeleteOptions & SelectOptions): Promise<void>;
  /** One connection; ends when the server ends it. See `inform` for one that goes on. Throws a `KubeApiError` for 410. */
  watch(resource: Resource, options?: WatchOptions): AsyncIterable<WatchEvent>;
  /** GET of any path, for what is no object: `/version`, `/apis`, `/readyz?verbose`. JSON is parsed, else it is text. */
  read(path: string, options?: RequestOptions & { readonly accept?: string | undefined }): Promise<Tree>;
}

/** Which lines of a container's log. */
export interface LogOptions extends RequestOptions {
  readonly namespace: string;
  readonly container?: string | undefined;
  readonly follow?: boolean | undefined;
  readonly previous?: boolean | undefined;
  readonly timestamps?: boolean | undefined;
  readonly tailLines?: number | undefined;
  readonly sinceSeconds?: number | undefined;
  /** RFC 3339. */
  readonly sinceTime?: string | undefined;
  readonly limitBytes?: number | undefined;
}

/** A command in a container. */
export interface ExecOptions extends RequestOptions {
  readonly namespace: string;
  readonly container?: string | undefined;
  readonly command: readonly string[];
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  readonly tty?: boolean | undefined;
  readonly onStdout?: (chunk: Uint8Array) => void;
  readonly onStderr?: (chunk: Uint8Array) => void;
}

/** A port on this machine that leads to a pod. */
export interface ForwardedPort {
  /** On 127.0.0.1. */
  readonly localPort: number;
  /** Rejects with the reason when the connection to the pod is lost for good. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** A request through the API server's proxy to a pod or a service. */
export interface ProxyRequest extends RequestOptions {
  readonly namespace: string;
  readonly target: "pods" | "services";
  /** `NAME`, `NAME:PORT` or `https:NAME:PORT`. */
  readonly name: string;
  /** Path and query behind the proxy, e.g. `metrics`. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What a proxied request answered. */
export interface ProxyResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What streams to and from pods; needs more than JSON over HTTP. */
export interface KubeStreams {
  /** The bytes of a log as they come; a slow reader slows the server. */
  logs(pod: string, options: LogOptions): AsyncIterable<Uint8Array>;
  /** @returns the exit status of the command */
  exec(pod: string, options: ExecOptions): Promise<number>;
  /** @param localPort 0 takes a free one */
  portForward(
    pod: string,
    options: RequestOptions & { readonly namespace: string; readonly port: number; readonly localPort?: number },
  ): Promise<ForwardedPort>;
  proxy(request: ProxyRequest): Promise<ProxyResponse>;
}

/** Where a client goes, and as whom. */
export interface Connection {
  /** Name of the kubeconfig context; `in-cluster` for a service account of a pod. */
  readonly context: string;
  readonly server: string;
  /** The context's namespace; `default` without one. */
  readonly namespace: string;
}

/** A cluster to work with. */
export interface KubeClient extends KubeApi, KubeStreams {
  readonly connection: Connection;
}
