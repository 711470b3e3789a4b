import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { KubeConfig } from "@kubernetes/client-node";
import { isTreeMap, parseJson, type Tree, type TreeMap } from "@slipway/base";
import { loadKubeconfig, selectContext, type Kubeconfig, type Selection } from "@slipway/kube/node";
import { nodeFiles } from "@slipway/terminal";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectlBinary } from "./tools.ts";

let folder = "";
let kubectl: string | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-kubeconfig-"));
  kubectl = await kubectlBinary();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Few names and few values, so that files of a list meet often. */
const name = fc.constantFrom("a", "b", "c");
const some = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

const cluster = fc.record({
  server: fc.constantFrom("https://one:6443", "https://two", "http://three:8080/base"),
  "insecure-skip-tls-verify": some(fc.boolean()),
  "tls-server-name": some(fc.constantFrom("n1", "n2")),
  "proxy-url": some(fc.constantFrom("http://p:1", "socks5://p")),
  "certificate-authority": some(fc.constantFrom("ca.crt", "pki/ca.crt", "/abs/ca.crt")),
  "disable-compression": some(fc.boolean()),
});
const user = fc.record({
  token: some(fc.constantFrom("t1", "t2")),
  tokenFile: some(fc.constantFrom("token", "/abs/token")),
  username: some(fc.constantFrom("u", "")),
  "client-certificate": some(fc.constantFrom("c.crt", "/abs/c.crt")),
  "client-key-data": some(fc.constantFrom("S0VZ", "")),
  as: some(fc.constantFrom("x", "")),
  "as-groups": some(fc.constantFrom(["g1", "g2"], [])),
});
const context = fc.record({ cluster: name, user: name, namespace: some(fc.constantFrom("gpu", "")) });

function named<Body>(body: string, value: fc.Arbitrary<Body>): fc.Arbitrary<readonly object[]> {
  return fc
    .uniqueArray(fc.tuple(name, value), { maxLength: 3, selector: ([key]) => key })
    .map((entries) => entries.map(([key, one]) => ({ name: key, [body]: one })));
}

const file = fc.record({
  "current-context": some(fc.constantFrom("a", "b", "")),
  clusters: named("cluster", cluster),
  users: named("user", user),
  contexts: named("context", context),
});

let runs = 0;

async function written(files: readonly object[]): Promise<readonly string[]> {
  const run = join(folder, String(++runs));
  const paths = files.map((_, index) => join(run, String(index), "config"));
  for (const [index, content] of files.entries()) {
    await mkdir(join(run, String(index)), { recursive: true });
    await writeFile(paths[index] ?? "", JSON.stringify({ apiVersion: "v1", kind: "Config", ...content }));
  }
  return paths;
}

async function ours(paths: readonly string[]): Promise<Kubeconfig> {
  return loadKubeconfig({ env: { KUBECONFIG: paths.join(delimiter) }, files: nodeFiles({ cwd: folder }) });
}

/** What kubectl sees of a list of files; a name that is not there is one file more, and skipped. */
async function theirs(paths: readonly string[]): Promise<TreeMap> {
  const env = { HOME: folder, KUBECONFIG: [...paths, join(folder, "missing")].join(delimiter) };
  const args = ["config", "view", "--raw", "-o", "json"];
  const { stdout } = await promisify(execFile)(kubectl ?? "kubectl", args, { env });
  return mapOf(parseJson(stdout));
}

function mapOf(value: Tree | undefined): TreeMap {
  return isTreeMap(value) ? value : {};
}

function textOf(value: Tree | undefined): string {
  return typeof value === "string" ? value : "";
}

function bodies(config: TreeMap, list: string, body: string): Record<string, TreeMap> {
  const entries: readonly Tree[] = Array.isArray(config[list]) ? config[list] : [];
  return Object.fromEntries(entries.map((entry) => [textOf(mapOf(entry)["name"]), mapOf(mapOf(entry)[body])]));
}

/** An entry as kubectl prints it: without what is empty. */
function compact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || value === false || value === "" || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

