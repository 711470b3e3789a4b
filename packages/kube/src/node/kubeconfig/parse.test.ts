import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { parseKubeconfig } from "./parse.ts";

const FULL = `
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: dev
  cluster:
    server: https://10.0.0.1:6443
    certificate-authority: ca.crt
    tls-server-name: kube.internal
    proxy-url: http://proxy:3128
    disable-compression: true
    extensions:
    - name: client.authentication.k8s.io/exec
      extension: {audience: dev}
- name: 1.10
  cluster: {server: "http://a", insecure-skip-tls-verify: true, certificate-authority-data: Q0E=}
users:
- name: jane
  user:
    client-certificate: /abs/jane.crt
    client-key: keys/jane.key
    token: t
    tokenFile: token
    username: jane
    password: secret
    as: admin
    as-uid: "7"
    as-groups: [a, b]
    as-user-extra: {scopes: [x, y]}
- name: plugin
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./bin/login
      args: [--profile, 1.10]
      env: [{name: REGION, value: eu}, {name: EMPTY}]
      installHint: Install it.
      provideClusterInfo: true
      interactiveMode: Never
- name: old
  user: {auth-provider: {name: gcp}}
contexts:
- name: dev
  context: {cluster: dev, user: jane, namespace: gpu}
- name: bare
  context: {}
`;

const NO_IMPERSONATION = { user: undefined, uid: undefined, groups: [], extra: {} };
const NONE = { data: undefined, path: undefined };
const NOBODY = {
  file: "/home/me/.kube/config",
  certificate: NONE,
  key: NONE,
  token: undefined,
  tokenFile: undefined,
  username: undefined,
  password: undefined,
  exec: undefined,
  authProvider: undefined,
  impersonation: NO_IMPERSONATION,
};

test("all fields are read, and relative paths start at the file that names them", () => {
  const config = parseKubeconfig(FULL, "/home/me/.kube/config");
  expect(config.currentContext).toBe("dev");
  expect(config.files).toEqual(["/home/me/.kube/config"]);
  expect([...config.clusters.values()]).toEqual([
    {
      name: "dev",
      file: "/home/me/.kube/config",
      server: "https://10.0.0.1:6443",
      certificateAuthority: { data: undefined, path: "/home/me/.kube/ca.crt" },
      insecure: false,
      tlsServerName: "kube.internal",
      proxyUrl: "http://proxy:3128",
      disableCompression: true,
      execConfig: { audience: "dev" },
    },
    {
      name: "1.10",
      file: "/home/me/.kube/config",
      server: "http://a",
      certificateAuthority: { data: "Q0E=", path: undefined },
      insecure: true,
      tlsServerName: undefined,
      proxyUrl: undefined,
      disableCompression: false,
      execConfig: undefined,
    },
  ]);
  expect([...config.users.values()]).toEqual([
    {
      ...NOBODY,
      name: "jane",
      certificate: { data: undefined, path: "/abs/jane.crt" },
      key: { data: undefined, path: "/home/me/.kube/keys/jane.key" },
      token: "t",
      tokenFile: "/home/me/.kube/token",
      username: "jane",
      password: "secret",
      impersonation: { user: "admin", uid: "7", groups: ["a", "b"], extra: { scopes: ["x", "y"] } },
    },
    {
      ...NOBODY,
      name: "plugin",
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "/home/me/.kube/bin/login",
        args: ["--profile", "1.10"],
        env: { REGION: "eu", EMPTY: "" },
        installHint: "Install it.",
        provideClusterInfo: true,
        interactiveMode: "Never",
      },
    },
    { ...NOBODY, name: "old", authProvider: "gcp" },
  ]);
  expect([...config.contexts.values()]).toEqual([
    { name: "dev", file: "/home/me/.kube/config", cluster: "dev", user: "jane", namespace: "gpu" },
    { name: "bare", file: "/home/me/.kube/config", cluster: "", user: "", namespace: undefined },
  ]);
});

test.each(["", "# nothing\n", "{}", "apiVersion: v1\nkind: Config\nclusters: null\n"])("%j has no entries", (text) => {
  expect(parseKubeconfig(text, "f")).toEqual({
    files: ["f"],
    currentContext: undefined,
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
  });
});

test.each([
  ["users:\n- name: a\n  user: {token: [", "f:3:18: not valid YAML"],
  ["- a", "f: expected a map, found a list"],
  ["clusters: {}", "f: clusters: expected a list, found a map"],
  ["clusters: [{cluster: {}}]", "f: clusters[0].name: must be given and not be empty"],
  ["clusters: [{name: a}, {name: a}]", 'f: clusters[1].name: the name "a" is there twice'],
  ["contexts: [{name: a, context: {namespace: {}}}]", "f: contexts[0].context.namespace: expected text, found a map"],
  ["users: [{name: a, user: {exec: {command: x}}}]", "f: users[0].user.exec.apiVersion: must be given"],
  [
    "users: [{name: a, user: {exec: {command: x, apiVersion: v, interactiveMode: never}}}]",
    'f: users[0].user.exec.interactiveMode: expected Never, IfAvailable or Always, found "never"',
  ],
  ["kind: Pod", 'f: kind: a kubeconfig has the kind Config, found "Pod"'],
  ["clusters: [{name: a, cluster: {__proto__: {}}}]", '"__proto__"'],
  ["a: &a [*a]", "f"],
])("%j is refused: %s", (text, message) => {
  const error = errorOf(() => parseKubeconfig(text, "f"));
  expect(error.describe()).toContain(message);
  expect(error.code).toBe("INVALID_INPUT");
});
