import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { textAt, type Tree, type TreeMap } from "@slipway/base";
import type { Resource } from "../resources.ts";
import type { AccessRule } from "./access.ts";
import { answer, type Server } from "./answer.ts";
import { kubeconfigOf, openEndpoint, type ClusterCertificates } from "./endpoint.ts";
import { Faults, type Fault } from "./faults.ts";
import { apiVersionOf, kindOfResource, type Kind } from "./kinds.ts";
import { Pages } from "./lists.ts";
import { Logs, type LogWriter } from "./logs.ts";
import type { SeenRequest } from "./request.ts";
import { emptyScripts, type PodScripts } from "./scripts.ts";
import { Store, type Write } from "./store.ts";
import { upgrade } from "./upgrade.ts";
import type { User } from "./users.ts";
import { Watches } from "./watch.ts";

/** How a cluster is made. */
export interface ClusterOptions {
  /** Namespace of the kubeconfig's context; none unless given. */
  readonly contextNamespace?: string;
  /** HTTPS with an authority of its own; the kubeconfig then has a client certificate, and anonymous requests are refused. */
  readonly tls?: boolean;
  /** Users by bearer token. */
  readonly tokens?: Readonly<Record<string, User>>;
  /** Namespaces beside the four that every cluster has. */
  readonly namespaces?: readonly string[];
  /** Kinds beside the built-in ones, without a definition. */
  readonly resources?: readonly Resource[];
  /** Kinds whose status the test writes, e.g. `Job`, `Pod`; all others are ready at once. */
  readonly unsettled?: readonly string[];
  /** Subprotocols of exec and port-forward that the server speaks. */
  readonly streamProtocols?: readonly string[];
}

