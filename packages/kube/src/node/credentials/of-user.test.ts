import type { Exec } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { textFiles } from "../../testing/text-files.ts";
import { parseKubeconfig } from "../kubeconfig/parse.ts";
import { selectContext } from "../kubeconfig/select.ts";
import { credentialsOf } from "./of-user.ts";

const FILES = textFiles(
  new Map([
    ["/token", "from-file"],
    ["/c.crt", "CERT"],
    ["/bad", "\0"],
  ]),
);
const EXEC = "{apiVersion: client.authentication.k8s.io/v1, command: login, provideClusterInfo: true}";

async function proofOf(user: string, ran: string[] = []): Promise<unknown> {
  const text = `
current-context: c
contexts: [{name: c, context: {cluster: c, user: jane}}]
clusters: [{name: c, cluster: {server: "https://a", proxy-url: "http://p", tls-server-name: n}}]
users: [{name: jane, user: ${user}}]`;
  const exec: Exec = {
    run: (_program, _args, { env = {} }) => {
      ran.push(env["KUBERNETES_EXEC_INFO"] ?? "");
      const status = { token: "from-plugin" };
      const stdout = JSON.stringify({ kind: "ExecCredential", apiVersion: "client.authentication.k8s.io/v1", status });
      return Promise.resolve({ exitCode: 0, stdout, stderr: "" });
    },
  };
  const selection = selectContext(parseKubeconfig(text, "/kc"));
  const clock = { now: () => new Date(0) };
  const credentials = await credentialsOf(selection, "CA", { files: FILES, env: {}, exec, clock });
  return credentials.current(new AbortController().signal);
}

test.each([
  ["{}", {}],
  ["{token: t}", { authorization: "Bearer t" }],
  ["{token: t, tokenFile: /token}", { authorization: "Bearer from-file" }],
  ["{username: jane, password: pw}", { authorization: `Basic ${btoa("jane:pw")}` }],
  ["{username: jane}", { authorization: `Basic ${btoa("jane:")}` }],
  [`{token: t, exec: ${EXEC}}`, { authorization: "Bearer t" }],
  [`{exec: ${EXEC}, auth-provider: {name: gcp}}`, { authorization: "Bearer from-plugin" }],
  ["{client-certificate: /c.crt, client-key-data: S0VZ}", { certificate: { cert: "CERT", key: "KEY" } }],
  [
    "{client-certificate: /gone, client-certificate-data: Q0VSVA==, client-key-data: S0VZ, token: t}",
    { certificate: { cert: "CERT", key: "KEY" }, authorization: "Bearer t" },
  ],
  [
    `{client-certificate-data: Q0VSVA==, client-key-data: S0VZ, exec: ${EXEC}}`,
    { certificate: { cert: "CERT", key: "KEY" }, authorization: "Bearer from-plugin" },
  ],
])("%s proves itself", async (user, proof) => {
  expect(await proofOf(user)).toEqual(proof);
});

test("a plugin is told where the cluster is and whom it may trust", async () => {
  const ran: string[] = [];
  await proofOf(`{exec: ${EXEC}}`, ran);
  expect(ran.map((info): unknown => JSON.parse(info))).toEqual([
    {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1",
      spec: {
        cluster: {
          server: "https://a",
          "tls-server-name": "n",
          "certificate-authority-data": btoa("CA"),
          "proxy-url": "http://p",
          config: null,
        },
        interactive: false,
      },
    },
  ]);
});

test.each([
  ["{token: t, username: jane}", "INVALID_INPUT", 'the user "jane" has a token and a username'],
  [
    "{auth-provider: {name: oidc}}",
    "INVALID_INPUT",
    "uses the auth-provider oidc, which Kubernetes 1.26 did away with",
  ],
  ["{as-groups: [a]}", "INVALID_INPUT", "without as"],
  ['{token: "s3cret\\nX-Other: 1"}', "INVALID_INPUT", "has a token with blanks or signs that no token has"],
  ["{client-key-data: S0VZ}", "INVALID_INPUT", "has a client-key alone; both are needed"],
  ["{client-certificate: /c.crt}", "INVALID_INPUT", "has a client-certificate alone; both are needed"],
  ["{client-certificate: /gone}", "NOT_FOUND", '/gone: client-certificate of the user "jane": no such file'],
  ["{client-certificate: /bad}", "INVALID_INPUT", "/bad:1:1"],
  ["{client-key-data: s3cret!}", "INVALID_INPUT", '/kc: client-key of the user "jane": expected base64'],
])("%s is refused", async (user, code, message) => {
  const error = await rejectionOf(proofOf(user));
  expect(error.code).toBe(code);
  expect(error.describe()).toContain(message);
  expect(error.describe()).not.toContain("s3cret");
});