/** kubectl shows paths as they are written; ours begin with the folder of their file. */
function asWritten(path: string | undefined): string | undefined {
  return path?.startsWith(`${folder}/`) === true ? path.slice(folder.length + 1).replace(/^\d+\/\d+\//, "") : path;
}

function clusterFields(entry: Selection["cluster"]): Record<string, unknown> {
  return compact({
    server: entry.server,
    "insecure-skip-tls-verify": entry.insecure,
    "tls-server-name": entry.tlsServerName,
    "proxy-url": entry.proxyUrl,
    "certificate-authority": asWritten(entry.certificateAuthority.path),
    "disable-compression": entry.disableCompression,
  });
}

function userFields(entry: Selection["user"]): Record<string, unknown> {
  return compact({
    token: entry.token,
    tokenFile: asWritten(entry.tokenFile),
    username: entry.username,
    "client-certificate": asWritten(entry.certificate.path),
    "client-key-data": entry.key.data,
    as: entry.impersonation.user,
    "as-groups": entry.impersonation.groups,
  });
}

function fieldsOf<Entry>(
  entries: ReadonlyMap<string, Entry>,
  fields: (entry: Entry) => Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries([...entries].map(([key, entry]) => [key, fields(entry)]));
}

function asKubectlShows(config: Kubeconfig): unknown {
  return {
    current: config.currentContext ?? "",
    clusters: fieldsOf(config.clusters, clusterFields),
    users: fieldsOf(config.users, userFields),
    contexts: fieldsOf(config.contexts, (one) =>
      compact({ cluster: one.cluster, user: one.user, namespace: one.namespace }),
    ),
  };
}

test("lists of files are merged as the real kubectl merges them", async ({ skip }) => {
  if (kubectl === undefined) {
    skip("no kubectl");
    return;
  }
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async (files) => {
      const paths = await written(files);
      const seen = await theirs(paths);
      const contexts = Object.entries(bodies(seen, "contexts", "context"));
      expect(asKubectlShows(await ours(paths))).toEqual({
        current: seen["current-context"] ?? "",
        clusters: bodies(seen, "clusters", "cluster"),
        users: bodies(seen, "users", "user"),
        contexts: Object.fromEntries(contexts.map(([key, value]) => [key, compact(value)])),
      });
    }),
    { numRuns: 25 },
  );
});

test("one file says the same to client-node", async () => {
  await fc.assert(
    fc.asyncProperty(file, async (content) => {
      const paths = await written([content]);
      const oracle = new KubeConfig();
      oracle.loadFromFile(paths[0] ?? "");
      const config = await ours(paths);
      const seen = {
        clusters: oracle.getClusters().map((one) => [one.name, one.server, one.skipTLSVerify, one.tlsServerName]),
        users: oracle.getUsers().map((one) => [one.name, one.token || undefined, one.username || undefined]),
        contexts: oracle.getContexts().map((one) => [one.name, one.cluster, one.user, one.namespace || undefined]),
      };
      expect({
        clusters: [...config.clusters.values()].map((one) => [one.name, one.server, one.insecure, one.tlsServerName]),
        users: [...config.users.values()].map((one) => [one.name, one.token, one.username]),
        contexts: [...config.contexts.values()].map((one) => [one.name, one.cluster, one.user, one.namespace]),
      }).toEqual(seen);
    }),
  );
});

test("a context chooses what it does for kubectl, and files are found where kubectl finds them", async ({ skip }) => {
  if (kubectl === undefined) {
    skip("no kubectl");
    return;
  }
  const part = (number: string): object => ({
    "current-context": number,
    clusters: [{ name: number, cluster: { server: `https://${number}`, "certificate-authority": "ca.crt" } }],
    users: [{ name: "jane", user: { token: number } }],
    contexts: [{ name: number, context: { cluster: number, user: "jane", namespace: "gpu" } }],
  });
  const paths = await written([part("one"), part("two")]);
  for (const [index, path] of paths.entries()) await writeFile(join(dirname(path), "ca.crt"), `authority ${index}`);
  const config = await ours(paths);
  const env = { HOME: folder, KUBECONFIG: paths.join(delimiter) };
  for (const wanted of [undefined, "one", "two"]) {
    const choice = wanted === undefined ? [] : ["--context", wanted];
    const args = ["config", "view", "--raw", "--flatten", "--minify", ...choice, "-o", "json"];
    const seen = mapOf(parseJson((await promisify(execFile)(kubectl, args, { env })).stdout));
    const chosen = selectContext(config, wanted);
    const authority = await readFile(chosen.cluster.certificateAuthority.path ?? "");
    expect({
      context: chosen.context,
      cluster: [chosen.cluster.name, chosen.cluster.server, authority.toString("base64")],
      user: [chosen.user.name, chosen.user.token],
      namespace: chosen.namespace,
    }).toEqual({
      context: seen["current-context"],
      cluster: Object.entries(bodies(seen, "clusters", "cluster")).flatMap(([key, one]) => [
        key,
        one["server"],
        one["certificate-authority-data"],
      ]),
      user: Object.entries(bodies(seen, "users", "user")).flatMap(([key, one]) => [key, one["token"]]),
      namespace: Object.values(bodies(seen, "contexts", "context"))[0]?.["namespace"],
    });
  }
});
