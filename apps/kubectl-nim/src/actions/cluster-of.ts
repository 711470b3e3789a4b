import { checkNamespace, type KubeClient } from "@slipway/kube";
import type { CommandContext, CompletionLine, Flag } from "@slipway/terminal";
import type { ConnectionChoice, NimDeps } from "../deps.ts";
import { CONNECTION_FLAGS } from "../flags/connection-flags.ts";

/** A cluster, and the namespace in it that is meant. */
export interface NimCluster {
  readonly client: KubeClient;
  /** That of `-n`, else the context's, else `default`. */
  readonly namespace: string;
}

/**
 * The cluster that the flags mean. Nothing is sent yet.
 *
 * @throws SlipwayError as `connect` of the dependencies; INVALID_INPUT for a namespace that none can be called
 */
export async function clusterOf({ connect }: Pick<NimDeps, "connect">, context: CommandContext): Promise<NimCluster> {
  const client = await connect({ ...choiceOf(context), onWarning: (text) => context.log.warn(text) });
  const { namespace } = client.connection;
  checkNamespace(namespace);
  return { client, namespace };
}

/** The same for the words of a command line that is being completed; the server has two seconds for each answer. */
export async function clusterOfLine({ connect }: Pick<NimDeps, "connect">, line: CompletionLine): Promise<NimCluster> {
  const client = await connect({ ...choiceOf(line), timeoutMs: COMPLETION_MS });
  return { client, namespace: client.connection.namespace };
}

const COMPLETION_MS = 2_000;

function choiceOf({ read, isGiven }: Pick<CommandContext, "read" | "isGiven">): ConnectionChoice {
  const flags = CONNECTION_FLAGS;
  const switched = (flag: Flag<boolean>): boolean | undefined => (isGiven(flag) ? read(flag) : undefined);
  return {
    kubeconfig: read(flags.kubeconfig),
    context: read(flags.context),
    namespace: read(flags.namespace) || undefined,
    timeoutMs: read(flags.requestTimeout),
    overrides: {
      cluster: read(flags.cluster) || undefined,
      user: read(flags.user) || undefined,
      server: read(flags.server),
      token: read(flags.token),
      username: read(flags.username),
      password: read(flags.password),
      certificateAuthority: read(flags.certificateAuthority),
      clientCertificate: read(flags.clientCertificate),
      clientKey: read(flags.clientKey),
      tlsServerName: read(flags.tlsServerName),
      as: read(flags.as),
      asUid: read(flags.asUid),
      asGroups: read(flags.asGroup),
      insecureSkipTlsVerify: switched(flags.insecureSkipTlsVerify),
      disableCompression: switched(flags.disableCompression),
    },
  };
}
