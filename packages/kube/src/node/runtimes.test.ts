import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { compactJson } from "@slipway/base";
import { testAuthority } from "@slipway/base/testing/certificates";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCluster, type Cluster } from "../testing/index.ts";
import { startHttpProxy, startSocksProxy, type TestProxy } from "../testing/proxies.ts";

const SCRIPT = join(import.meta.dirname, "..", "testing", "runtime-check.ts");
const BUN = join(import.meta.dirname, "..", "..", "..", "..", "node_modules", ".bin", "bun");

let cluster: Cluster;
let proxies: readonly TestProxy[] = [];
let folder = "";
let env: Record<string, string> = {};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-runtimes-"));
  cluster = await startCluster({ tls: true, tokens: { "jane-token": { name: "jane", groups: [] } } });
  const { certificates } = cluster;
  if (certificates === undefined) throw new Error("the cluster has no certificates");
  const { authority, admin } = certificates;
  const port = Number(new URL(cluster.url).port);
  const pair = await authority.issue({ commonName: "proxy", hosts: ["127.0.0.1"] });
  proxies = await Promise.all([startHttpProxy(port), startHttpProxy(port, pair), startSocksProxy(port)]);
  const [http, https, socks] = proxies.map(({ address }) => address);
  const trusted = { server: cluster.url, "certificate-authority-data": base64(authority.cert) };
  const other = base64((await testAuthority("other")).cert);
  const renamed = { ...trusted, server: "https://kube.test:6443", "tls-server-name": "localhost" };
  const certificate = { "client-certificate-data": base64(admin.cert), "client-key-data": base64(admin.key) };
  const token = { token: "jane-token" };
  const cases = [
    ["token", trusted, token],
    ["certificate", trusted, certificate],
    ["insecure", { server: cluster.url, "insecure-skip-tls-verify": true }, token],
    ["http-proxy", { ...renamed, "proxy-url": `http://${http}` }, certificate],
    ["https-proxy", { ...renamed, "proxy-url": `https://${https}` }, certificate],
    ["socks-proxy", { ...renamed, "proxy-url": `socks5://${socks}` }, certificate],
    ["unknown-authority", { ...trusted, "certificate-authority-data": other }, token],
    ["other-name", { ...trusted, "tls-server-name": "kube.test" }, token],
    ["not-there", { server: "https://127.0.0.1:1" }, token],
    ["bad-token", trusted, { token: "nobody" }],
    ["system-authority", { server: cluster.url }, token],
  ];
  const system = join(folder, "system.crt");
  await writeFile(system, authority.cert);
  env = { SSL_CERT_FILE: system, PATH: process.env["PATH"] ?? "", HOME: folder, CHECK_CLUSTER: compactJson(cases) };
});

afterAll(async () => {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await cluster.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(program: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(program, [...args], { env, cwd: folder, timeout: 25_000 });
  const value: unknown = JSON.parse(stdout);
  return value;
}

const worked = (name: string): object => ({
  name,
  items: 1,
  events: ["ADDED", "DELETED"],
  ended: "INTERRUPTED",
  long: "9007199254740993",
});
const failed = (name: string, error: unknown): object => ({ name, error });

function expected(): readonly object[] {
  const server = `the server ${cluster.url}`;
  return [
    worked("token"),
    worked("certificate"),
    worked("insecure"),
    worked("http-proxy"),
    worked("https-proxy"),
    worked("socks-proxy"),
    failed(
      "unknown-authority",
      `UNAVAILABLE ${server} has a certificate of an unknown authority\n` +
        "Is certificate-authority in the kubeconfig that of this cluster? It changes when a cluster is made anew.",
    ),
    failed("other-name", expect.stringContaining(`UNAVAILABLE ${server} has a certificate for other names: `)),
    failed("not-there", expect.stringContaining("UNAVAILABLE the server https://127.0.0.1:1 refuses the connection\n")),
    failed("bad-token", expect.stringContaining("NOT_ALLOWED Unauthorized\n")),
    worked("system-authority"),
  ];
}

test("Node uses a cluster over TLS and through proxies", async () => {
  expect(await run(process.execPath, [SCRIPT])).toEqual(expected());
});

test("Bun does the same", async () => {
  expect(await run(BUN, [SCRIPT])).toEqual(expected());
});

test("a binary that Bun has compiled does the same", async () => {
  const binary = join(folder, "check");
  await promisify(execFile)(BUN, ["build", "--compile", SCRIPT, "--outfile", binary], { cwd: folder });
  expect(await run(binary, [])).toEqual(expected());
});

test("a bundle for Node 20 does the same", async () => {
  const outfile = join(folder, "check.mjs");
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [SCRIPT],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: { js: banner },
    logLevel: "silent",
  });
  expect(await run(process.execPath, [outfile])).toEqual(expected());
});
