import { rejectionOf } from "@slipway/base/testing";
import { testAuthority, type TestAuthority } from "@slipway/base/testing/certificates";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { RESOURCES } from "../resources.ts";
import { startCluster, type Cluster } from "../testing/index.ts";
import { openEndpoint } from "../testing/endpoint.ts";
import { startHttpProxy, startSocksProxy, type TestProxy } from "../testing/proxies.ts";
import { testClient, type TestClientOptions } from "../testing/test-client.ts";
import { textFiles } from "../testing/text-files.ts";
import { connect } from "./connect.ts";

let cluster: Cluster;
let other: TestAuthority;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  cluster = await startCluster({ tls: true, tokens: { "jane-token": { name: "jane", groups: ["developers"] } } });
  other = await testAuthority("other-ca");
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(async () => {
  await cluster.close();
});

const base64 = (text: string): string => Buffer.from(text).toString("base64");

function certificates(): NonNullable<Cluster["certificates"]> {
  if (cluster.certificates === undefined) throw new Error("the cluster has no certificates");
  return cluster.certificates;
}

function trusted(): { readonly server: string; readonly "certificate-authority-data": string } {
  return { server: cluster.url, "certificate-authority-data": base64(certificates().authority.cert) };
}

/** Whom the server took a client for, and with which headers, of its last request. */
async function seen(options: Partial<TestClientOptions>): Promise<unknown> {
  const client = await testClient({ cluster: trusted(), ...options });
  closing.push(() => Promise.resolve(client.close()));
  await client.read("/version");
  const request = cluster.requests.at(-1);
  return { ...request?.user, headers: request?.headers };
}

test("a token proves who asks, over a private authority", async () => {
  const { hostname, port } = new URL(cluster.url);
  expect(await seen({ user: { token: "jane-token" } })).toEqual({
    name: "jane",
    groups: ["developers"],
    headers: {
      host: `${hostname}:${port}`,
      accept: "application/json,*/*",
      "accept-encoding": "identity",
      "user-agent": "test/1",
      authorization: "Bearer jane-token",
      connection: expect.any(String),
    },
  });
});

test("a client certificate proves who asks, from data and from files", async () => {
  const { admin, authority } = certificates();
  const data = { "client-certificate-data": base64(admin.cert), "client-key-data": base64(admin.key) };
  expect(await seen({ user: data })).toMatchObject({ name: "admin", groups: ["system:masters"] });
  const texts = new Map([
    ["/pki/ca.crt", authority.cert],
    ["/pki/a.crt", admin.cert],
    ["/pki/a.key", admin.key],
  ]);
  const files = {
    cluster: { server: cluster.url, "certificate-authority": "pki/ca.crt" },
    user: { "client-certificate": "pki/a.crt", "client-key": "pki/a.key" },
    texts,
  };
  expect(await seen(files)).toMatchObject({ name: "admin" });
});

test("a server may stand behind another name, and be trusted unseen when told so", async () => {
  const user = { token: "jane-token" };
  const named = { ...trusted(), "tls-server-name": "localhost" };
  expect(await seen({ user, cluster: named })).toMatchObject({ name: "jane" });
  const insecure = { server: cluster.url, "insecure-skip-tls-verify": true };
  expect(await seen({ user, cluster: insecure })).toMatchObject({ name: "jane" });
});

test("somebody acts for somebody else", async () => {
  const user = {
    token: "jane-token",
    as: "system:serviceaccount:gpu:agent",
    "as-groups": ["a", "b"],
    "as-uid": "7",
    "as-user-extra": { "Scopes/x": ["one", "two"] },
  };
  expect(await seen({ user })).toMatchObject({
    name: "system:serviceaccount:gpu:agent",
    groups: ["a", "b"],
    headers: { "impersonate-uid": "7", "impersonate-extra-scopes%2fx": "one, two" },
  });
});

