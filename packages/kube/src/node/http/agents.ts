import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import tls, { type ConnectionOptions } from "node:tls";
import { SlipwayError, messageOf } from "@slipway/base";
import type { ClientCertificate } from "../credentials/credentials.ts";
import type { ClusterEntry, Selection } from "../kubeconfig/model.ts";
import type { Proxy } from "./proxy.ts";
import type { Target } from "./target.ts";

/** Idle connections are let go before servers and proxies do it, so that none is used in the moment it ends. */
const IDLE_MS = 30_000;

/** Makes the agents that connections are kept in: one for each client certificate. */
export interface Agents {
  for(certificate: ClientCertificate | undefined): Promise<HttpAgent>;
  close(): void;
}

/**
 * @param certificateAuthority PEM; absent: what the system trusts
 * @throws SlipwayError INVALID_INPUT when a cluster has a certificate authority that is not to be looked at, or one that
 * is no certificate
 */
export function agentsOf(
  { cluster, user }: Selection,
  certificateAuthority: string | undefined,
  target: Target,
  proxy: Proxy | undefined,
): Agents {
  const trust = target.secure ? trustOf(cluster, certificateAuthority) : {};
  const made = new Map<string, HttpAgent>();
  const make = async (certificate: ClientCertificate | undefined): Promise<HttpAgent> => {
    if (certificate !== undefined)
      checkPem(certificate, `the client certificate of the user ${JSON.stringify(user.name)}`, user.file);
    const settings = { ...trust, ...systemTrust(target, trust), ...certificate };
    if (proxy === undefined) return direct(target, settings);
    const { PlainTunnelAgent, TlsTunnelAgent } = await import("./tunnel.ts");
    const tunnel = { target, proxy, tls: settings };
    return target.secure ? new TlsTunnelAgent(tunnel) : new PlainTunnelAgent(tunnel);
  };
  return {
    for: async (certificate) => {
      const key = target.secure && certificate !== undefined ? certificate.cert + certificate.key : "";
      const known = made.get(key);
      if (known !== undefined) return known;
      const agent = await make(key === "" ? undefined : certificate);
      made.set(key, agent);
      return agent;
    },
    close: () => {
      for (const agent of made.values()) agent.destroy();
    },
  };
}

function direct(target: Target, settings: ConnectionOptions): HttpAgent {
  const keep = { keepAlive: true, scheduling: "lifo", timeout: IDLE_MS } as const;
  return target.secure ? new HttpsAgent({ ...keep, ...settings }) : new HttpAgent(keep);
}

function trustOf(cluster: ClusterEntry, ca: string | undefined): ConnectionOptions {
  const name = JSON.stringify(cluster.name);
  if (cluster.insecure && ca !== undefined)
    throw new SlipwayError(
      "INVALID_INPUT",
      `the cluster ${name} has a certificate-authority and insecure-skip-tls-verify, which exclude each other`,
      { place: { file: cluster.file }, hint: "Remove insecure-skip-tls-verify." },
    );
  if (ca !== undefined) checkPem({ ca }, `certificate-authority of the cluster ${name}`, cluster.file);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cluster.insecure ? { rejectUnauthorized: false } : {}),
    ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }),
  };
}

/**
 * What kubectl trusts when the kubeconfig names no authority: what the system does. Node 20 cannot look there; it has its
 * own list, and NODE_EXTRA_CA_CERTS.
 */
function systemTrust({ secure }: Target, { ca, rejectUnauthorized }: ConnectionOptions): ConnectionOptions {
  if (!secure || ca !== undefined || rejectUnauthorized === false) return {};
  if (typeof tls.getCACertificates !== "function") return {};
  return { ca: [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])] };
}

function checkPem(pem: { readonly ca: string } | ClientCertificate, what: string, file: string): void {
  try {
    if ("ca" in pem && !pem.ca.includes("-----BEGIN")) throw new Error("expected PEM");
    tls.createSecureContext(pem);
  } catch (error) {
    throw new SlipwayError("INVALID_INPUT", `${what} cannot be used: ${messageOf(error)}`, {
      place: { file },
      cause: error,
    });
  }
}
