import type { Tree } from "@slipway/base";

/** A value that stands in the kubeconfig itself, base64, or in a file beside it; what stands there wins. */
export interface DataOrFile {
  readonly data: string | undefined;
  /** As it is to be opened: a relative path starts at the file that names it. */
  readonly path: string | undefined;
}

/** A server, as one entry of `clusters` gives it. */
export interface ClusterEntry {
  readonly name: string;
  /** The kubeconfig that holds it. */
  readonly file: string;
  readonly server: string;
  readonly certificateAuthority: DataOrFile;
  readonly insecure: boolean;
  readonly tlsServerName: string | undefined;
  readonly proxyUrl: string | undefined;
  readonly disableCompression: boolean;
  /** What the cluster tells credential plugins. */
  readonly execConfig: Tree | undefined;
}

/** A program that gives credentials. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: "Never" | "IfAvailable" | "Always";
}

/** Who acts for whom; asked for with the headers `Impersonate-*`. */
export interface Impersonation {
  readonly user: string | undefined;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Somebody, as one entry of `users` describes them. */
export interface UserEntry {
  readonly name: string;
  readonly file: string;
  readonly certificate: DataOrFile;
  readonly key: DataOrFile;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly exec: ExecPlugin | undefined;
  /** Name of a provider of the kind that Kubernetes 1.26 did away with. */
  readonly authProvider: string | undefined;
  readonly impersonation: Impersonation;
}

/** A cluster, a user and a namespace under one name. */
export interface ContextEntry {
  readonly name: string;
  readonly file: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string | undefined;
}

/** One kubeconfig, or several merged. */
export interface Kubeconfig {
  /** The files that were read. */
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
}

/** What a client is made from. */
export interface Selection {
  /** Name of the context; `in-cluster` without a kubeconfig. */
  readonly context: string;
  readonly namespace: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}