/** A Kubernetes API server on loopback, without nodes and controllers: what is written is ready at once. */
export interface Cluster {
  /** `http://127.0.0.1:PORT`, or https. */
  readonly url: string;
  /** Folder that is made for the cluster and goes with it; programs may use it as their home. */
  readonly home: string;
  /** Path of a kubeconfig file. */
  readonly kubeconfig: string;
  /** Only with TLS. */
  readonly certificates: ClusterCertificates | undefined;
  /** What was changed, in order. */
  readonly writes: readonly Write[];
  /** What was asked, in order; WebSockets too. */
  readonly requests: readonly SeenRequest[];
  /** What plays the containers. */
  readonly scripts: PodScripts;
  /** How many watches are open. */
  readonly openWatches: number;
  /** Objects by `Kind` and namespace (empty: all of them); none for a kind that the server does not have. */
  objects(kind: string, namespace?: string): readonly TreeMap[];
  /** Creates or replaces an object as a kubelet or a controller would: status as it is given; its namespace is made. */
  put(object: TreeMap): TreeMap;
  /** Deletes an object in the background, as a controller would. */
  remove(kind: string, namespace: string, name: string): void;
  /** Calls a hook for every object of a kind that is created, when that is done. @returns a function that ends it */
  onCreate(kind: string, hook: (object: TreeMap) => void): () => void;
  /** The log of a container; of the only one of its pod unless named. */
  log(namespace: string, pod: string, container?: string, previous?: boolean): LogWriter;
  /**
   * Has every request that a rule matches refused from now on with an internal error, as a broken cluster would; a rule
   * is asked with method and path.
   */
  refuse(rule: (method: string, path: string) => boolean): void;
  /** Has something go wrong from now on. @returns a function that ends it */
  fault(fault: Fault): () => void;
  /** Lets users do no more than a rule says; access reviews answer by it. */
  allow(rule: AccessRule): void;
  /** Forgets all versions but the newest: older watches and pages meet 410. */
  forget(): void;
  /** Sends a bookmark to every watch that takes them. */
  bookmark(): void;
  /** Breaks every watch off. */
  cutWatches(): void;
  /** Ends every watch as the server does when its time is over. */
  endWatches(): void;
  /** Is down: ends every connection and takes no more. */
  stop(): Promise<void>;
  /** Is up again, at the same address. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];
const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** Starts a cluster with the four namespaces that each cluster has. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const certificates = options.tls === true ? await certificatesOf() : undefined;
  const server = serverOf(options);
  const sockets = new Set<Duplex>();
  const upgrades = { protocols: options.streamProtocols ?? PROTOCOLS, sockets };
  const endpoint = await openEndpoint(
    certificates,
    (request, response) => void answer(server, request, response),
    (request, socket, head) => void upgrade(server, upgrades, request, socket, head),
  );
  const home = await mkdtemp(join(tmpdir(), "slipway-cluster-"));
  const kubeconfig = join(home, "kubeconfig");
  await writeFile(kubeconfig, kubeconfigOf(endpoint.url, certificates, options.contextNamespace), { mode: 0o600 });
  let isUp = true;
  const stop = async (): Promise<void> => {
    if (!isUp) return;
    isUp = false;
    for (const socket of sockets) socket.destroy();
    await endpoint.stop();
  };
  return {
    url: endpoint.url,
    home,
    kubeconfig,
    certificates,
    ...controlsOf(server),
    get openWatches() {
      return server.watches.size;
    },
    stop,
    start: async () => {
      await endpoint.start();
      isUp = true;
    },
    close: async () => {
      await stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function certificatesOf(): Promise<ClusterCertificates> {
  // Only clusters with TLS pay for the code that makes certificates.
  const { testAuthority } = await import("@slipway/base/testing/certificates");
  const authority = await testAuthority("kubernetes");
  const admin = await authority.issue({ commonName: "admin", organizations: ["system:masters"] });
  return { authority, admin };
}

function serverOf({ tls, tokens = {}, namespaces = [], resources = [], unsettled = [] }: ClusterOptions): Server {
  return {
    store: new Store({
      namespaces: [...NAMESPACES, ...namespaces],
      kinds: resources.map(kindOfResource),
      unsettled,
    }),
    pages: new Pages(),
    watches: new Watches(),
    logs: new Logs(),
    faults: new Faults(),
    requests: [],
    scripts: emptyScripts(),
    users: { tokens: new Map(Object.entries(tokens)), anonymous: tls !== true },
    access: () => true,
  };
}

type Controls = Omit<
  Cluster,
  "url" | "home" | "kubeconfig" | "certificates" | "openWatches" | "stop" | "start" | "close"
>;

function controlsOf(server: Server): Controls {
  const { store, watches, pages, faults } = server;
  return {
    writes: store.writes,
    requests: server.requests,
    scripts: server.scripts,
    objects: (name, namespace = "") => {
      const kind = store.kinds().find((known) => known.kind === name);
      return kind === undefined ? [] : store.list(kind, namespace);
    },
    put: (object) => {
      const kind = kindNamed(store, textAt(object, "kind"), textAt(object, "apiVersion"));
      const namespace = kind.namespaced ? textAt(object, "metadata", "namespace") || "default" : "";
      return store.put({ kind, namespace, name: textAt(object, "metadata", "name") }, object);
    },
    remove: (kind, namespace, name) => void store.remove({ kind: kindNamed(store, kind), namespace, name }),
    onCreate: (name, hook) => {
      const listener = ({ type, kind, object }: { type: string; kind: Kind; object: TreeMap }): void => {
        if (type === "ADDED" && kind.kind === name) queueMicrotask(() => hook(object));
      };
      store.listeners.add(listener);
      return () => store.listeners.delete(listener);
    },
    log: (namespace, pod, container, previous) => server.logs.of(namespace, pod, container, previous),
    refuse: (rule) => void faults.add({ when: ({ method, path }) => rule(method, path), reason: "InternalError" }),
    fault: (fault) => faults.add(fault),
    allow: (rule) => {
      server.access = rule;
    },
    forget: () => {
      store.history.forget(store.version);
      pages.forget();
    },
    bookmark: () => watches.bookmark(),
    cutWatches: () => watches.cut(),
    endWatches: () => watches.end(),
  };
}

function kindNamed(store: Store, name: string, apiVersion: Tree = ""): Kind {
  const kind = store
    .kinds()
    .find((known) => known.kind === name && (apiVersion === "" || apiVersionOf(known) === apiVersion));
  if (kind === undefined) throw new Error(`the cluster has no kind ${name}`);
  return kind;
}