test("credentials that the server does not take are renewed once", async () => {
  const texts = new Map([["/token", "old-token"]]);
  const client = await testClient({ cluster: trusted(), user: { tokenFile: "/token" }, texts });
  closing.push(() => Promise.resolve(client.close()));
  const refused = await rejectionOf(client.read("/version"));
  expect([refused.code, refused.message, refused.hint]).toEqual([
    "NOT_ALLOWED",
    "Unauthorized",
    `${cluster.url} does not take these credentials; log in again, or look at \`kubectl auth whoami\`.`,
  ]);
  texts.set("/token", "jane-token");
  expect(await client.read("/version")).toMatchObject({ major: "1" });
});

test("a plugin is run again when the server does not take what it gave", async () => {
  const tokens = ["old-token", "jane-token"];
  const exec = {
    run: () => {
      const status = { token: tokens.shift() ?? "none" };
      const stdout = JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status });
      return Promise.resolve({ exitCode: 0, stdout, stderr: "" });
    },
  };
  const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "login" } };
  expect(await seen({ user, exec })).toMatchObject({ name: "jane" });
  expect(tokens).toEqual([]);
});

test("proxies of every kind lead to the server, which is still the one that is trusted", async () => {
  const to = Number(new URL(cluster.url).port);
  const pair = await certificates().authority.issue({ commonName: "proxy", hosts: ["127.0.0.1"] });
  const proxies: (readonly [string, TestProxy])[] = [
    ["http://u:p%20w@", await startHttpProxy(to)],
    ["https://", await startHttpProxy(to, pair)],
    ["socks5://", await startSocksProxy(to)],
    ["socks5://u:pw@", await startSocksProxy(to, "pw")],
  ];
  closing.push(
    ...proxies.map(
      ([, proxy]) =>
        () =>
          proxy.close(),
    ),
  );
  const user = { token: "jane-token" };
  for (const [prefix, proxy] of proxies) {
    const through = { ...trusted(), "proxy-url": prefix + proxy.address };
    const renamed = { ...through, server: "https://kube.test:6443", "tls-server-name": "localhost" };
    expect(await seen({ user, cluster: through })).toMatchObject({ name: "jane" });
    expect(await seen({ user, cluster: renamed })).toMatchObject({ name: "jane" });
  }
  const authorization = `Basic ${base64("u:p w")}`;
  expect(proxies.map(([, { asked }]) => asked)).toEqual([
    [`127.0.0.1:${to} ${authorization}`, `kube.test:6443 ${authorization}`],
    [`127.0.0.1:${to}`, "kube.test:6443"],
    [`127.0.0.1:${to}`, "kube.test:6443"],
    [`127.0.0.1:${to} u:pw`, "kube.test:6443 u:pw"],
  ]);
});

test("the environment names a proxy too, also for a server without TLS", async () => {
  const plain = await startCluster();
  const proxy = await startHttpProxy(Number(new URL(plain.url).port));
  closing.push(
    () => proxy.close(),
    () => plain.close(),
  );
  const env = { HTTP_PROXY: `http://${proxy.address}` };
  const client = await testClient({ cluster: { server: "http://kube.test" }, env });
  expect(await client.read("/version")).toMatchObject({ major: "1" });
  expect(proxy.asked).toEqual(["kube.test:80"]);
});

test("a proxy that refuses or is down is named, without its password", async () => {
  const proxy = await startHttpProxy(1, undefined, 407);
  closing.push(() => proxy.close());
  const to = (url: string) =>
    testClient({ cluster: { ...trusted(), "proxy-url": url } }).then((one) =>
      one.read("/version", { timeoutMs: 5000 }),
    );
  const refused = await rejectionOf(to(`http://u:s3cret@${proxy.address}`));
  expect([refused.code, refused.message]).toEqual([
    "UNAVAILABLE",
    `the proxy http://${proxy.address}: it answered 407 Refused`,
  ]);
  const down = await rejectionOf(to("http://u:s3cret@127.0.0.1:1"));
  expect(down.describe()).toContain("the proxy http://127.0.0.1:1: connect ECONNREFUSED");
  const socks = await rejectionOf(to("socks5://u:s3cret@127.0.0.1:1"));
  expect(socks.describe()).toContain("the proxy socks5://127.0.0.1:1: connect ECONNREFUSED");
  expect([refused, down, socks].filter((error) => error.describe().includes("s3cret"))).toEqual([]);
});

