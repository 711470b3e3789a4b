import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { parseKubeconfig } from "./parse.ts";
import { selectContext } from "./select.ts";

const CONFIG = parseKubeconfig(
  `
current-context: production
clusters: [{name: prod-cluster, cluster: {server: "https://a"}}]
users: [{name: admin, user: {token: t}}]
contexts:
- {name: production, context: {cluster: prod-cluster, user: admin, namespace: gpu}}
- {name: anonymous, context: {cluster: prod-cluster}}
- {name: wrong-cluster, context: {cluster: prod-clusters, user: admin}}
- {name: no-cluster, context: {user: admin}}
- {name: wrong-user, context: {cluster: prod-cluster, user: nobody-at-all}}
`,
  "/kc",
);

function chosen(wanted?: string): unknown {
  const { context, namespace, cluster, user } = selectContext(CONFIG, wanted);
  return { context, namespace, server: cluster.server, user: user.name, token: user.token };
}

test("the current context, or the one that is asked for", () => {
  expect(chosen()).toEqual({
    context: "production",
    namespace: "gpu",
    server: "https://a",
    user: "admin",
    token: "t",
  });
  expect(chosen("")).toEqual(chosen());
  expect(chosen("anonymous")).toEqual({
    context: "anonymous",
    namespace: "default",
    server: "https://a",
    user: "",
    token: undefined,
  });
});

test.each([
  ["productoin", "NOT_FOUND", '/kc: the kubeconfig has no context "productoin"\nDid you mean "production"?'],
  [
    "zzzzzzzzzzzz",
    "NOT_FOUND",
    '/kc: the kubeconfig has no context "zzzzzzzzzzzz"\nIt has: production, anonymous, wrong-cluster, no-cluster, wrong-user.',
  ],
  [
    "wrong-cluster",
    "INVALID_INPUT",
    '/kc: the context "wrong-cluster" names the cluster "prod-clusters", which is not there\nDid you mean "prod-cluster"?',
  ],
  ["no-cluster", "INVALID_INPUT", '/kc: the context "no-cluster" names no cluster'],
  ["wrong-user", "INVALID_INPUT", 'the user "nobody-at-all", which is not there'],
])("the context %s is refused", (wanted, code, message) => {
  const error = errorOf(() => chosen(wanted));
  expect(error.code).toBe(code);
  expect(error.describe()).toContain(message);
});

test("a kubeconfig without a current context tells which there are", () => {
  const contexts = Array.from({ length: 7 }, (_, index) => `{name: c${index}}`).join(", ");
  const many = parseKubeconfig(`contexts: [${contexts}]`, "/kc");
  expect(errorOf(() => selectContext(many)).describe()).toBe(
    "/kc: the kubeconfig has no current context\n" +
      "Choose one with --context or `kubectl config use-context`. It has: c0, c1, c2, c3, c4 and 2 more.",
  );
  expect(errorOf(() => selectContext(parseKubeconfig("", "/kc"))).hint).toContain("It has no contexts at all.");
});
