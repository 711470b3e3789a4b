import { generateKeyPairSync } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeYaml, type Tree } from "@slipway/base";
import { testAuthority, type CertificatePair, type TestAuthority } from "@slipway/base/testing/certificates";

/** A user as client certificates name them. */
export interface User {
  readonly user: string;
  readonly groups?: readonly string[];
}

/** What says who somebody is: a certificate or a bearer token. */
export type Credentials = CertificatePair | { readonly token: string };

/** Certificates of a control plane. */
export interface Identities {
  readonly authority: TestAuthority;
  /** `system:masters`: may do everything. */
  readonly admin: CertificatePair;
}

const WEEK = 7 * 24 * 3_600_000;

/** Users that parts of the control plane are; the names are those that Kubernetes' own role bindings know. */
const PART_USERS = {
  "kube-controller-manager": "system:kube-controller-manager",
  "kube-scheduler": "system:kube-scheduler",
} as const;

/** Makes an authority and writes all certificates, keys and configuration files that the parts read. */
export async function writeFiles(directory: string, server: string): Promise<Identities> {
  const authority = await testAuthority("slipway-control-plane", WEEK);
  const write = async (name: string, content: string): Promise<void> => {
    await writeFile(join(directory, name), content, { mode: 0o600 });
  };
  const kubeconfig = async (name: string, user: User): Promise<CertificatePair> => {
    const pair = await clientCertificate(authority, user);
    await writeKubeconfig(join(directory, name), { server, ca: authority.cert, credentials: pair });
    return pair;
  };
  const serving = await authority.issue({
    commonName: "kube-apiserver",
    hosts: ["localhost", "127.0.0.1", "10.96.0.1", "kubernetes", "kubernetes.default", "kubernetes.default.svc"],
    validForMs: WEEK,
  });
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const [admin] = await Promise.all([
    kubeconfig("admin.kubeconfig", { user: "admin", groups: ["system:masters"] }),
    ...Object.entries(PART_USERS).map(([part, user]) => kubeconfig(`${part}.kubeconfig`, { user })),
    write("ca.crt", authority.cert),
    write("ca.key", authority.key),
    write("serving.crt", serving.cert),
    write("serving.key", serving.key),
    write("service-accounts.key", keys.privateKey.export({ format: "pem", type: "sec1" }).toString()),
    write("service-accounts.pub", keys.publicKey.export({ format: "pem", type: "spki" }).toString()),
    write("authentication.yaml", writeYaml(AUTHENTICATION)),
    write("scheduler.yaml", writeYaml(schedulerConfiguration(directory))),
  ]);
  await write("admin.crt", admin.cert);
  await write("admin.key", admin.key);
  return { authority, admin };
}

/** A certificate with which a user is known to the API server. */
export async function clientCertificate(
  authority: TestAuthority,
  { user, groups = [] }: User,
): Promise<CertificatePair> {
  return await authority.issue({ commonName: user, organizations: groups, validForMs: WEEK });
}

/** Whom a kubeconfig makes of its reader, and where. */
export interface KubeconfigContent {
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly credentials: Credentials;
}

/** Writes a kubeconfig with one context, `slipway`, that only its owner can read. */
export async function writeKubeconfig(path: string, { server, ca, credentials }: KubeconfigContent): Promise<void> {
  const user =
    "token" in credentials
      ? { token: credentials.token }
      : {
          "client-certificate-data": base64(credentials.cert),
          "client-key-data": base64(credentials.key),
        };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "slipway", cluster: { server, "certificate-authority-data": base64(ca) } }],
    users: [{ name: "slipway", user }],
    contexts: [{ name: "slipway", context: { cluster: "slipway", user: "slipway" } }],
    "current-context": "slipway",
  };
  await writeFile(path, writeYaml(config), { mode: 0o600 });
  await chmod(path, 0o600);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** Anonymous requests may ask for health and nothing else. */
const AUTHENTICATION: Tree = {
  apiVersion: "apiserver.config.k8s.io/v1beta1",
  kind: "AuthenticationConfiguration",
  anonymous: { enabled: true, conditions: ["/livez", "/readyz", "/healthz"].map((path) => ({ path })) },
};

function schedulerConfiguration(directory: string): Tree {
  return {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    clientConnection: { kubeconfig: join(directory, "kube-scheduler.kubeconfig"), qps: 500, burst: 1000 },
    leaderElection: { leaderElect: false },
  };
}
