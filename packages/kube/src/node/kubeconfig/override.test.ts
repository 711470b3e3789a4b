import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { overridden, selectionOfServer, type Overrides } from "./override.ts";
import { parseKubeconfig } from "./parse.ts";
import { selectContext } from "./select.ts";

const CONFIG = parseKubeconfig(
  `
current-context: production
clusters:
- {name: prod, cluster: {server: "https://a", certificate-authority-data: Q0E=, tls-server-name: kube}}
- {name: lab, cluster: {server: "https://b", insecure-skip-tls-verify: true}}
users:
- {name: admin, user: {client-certificate-data: QQ==, client-key-data: Qg==, as: root, as-groups: [wheel]}}
- {name: jane, user: {token: hers}}
contexts:
- {name: production, context: {cluster: prod, user: admin, namespace: gpu}}
`,
  "/kc",
);

/** What is not as the context says. */
function changes(overrides: Overrides): unknown {
  const before = selectContext(CONFIG, undefined);
  const after = overridden(selectContext(CONFIG, undefined, overrides), overrides);
  return { cluster: difference(before.cluster, after.cluster), user: difference(before.user, after.user) };
}

function difference(before: object, after: object): unknown {
  const old = new Map(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(old.get(key))),
  );
}

const NONE = { data: undefined, path: undefined };

test.each<[Overrides, unknown]>([
  [{}, { cluster: {}, user: {} }],
  [
    { server: "", token: "", as: "", asGroups: [] },
    { cluster: {}, user: {} },
  ],
  [{ server: "https://c:1" }, { cluster: { server: "https://c:1", tlsServerName: undefined }, user: {} }],
  [{ server: "c:8080" }, { cluster: { server: "http://c:8080", tlsServerName: undefined }, user: {} }],
  [{ tlsServerName: "other" }, { cluster: { tlsServerName: "other" }, user: {} }],
  [{ insecureSkipTlsVerify: true }, { cluster: { insecure: true, certificateAuthority: NONE }, user: {} }],
  [
    { certificateAuthority: "ca.crt" },
    { cluster: { certificateAuthority: { data: undefined, path: "ca.crt" } }, user: {} },
  ],
  [{ token: "t" }, { cluster: {}, user: { certificate: NONE, key: NONE, token: "t" } }],
  [
    { username: "u", password: "p" },
    { cluster: {}, user: { certificate: NONE, key: NONE, username: "u", password: "p" } },
  ],
  [
    { clientCertificate: "c.crt", clientKey: "c.key" },
    {
      cluster: {},
      user: { certificate: { data: undefined, path: "c.crt" }, key: { data: undefined, path: "c.key" } },
    },
  ],
  [
    { as: "kim", asUid: "7", asGroups: ["readers"] },
    { cluster: {}, user: { impersonation: { user: "kim", uid: "7", groups: ["readers"], extra: {} } } },
  ],
  [{ disableCompression: true }, { cluster: { disableCompression: true }, user: {} }],
])("%j", (overrides, expected) => {
  expect(changes(overrides)).toEqual(expected);
});

test("another cluster and another user of the kubeconfig", () => {
  const { cluster, user, namespace } = selectContext(CONFIG, undefined, { cluster: "lab", user: "jane" });
  expect([cluster.server, user.token, namespace]).toEqual(["https://b", "hers", "gpu"]);
});

test("an authority takes the place of a cluster's insecurity", () => {
  const lab = selectContext(CONFIG, undefined, { cluster: "lab" });
  expect(overridden(lab, { certificateAuthority: "ca.crt" }).cluster.insecure).toBe(false);
});

test.each([
  [{ cluster: "prd" }, 'the kubeconfig has no cluster "prd"\nDid you mean "prod"?'],
  [{ user: "zzzzzzzzz" }, 'the kubeconfig has no user "zzzzzzzzz"\nLook at `kubectl config view`.'],
])("%j is not there", (others, message) => {
  const error = errorOf(() => selectContext(CONFIG, undefined, others));
  expect([error.code, error.describe()]).toEqual(["NOT_FOUND", `/kc: ${message}`]);
});

test("a server alone is a cluster without credentials", () => {
  const { cluster, user, namespace } = overridden(selectionOfServer("https://d"), { server: "https://d", token: "t" });
  expect([cluster.server, user.token, namespace]).toEqual(["https://d", "t", "default"]);
});