test("what is wrong with a certificate is told apart", async () => {
  const ask = async (fields: Record<string, string>, user = {}) => {
    const client = await testClient({ cluster: { ...trusted(), ...fields }, user });
    return (await rejectionOf(client.read("/version"))).describe();
  };
  const server = `the server ${cluster.url}`;
  expect(await ask({ "certificate-authority-data": base64(other.cert) })).toContain(
    `${server} has a certificate of an unknown authority\nIs certificate-authority in the kubeconfig that of this`,
  );
  expect(await ask({ "tls-server-name": "kube.test" })).toContain(
    `${server} has a certificate for other names: Hostname/IP does not match certificate's altnames`,
  );
  expect(await ask({ server: cluster.url.replace("https", "http") })).toContain(
    "ended the connection\nDoes the server want https instead of http?",
  );
  const { authority } = certificates();
  const late = await authority.issue({ commonName: "server", hosts: ["127.0.0.1"], validForMs: -1000 });
  const endpoint = await openEndpoint(
    { authority: { ...authority, issue: () => Promise.resolve(late) }, admin: late },
    (_request, response) => response.end("{}"),
    () => undefined,
  );
  closing.push(() => endpoint.stop());
  expect(await ask({ server: endpoint.url })).toContain("has a certificate that has expired\nRenew it");
});

test.each([
  [{ server: "10.0.0.1:6443" }, 'the cluster "test" has the server "10.0.0.1:6443"\nExpected an address such as'],
  [{}, 'the cluster "test" has no server'],
  [{ server: "file:///etc" }, 'has the server "file:///etc"'],
  [{ server: "https://a", "proxy-url": "ftp://p" }, "expected http://, https:// or socks5:// HOST:PORT"],
  [{ server: "https://a", "certificate-authority-data": base64("nothing") }, "cannot be used: expected PEM"],
  [{ server: "https://a", "certificate-authority": "/gone" }, "/gone: certificate-authority of the cluster"],
  [
    { server: "https://a", "certificate-authority-data": base64("-----BEGIN X"), "insecure-skip-tls-verify": true },
    "which exclude each other\nRemove insecure-skip-tls-verify.",
  ],
])("a cluster such as %j is refused before anything is sent", async (fields, message) => {
  expect((await rejectionOf(testClient({ cluster: fields }))).describe()).toContain(message);
});

test("a client certificate that is none is told of with its user", async () => {
  const user = { "client-certificate-data": base64("x"), "client-key-data": base64("s3cret") };
  const client = await testClient({ cluster: trusted(), user });
  const error = await rejectionOf(client.read("/version"));
  expect([error.code, error.describe()]).toEqual([
    "INVALID_INPUT",
    expect.stringContaining('/kubeconfig: the client certificate of the user "jane" cannot be used: '),
  ]);
  expect(error.describe()).not.toContain("s3cret");
});

test("without a kubeconfig the pod's service account is taken, and outside a pod there is nothing", async () => {
  const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  const texts = new Map([
    [`${folder}/token`, "jane-token"],
    [`${folder}/ca.crt`, certificates().authority.cert],
    [`${folder}/namespace`, "gpu"],
  ]);
  const env = { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: new URL(cluster.url).port };
  const client = await connect({ env, files: textFiles(texts), userAgent: "test/1" });
  closing.push(() => Promise.resolve(client.close()));
  expect(client.connection).toEqual({ context: "in-cluster", server: cluster.url, namespace: "gpu" });
  await client.list(RESOURCES.pods, { namespace: "default" });
  expect(cluster.requests.at(-1)?.user.name).toBe("jane");
  const outside = await rejectionOf(connect({ env: { HOME: "/me" }, files: textFiles(texts), userAgent: "test/1" }));
  expect([outside.code, outside.describe()]).toEqual([
    "NOT_FOUND",
    "there is no kubeconfig at /me/.kube/config\n" +
      "Name one with --kubeconfig or in KUBECONFIG, or run inside a pod that has a service account.",
  ]);
});
