import { SlipwayError } from "@slipway/base";
import type { ClusterEntry } from "../kubeconfig/model.ts";

/** Where requests go. */
export interface Target {
  readonly secure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  readonly port: number;
  /** What comes before every path, without a slash at its end: servers may stand below one, as Rancher's do. */
  readonly basePath: string;
  /** As errors name it. */
  readonly server: string;
}

/**
 * Reads the address of a cluster's server.
 *
 * @throws SlipwayError INVALID_INPUT for what is no http or https address
 */
export function targetOf(cluster: ClusterEntry): Target {
  const url = parsed(cluster.server);
  if (url === undefined) {
    const found = cluster.server === "" ? "has no server" : `has the server ${JSON.stringify(cluster.server)}`;
    throw new SlipwayError("INVALID_INPUT", `the cluster ${JSON.stringify(cluster.name)} ${found}`, {
      place: { file: cluster.file },
      hint: "Expected an address such as https://10.0.0.1:6443.",
    });
  }
  const secure = url.protocol === "https:";
  return {
    secure,
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? defaultPort(secure) : Number(url.port),
    basePath: url.pathname.replace(/\/+$/, ""),
    server: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
  };
}

function parsed(server: string): URL | undefined {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

function defaultPort(secure: boolean): number {
  return secure ? 443 : 80;
}

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
