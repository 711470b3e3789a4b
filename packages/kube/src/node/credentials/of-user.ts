import { SlipwayError, type Files, type TreeMap } from "@slipway/base";
import type { ClusterEntry, Selection, UserEntry } from "../kubeconfig/model.ts";
import { fixedCredentials, type ClientCertificate, type Credentials, type Proof } from "./credentials.ts";
import { execCredentials, type ExecPluginDeps } from "./exec-plugin.ts";
import { readData } from "./read-data.ts";
import { tokenFileCredentials } from "./token-file.ts";

/** What credentials are read with. */
export interface CredentialDeps extends Pick<ExecPluginDeps, "exec" | "env" | "clock"> {
  readonly files: Files;
}

/**
 * The credentials of a user. As in client-go a token file goes before a token, and both before a plugin; a client
 * certificate goes along with any of them.
 *
 * @param certificateAuthority of the cluster, which a plugin may be told
 * @throws SlipwayError INVALID_INPUT when the user has two ways to prove itself, or one that is not there any more
 */
export async function credentialsOf(
  selection: Selection,
  certificateAuthority: string | undefined,
  deps: CredentialDeps,
): Promise<Credentials> {
  const { user, cluster } = selection;
  refuseContradictions(user);
  const certificate = await certificateOf(user, deps.files);
  const tokens = tokensOf(user, deps);
  if (tokens !== undefined) return withCertificate(tokens, certificate);
  if (user.exec !== undefined) {
    const clusterInfo = clusterInfoOf(cluster, certificateAuthority);
    return withCertificate(execCredentials(user, user.exec, { ...deps, clusterInfo }), certificate);
  }
  return fixedCredentials(certificate === undefined ? {} : { certificate });
}

function tokensOf(user: UserEntry, { files, clock }: CredentialDeps): Credentials | undefined {
  if (user.tokenFile !== undefined)
    return tokenFileCredentials(user.tokenFile, `the user ${JSON.stringify(user.name)}`, files, clock);
  if (user.token !== undefined) return fixedCredentials({ authorization: `Bearer ${headerSafe(user, user.token)}` });
  if (user.username === undefined) return undefined;
  const pair = Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64");
  return fixedCredentials({ authorization: `Basic ${pair}` });
}

function withCertificate(credentials: Credentials, certificate: ClientCertificate | undefined): Credentials {
  if (certificate === undefined) return credentials;
  const inners = new WeakMap<Proof, Proof>();
  return {
    current: async (signal) => {
      const inner = await credentials.current(signal);
      const outer = { certificate, ...inner };
      inners.set(outer, inner);
      return outer;
    },
    refused: (proof) => credentials.refused(inners.get(proof) ?? proof),
  };
}

async function certificateOf(user: UserEntry, files: Files): Promise<ClientCertificate | undefined> {
  const owner = `of the user ${JSON.stringify(user.name)}`;
  const cert = await readData(user.certificate, `client-certificate ${owner}`, user.file, files);
  const key = await readData(user.key, `client-key ${owner}`, user.file, files);
  if (cert === undefined && key === undefined) return undefined;
  if (cert !== undefined && key !== undefined) return { cert, key };
  throw invalid(user, `has a ${cert === undefined ? "client-key" : "client-certificate"} alone; both are needed`);
}

function refuseContradictions(user: UserEntry): void {
  const hasToken = user.token !== undefined || user.tokenFile !== undefined;
  if (user.authProvider !== undefined && user.exec === undefined && !hasToken)
    throw invalid(
      user,
      `uses the auth-provider ${user.authProvider}, which Kubernetes 1.26 did away with`,
      "Have the kubeconfig written anew by a current release of the cloud's tool: it uses a credential plugin (exec).",
    );
  if (hasToken && user.username !== undefined)
    throw invalid(user, "has a token and a username; only one way to prove itself is allowed");
  const { user: as, uid, groups, extra } = user.impersonation;
  if (as === undefined && (uid !== undefined || groups.length > 0 || Object.keys(extra).length > 0))
    throw invalid(user, "has as-uid, as-groups or as-user-extra without as");
}

/** A header with a line break in it would carry other headers along. */
function headerSafe(user: UserEntry, token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw invalid(user, "has a token with blanks or signs that no token has");
}

/** Cluster of client.authentication.k8s.io/v1. */
function clusterInfoOf(cluster: ClusterEntry, certificateAuthority: string | undefined): TreeMap {
  const { server, tlsServerName, insecure, proxyUrl, disableCompression, execConfig } = cluster;
  return {
    server,
    ...(tlsServerName === undefined ? {} : { "tls-server-name": tlsServerName }),
    ...(insecure ? { "insecure-skip-tls-verify": true } : {}),
    ...(certificateAuthority === undefined
      ? {}
      : { "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64") }),
    ...(proxyUrl === undefined ? {} : { "proxy-url": proxyUrl }),
    ...(disableCompression ? { "disable-compression": true } : {}),
    config: execConfig ?? null,
  };
}

function invalid(user: UserEntry, what: string, hint?: string): SlipwayError {
  return new SlipwayError("INVALID_INPUT", `the user ${JSON.stringify(user.name)} ${what}`, {
    place: { file: user.file },
    hint,
  });
}
