import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compactJson, messageOf, type TreeMap } from "@slipway/base";
import { describeServer } from "./discovery.ts";
import { ApiFailure } from "./failure.ts";
import { isProtobuf, objectOfProtobuf } from "./protobuf.ts";
import { carryOut, type ObjectRequest } from "./operations.ts";
import { targetOf } from "./request.ts";
import { Store, type Write } from "./store.ts";
import { watch } from "./watch.ts";

/** A Kubernetes API server on loopback, without nodes and controllers: what is written is ready at once. */
export interface Cluster {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Folder that is made for the cluster and goes with it; programs may use it as their home. */
  readonly home: string;
  /** Path of a kubeconfig file. */
  readonly kubeconfig: string;
  /** What was changed, in order. */
  readonly writes: readonly Write[];
  /** Objects by `Kind` and namespace (empty: all of them); none for a kind that the server does not have. */
  objects(kind: string, namespace?: string): readonly TreeMap[];
  /**
   * Has every request that a rule matches refused from now on with an internal error, as a broken cluster would; a rule
   * is asked with method and path.
   */
  refuse(rule: (method: string, path: string) => boolean): void;
  close(): Promise<void>;
}

const NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Starts a cluster with the four namespaces that each cluster has. */
export async function startCluster(): Promise<Cluster> {
  const store = new Store(NAMESPACES);
  const refusals: ((method: string, path: string) => boolean)[] = [];
  const server = createServer((request, response) => {
    void answer(store, refusals, request, response);
  });
  const url = `http://127.0.0.1:${await listening(server)}`;
  const home = await mkdtemp(join(tmpdir(), "slipway-cluster-"));
  const kubeconfig = join(home, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigOf(url));
  return {
    url,
    home,
    kubeconfig,
    writes: store.writes,
    objects: (name, namespace = "") => {
      const kind = store.kinds().find((known) => known.kind === name);
      return kind === undefined ? [] : store.list(kind, namespace);
    },
    refuse: (rule) => refusals.push(rule),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

async function answer(
  store: Store,
  refusals: readonly ((method: string, path: string) => boolean)[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = new URL(request.url ?? "/", "http://cluster");
    const method = request.method ?? "GET";
    if (refusals.some((rule) => rule(method, url.pathname))) throw new Error("told to refuse this");
    const description = method === "GET" ? describeServer(url.pathname, store.kinds()) : undefined;
    if (description !== undefined) return send(response, 200, description);
    // kubectl asks here for kinds that it does not find in version 3; an empty message in protobuf is an empty document.
    if (url.pathname === "/openapi/v2") return void response.end();
    const asked = await objectRequest(store, request, url);
    if (asked.query.get("watch") === "true") return watch(store, asked, response);
    const { code, body } = carryOut(store, asked);
    send(response, code, body);
  } catch (error) {
    if (error instanceof ApiFailure) send(response, error.code, error.status());
    else
      send(response, 500, {
        kind: "Status",
        apiVersion: "v1",
        status: "Failure",
        message: messageOf(error),
        code: 500,
      });
  }
}

async function objectRequest(store: Store, request: IncomingMessage, url: URL): Promise<ObjectRequest> {
  const target = targetOf(url.pathname, store.kinds());
  const mediaType = (request.headers["content-type"] ?? "").split(";")[0] ?? "";
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const bytes = Buffer.concat(parts);
  const body = isProtobuf(bytes) ? compactJson(objectOfProtobuf(bytes)) : bytes.toString();
  return { method: request.method ?? "GET", target, query: url.searchParams, mediaType, body };
}

function send(response: ServerResponse, code: number, body: TreeMap): void {
  response.writeHead(code, { "content-type": "application/json" }).end(compactJson(body));
}

function kubeconfigOf(server: string): string {
  return compactJson({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server } }],
    users: [{ name: "test", user: {} }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  });
}
