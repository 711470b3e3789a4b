import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { parseKubeconfig } from "../kubeconfig/parse.ts";
import { selectContext } from "../kubeconfig/select.ts";
import { proxyOf, type Proxy } from "./proxy.ts";
import { targetOf } from "./target.ts";

function proxy(server: string, env: Record<string, string>, proxyUrl = ""): Proxy | undefined {
  const cluster = JSON.stringify({ server, "proxy-url": proxyUrl });
  const text = `
current-context: c
contexts: [{name: c, context: {cluster: c}}]
clusters: [{name: c, cluster: ${cluster}}]`;
  const selection = selectContext(parseKubeconfig(text, "/kc"));
  return proxyOf(selection.cluster, targetOf(selection.cluster), env);
}

test("proxy-url goes before the environment, and counts for this machine too", () => {
  const env = { HTTPS_PROXY: "http://env:3128", NO_PROXY: "*" };
  expect(proxy("https://127.0.0.1:6443", env, "socks5://u%40:p%20w@[::1]")).toEqual({
    kind: "socks5",
    hostname: "::1",
    port: 1080,
    username: "u@",
    password: "p w",
    address: "socks5://[::1]:1080",
  });
  expect(proxy("https://kube.test", {}, "proxy.test:3128")).toEqual({
    kind: "http",
    hostname: "proxy.test",
    port: 3128,
    username: undefined,
    password: undefined,
    address: "http://proxy.test:3128",
  });
});

test.each([
  ["https://kube.test", { HTTPS_PROXY: "https://a" }, "https://a:443"],
  ["https://kube.test", { https_proxy: "http://a" }, "http://a:80"],
  ["https://kube.test", { HTTPS_PROXY: "http://a", https_proxy: "http://b" }, "http://a:80"],
  ["https://kube.test", { HTTP_PROXY: "http://a" }, undefined],
  ["http://kube.test", { HTTP_PROXY: "http://a" }, "http://a:80"],
  ["https://localhost:6443", { HTTPS_PROXY: "http://a" }, undefined],
  ["https://127.1.2.3", { HTTPS_PROXY: "http://a" }, undefined],
  ["https://[::1]:6443", { HTTPS_PROXY: "http://a" }, undefined],
])("%s with %j goes through %s", (server, env, address) => {
  const found = proxy(server, env);
  expect(found === undefined ? undefined : found.address).toBe(address);
});

test.each([
  ["*", "https://kube.test", true],
  ["kube.test", "https://kube.test", true],
  ["test", "https://kube.test", true],
  [".test", "https://kube.test", true],
  ["*.test", "https://kube.test", true],
  [".kube.test", "https://kube.test", false],
  ["be.test", "https://kube.test", false],
  ["KUBE.test", "https://kube.test", true],
  ["other, kube.test", "https://kube.test", true],
  ["kube.test:6443", "https://kube.test:6443", true],
  ["kube.test:443", "https://kube.test:6443", false],
  ["kube.test:443", "https://kube.test", true],
  ["10.0.0.1", "https://10.0.0.1:6443", true],
  ["10.0.0.1:6443", "https://10.0.0.1:6443", true],
  ["0.0.1", "https://10.0.0.1:6443", false],
  ["10.0.0.0/8", "https://10.9.9.9", true],
  ["10.0.0.0/8", "https://11.0.0.1", false],
  ["10.0.0.0/99", "https://10.0.0.1", false],
  ["fd00::/8", "https://[fd00::1]:6443", true],
  ["fd00::1", "https://[fd00::1]:6443", true],
  ["[fd00::1]:6443", "https://[fd00::1]:6443", true],
  ["fd00::/8", "https://10.0.0.1", false],
  ["10.0.0.0/8", "https://kube.test", false],
  ["", "https://kube.test", false],
])("NO_PROXY=%s, %s: directly %s", (list, server, isDirect) => {
  expect(proxy(server, { HTTPS_PROXY: "http://a", NO_PROXY: list }) === undefined).toBe(isDirect);
});

test.each([
  [{}, "ftp://a", '/kc: proxy-url of the cluster "c": expected http://, https:// or socks5:// HOST:PORT'],
  [{}, "toString://a", '/kc: proxy-url of the cluster "c": expected'],
  [{}, "http://u:s3cret@:1", '/kc: proxy-url of the cluster "c": expected'],
  [{ HTTPS_PROXY: "http://" }, "", "the variable HTTPS_PROXY: expected"],
])("%j and %j is no proxy", (env, url, message) => {
  const error = errorOf(() => proxy("https://kube.test", env, url));
  expect(error.describe()).toContain(message);
  expect(error.describe()).not.toContain("s3cret");
});
