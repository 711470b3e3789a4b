import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Duplex } from "node:stream";
import { compactJson } from "@slipway/base";
import type { CertificatePair, TestAuthority } from "@slipway/base/testing/certificates";

/** The certificates of a cluster with TLS. */
export interface ClusterCertificates {
  readonly authority: TestAuthority;
  /** Of a user that may do everything. */
  readonly admin: CertificatePair;
}

/** Where a server listens. */
export interface Endpoint {
  readonly url: string;
  /** Ends every connection and listens no more. */
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1, with TLS where there are certificates. */
export async function openEndpoint(
  certificates: ClusterCertificates | undefined,
  listener: RequestListener,
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void,
): Promise<Endpoint> {
  const server = await serverOf(certificates, listener);
  server.on("upgrade", upgrade);
  const port = await listen(server, 0);
  return {
    url: `${certificates === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
    start: async () => void (await listen(server, port)),
  };
}

async function serverOf(certificates: ClusterCertificates | undefined, listener: RequestListener): Promise<Server> {
  if (certificates === undefined) return createServer(listener);
  const { authority } = certificates;
  const pair = await authority.issue({ commonName: "kube-apiserver", hosts: ["localhost", "127.0.0.1"] });
  return createTlsServer({ ...pair, ca: authority.cert, requestCert: true, rejectUnauthorized: false }, listener);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/** A kubeconfig, as JSON, that reaches the server as its administrator. */
export function kubeconfigOf(
  server: string,
  certificates: ClusterCertificates | undefined,
  namespace: string | undefined,
): string {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const authority =
    certificates === undefined ? {} : { "certificate-authority-data": base64(certificates.authority.cert) };
  const user =
    certificates === undefined
      ? {}
      : {
          "client-certificate-data": base64(certificates.admin.cert),
          "client-key-data": base64(certificates.admin.key),
        };
  const where = namespace === undefined ? {} : { namespace };
  return compactJson({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, ...authority } }],
    users: [{ name: "test", user }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test", ...where } }],
    "current-context": "test",
  });
}
