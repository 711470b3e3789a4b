import { checkNamespace, type KubeClient } from "@slipway/kube";
import type { CommandContext } from "@slipway/terminal";
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
  const client = await connect(choiceOf(context));
  const { namespace } = client.connection;
  checkNamespace(namespace);
  return { client, namespace };
}

function choiceOf({ read, isGiven, log }: CommandContext): ConnectionChoice {
  const flags = CONNECTION_FLAGS;
  const given = <Value>(flag: (typeof flags)["insecureSkipTlsVerify"], value: Value): Value | undefined =>
    isGiven(flag) ? value : undefined;
  return {
    kubeconfig: read(flags.kubeconfig),
    context: read(flags.context),
    namespace: read(flags.namespace) || undefined,
    timeoutMs: read(flags.requestTimeout),
    onWarning: (text) => log.warn(text),
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
      insecureSkipTlsVerify: given(flags.insecureSkipTlsVerify, read(flags.insecureSkipTlsVerify)),
      disableCompression: given(flags.disableCompression, read(flags.disableCompression)),
    },
  };
}
