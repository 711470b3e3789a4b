import type { ClusterEntry, DataOrFile, Impersonation, Selection, UserEntry } from "./model.ts";
import { nobody } from "./select.ts";

/** What kubectl's connection flags put in place of what the kubeconfig says. */
export interface Overrides {
  /** `--cluster`: another entry of `clusters` than the context's. */
  readonly cluster?: string | undefined;
  /** `--user`: another entry of `users` than the context's. */
  readonly user?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Path of a file. */
  readonly certificateAuthority?: string | undefined;
  /** Path of a file. */
  readonly clientCertificate?: string | undefined;
  /** Path of a file. */
  readonly clientKey?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly tlsServerName?: string | undefined;
  readonly disableCompression?: boolean | undefined;
  readonly as?: string | undefined;
  readonly asUid?: string | undefined;
  readonly asGroups?: readonly string[] | undefined;
}

/** What an error names in place of a kubeconfig. */
const FLAGS = "the command line";

/** The cluster that `--server` alone means, without a kubeconfig. */
export function selectionOfServer(server: string): Selection {
  const cluster: ClusterEntry = {
    name: "",
    file: FLAGS,
    server,
    certificateAuthority: { data: undefined, path: undefined },
    insecure: false,
    tlsServerName: undefined,
    proxyUrl: undefined,
    disableCompression: false,
    execConfig: undefined,
  };
  return { context: "", namespace: "default", cluster, user: nobody(FLAGS) };
}

/**
 * The selection with flags in place of what it says, by the rules of client-go: a proof of identity that is given
 * replaces the user's others, and an authority and `insecure` replace each other.
 */
export function overridden(selection: Selection, overrides: Overrides): Selection {
  return {
    ...selection,
    cluster: overriddenCluster(selection.cluster, overrides),
    user: overriddenUser(selection.user, overrides),
  };
}

function overriddenCluster(cluster: ClusterEntry, overrides: Overrides): ClusterEntry {
  const { server = "", certificateAuthority, insecureSkipTlsVerify, tlsServerName, disableCompression } = overrides;
  const authority = fileOf(certificateAuthority);
  const isInsecure = insecureSkipTlsVerify ?? (authority === undefined && cluster.insecure);
  return {
    ...cluster,
    ...(server === "" ? {} : { server: addressOf(server), tlsServerName: undefined }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    insecure: isInsecure,
    certificateAuthority: authority ?? (insecureSkipTlsVerify === true ? NO_FILE : cluster.certificateAuthority),
    disableCompression: disableCompression ?? cluster.disableCompression,
  };
}

/** kubectl takes `host:port` as well, and means http by it. */
function addressOf(server: string): string {
  return /^[a-z]+:\/\//i.test(server) ? server : `http://${server}`;
}

function overriddenUser(user: UserEntry, overrides: Overrides): UserEntry {
  const { token = "", username = "", password, clientCertificate, clientKey } = overrides;
  const certificate = fileOf(clientCertificate);
  const key = fileOf(clientKey);
  const isOther = token !== "" || username !== "" || certificate !== undefined;
  const base = isOther ? { ...nobody(user.file), name: user.name, impersonation: user.impersonation } : user;
  return {
    ...base,
    ...(token === "" ? {} : { token }),
    ...(username === "" ? {} : { username, password }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    impersonation: overriddenImpersonation(user.impersonation, overrides),
  };
}

function overriddenImpersonation(
  found: Impersonation,
  { as = "", asUid = "", asGroups = [] }: Overrides,
): Impersonation {
  return {
    ...found,
    ...(as === "" ? {} : { user: as }),
    ...(asUid === "" ? {} : { uid: asUid }),
    ...(asGroups.length === 0 ? {} : { groups: asGroups }),
  };
}

const NO_FILE: DataOrFile = { data: undefined, path: undefined };

function fileOf(path: string | undefined): DataOrFile | undefined {
  return path === undefined || path === "" ? undefined : { data: undefined, path };
}
