import { SlipwayError, type Clock, type Exec, type Files } from "@slipway/base";
import type { KubeClient } from "../api.ts";
import { credentialsOf } from "./credentials/of-user.ts";
import { readData } from "./credentials/read-data.ts";
import { agentsOf } from "./http/agents.ts";
import { httpTransport } from "./http/http-transport.ts";
import { proxyOf } from "./http/proxy.ts";
import { isLoopback, targetOf, type Target } from "./http/target.ts";
import { warningTeller } from "./http/warnings.ts";
import { inCluster } from "./kubeconfig/in-cluster.ts";
import { kubeconfigPaths, loadKubeconfig } from "./kubeconfig/load.ts";
import type { Impersonation, Selection } from "./kubeconfig/model.ts";
import { overridden, selectionOfServer, type Overrides } from "./kubeconfig/override.ts";
import { selectContext } from "./kubeconfig/select.ts";
import { restClient } from "./rest/client.ts";
import { streamsOf } from "./streams/index.ts";
import type { Transport } from "./transport.ts";

/** Which cluster is meant, and what a client may use. */
export interface ConnectOptions {
  /** Path of a kubeconfig (`--kubeconfig`); else KUBECONFIG, `~/.kube/config`, or the pod's own service account. */
  readonly kubeconfig?: string | undefined;
  /** `--context`; else the current one. */
  readonly context?: string | undefined;
  /** In place of what the kubeconfig says: kubectl's other connection flags. */
  readonly overrides?: Overrides | undefined;
  /** Milliseconds that a request has unless it says otherwise; 0: no end. */
  readonly timeoutMs?: number | undefined;
  /** In place of the context's. */
  readonly namespace?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  /** Runs credential plugins; absent: a user that needs one is refused. */
  readonly exec?: Exec | undefined;
  readonly clock?: Clock | undefined;
  /** Product and version, as servers log it: `aicr/1.2.3`. */
  readonly userAgent: string;
  /** Told once what the server warns of, e.g. that a version is deprecated. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/** A client that holds connections. They do not keep a process alive while nothing is asked. */
export interface NodeKubeClient extends KubeClient {
  /** Ends all connections. */
  close(): void;
}

/**
 * A client for the cluster that kubectl would use. Nothing is sent yet: whether the server answers shows at the first
 * request.
 *
 * @throws SlipwayError NOT_FOUND without a kubeconfig or without the context in it; INVALID_INPUT with the file for one
 * that is broken, for a proxy or certificates that cannot be used
 */
export async function connect(options: ConnectOptions): Promise<NodeKubeClient> {
  const transport = await connectTransport(options);
  return {
    connection: transport.connection,
    ...restClient(transport),
    ...streamsOf(transport),
    close: () => transport.close(),
  };
}

/** What {@link connect} sends requests with. */
export async function connectTransport(options: ConnectOptions): Promise<Transport> {
  const { files, env, exec, clock = { now: () => new Date() } } = options;
  const selection = await select(options);
  const { cluster, user } = selection;
  const target = targetOf(cluster);
  const proxy = proxyOf(cluster, target, env);
  const what = `certificate-authority of the cluster ${JSON.stringify(cluster.name)}`;
  const ca = target.secure ? await readData(cluster.certificateAuthority, what, cluster.file, files) : undefined;
  return httpTransport({
    connection: {
      context: selection.context,
      server: target.server,
      namespace: options.namespace ?? selection.namespace,
    },
    target,
    agents: agentsOf(selection, ca, target, proxy),
    credentials: await credentialsOf(selection, ca, { files, env, exec, clock }),
    headers: {
      accept: "application/json,*/*",
      "user-agent": options.userAgent,
      "accept-encoding": isCompressed(selection, target) ? "gzip" : "identity",
      ...impersonationHeaders(user.impersonation),
    },
    onWarning: warningTeller(options.onWarning),
    timeoutMs: options.timeoutMs,
  });
}

async function select(options: ConnectOptions): Promise<Selection> {
  const { overrides = {} } = options;
  return overridden(await selected(options), overrides);
}

async function selected({ kubeconfig, context, overrides = {}, env, files }: ConnectOptions): Promise<Selection> {
  const config = await loadKubeconfig({ kubeconfig, env, files });
  const { server = "", cluster, user } = overrides;
  const isNamed = (context ?? "") !== "";
  if (server !== "" && !isNamed && config.currentContext === undefined) return selectionOfServer(server);
  if (config.files.length > 0) return selectContext(config, context, { cluster, user });
  const pod = isNamed ? undefined : await inCluster(env, files);
  if (pod !== undefined) return pod;
  const looked = kubeconfigPaths(env);
  throw new SlipwayError(
    "NOT_FOUND",
    `there is no kubeconfig${looked.length === 0 ? "" : ` at ${looked.join(", ")}`}`,
    {
      hint: "Name one with --kubeconfig or in KUBECONFIG, or run inside a pod that has a service account.",
    },
  );
}

/** On this machine there is nothing to save, and packing costs more time than copying. */
function isCompressed({ cluster }: Selection, target: Target): boolean {
  return !cluster.disableCompression && !isLoopback(target.hostname);
}

function impersonationHeaders({
  user,
  uid,
  groups,
  extra,
}: Impersonation): Readonly<Record<string, string | readonly string[]>> {
  if (user === undefined) return {};
  return {
    "impersonate-user": user,
    ...(uid === undefined ? {} : { "impersonate-uid": uid }),
    ...(groups.length === 0 ? {} : { "impersonate-group": groups }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [
        `impersonate-extra-${encodeURIComponent(key.toLowerCase())}`,
        values,
      ]),
    ),
  };
}
