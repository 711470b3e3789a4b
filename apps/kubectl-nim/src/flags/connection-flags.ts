import { durationFlag, listFlag, switchFlag, textFlag } from "@slipway/terminal";

const group = "Cluster";

/**
 * Which cluster is meant, and as whom: the connection flags of kubectl, by the same names. Help shows the three that people
 * use.
 */
export const CONNECTION_FLAGS = {
  kubeconfig: textFlag("kubeconfig", {
    summary: "kubeconfig file, in place of KUBECONFIG and ~/.kube/config",
    group,
    placeholder: "FILE",
    completion: "files",
    repeat: "last",
  }),
  context: textFlag("context", {
    summary: "context of the kubeconfig, in place of its current one",
    group,
    placeholder: "NAME",
    repeat: "last",
  }),
  namespace: textFlag("namespace", {
    summary: "namespace (default that of the context)",
    group,
    placeholder: "NAME",
    short: "n",
    repeat: "last",
  }),
  cluster: hiddenText("cluster", "cluster of the kubeconfig, in place of the context's"),
  user: hiddenText("user", "user of the kubeconfig, in place of the context's"),
  server: hiddenText("server", "address of the API server", "s"),
  token: hiddenText("token", "bearer token"),
  username: hiddenText("username", "user name for basic authentication"),
  password: hiddenText("password", "password for basic authentication"),
  certificateAuthority: hiddenText("certificate-authority", "file with the certificate authority of the API server"),
  clientCertificate: hiddenText("client-certificate", "file with a client certificate"),
  clientKey: hiddenText("client-key", "file with the key of the client certificate"),
  tlsServerName: hiddenText("tls-server-name", "name that the server's certificate must have"),
  as: hiddenText("as", "user to act as"),
  asUid: hiddenText("as-uid", "UID to act as"),
  cacheDir: hiddenText("cache-dir", "accepted for kubectl's sake; nothing is cached"),
  asGroup: listFlag("as-group", { summary: "group to act as", group, placeholder: "NAME", split: false, hidden: true }),
  insecureSkipTlsVerify: switchFlag("insecure-skip-tls-verify", {
    summary: "do not check the server's certificate",
    group,
    hidden: true,
  }),
  disableCompression: switchFlag("disable-compression", {
    summary: "have the server send answers as they are",
    group,
    hidden: true,
  }),
  requestTimeout: durationFlag("request-timeout", undefined, {
    summary: "time that a single request has; 0 is no limit",
    group,
    placeholder: "DURATION",
    hidden: true,
    repeat: "last",
  }),
} as const;

function hiddenText(name: string, summary: string, short?: string) {
  const letter = short === undefined ? {} : { short };
  return textFlag(name, { summary, group, placeholder: "VALUE", hidden: true, repeat: "last", ...letter });
}
