import { BlockList, isIP } from "node:net";
import { SlipwayError } from "@slipway/base";
import type { ClusterEntry } from "../kubeconfig/model.ts";
import { isLoopback, type Target } from "./target.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What stands between this machine and the server. */
export interface Proxy {
  readonly kind: "http" | "https" | "socks5";
  readonly hostname: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** As errors name it: without credentials. */
  readonly address: string;
}

/**
 * The proxy to a cluster: the kubeconfig's `proxy-url`; else that of HTTPS_PROXY (HTTP_PROXY for a server without TLS)
 * unless NO_PROXY excepts the server. The environment never sends this machine's own addresses through a proxy (Go's
 * httpproxy).
 *
 * @throws SlipwayError INVALID_INPUT for an address that is no proxy's
 */
export function proxyOf(cluster: ClusterEntry, target: Target, env: Environment): Proxy | undefined {
  if (cluster.proxyUrl !== undefined)
    return parseProxy(cluster.proxyUrl, `proxy-url of the cluster ${JSON.stringify(cluster.name)}`, cluster.file);
  const name = target.secure ? "HTTPS_PROXY" : "HTTP_PROXY";
  const url = variable(env, name);
  if (url === undefined || isLoopback(target.hostname) || isExcepted(target, variable(env, "NO_PROXY")))
    return undefined;
  return parseProxy(url, `the variable ${name}`, undefined);
}

function variable(env: Environment, name: string): string | undefined {
  return [env[name], env[name.toLowerCase()]].find((value) => value !== undefined && value !== "");
}

const KINDS: Readonly<Record<string, readonly [kind: Proxy["kind"], port: number]>> = {
  "http:": ["http", 80],
  "https:": ["https", 443],
  "socks5:": ["socks5", 1080],
  "socks5h:": ["socks5", 1080],
};

function parseProxy(text: string, what: string, file: string | undefined): Proxy {
  const full = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const kind = Object.hasOwn(KINDS, url?.protocol ?? "") ? KINDS[url?.protocol ?? ""] : undefined;
  if (url === undefined || kind === undefined || url.hostname === "")
    throw new SlipwayError("INVALID_INPUT", `${what}: expected http://, https:// or socks5:// HOST:PORT`, {
      place: { file },
    });
  const port = url.port === "" ? kind[1] : Number(url.port);
  return {
    kind: kind[0],
    hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port,
    username: decoded(url.username),
    password: decoded(url.password),
    address: `${url.protocol}//${url.hostname}:${port}`,
  };
}

function decoded(part: string): string | undefined {
  if (part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The rules of Go's httpproxy: `*`, a name and what is below it, `.suffix`, an address, a CIDR block, each with a port. */
function isExcepted(target: Target, list: string | undefined): boolean {
  return (list ?? "")
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== "" && matches(entry, target));
}

function matches(entry: string, { hostname, port }: Target): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return inBlock(entry, hostname);
  const [, host = "", wanted] = /^(\[[^\]]*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (wanted !== undefined && Number(wanted) !== port) return false;
  const name = host.replace(/^\[(.*)\]$/, "$1").replace(/^\*(?=\.)/, "");
  if (name.startsWith(".")) return hostname.endsWith(name);
  return hostname === name || (isIP(hostname) === 0 && hostname.endsWith(`.${name}`));
}

function inBlock(entry: string, hostname: string): boolean {
  const [network = "", bits = ""] = entry.split("/");
  const family = isIP(hostname);
  if (family === 0 || isIP(network) !== family || !/^\d{1,3}$/.test(bits)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(bits), type);
  return block.check(hostname, type);
}
