import { expect, test } from "vitest";
import { textFiles } from "../../testing/text-files.ts";
import { inCluster } from "./in-cluster.ts";

const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
const ENV = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
const POD = { [`${FOLDER}/token`]: "t", [`${FOLDER}/namespace`]: "gpu\n" };

async function found(env: Record<string, string>, texts: Record<string, string>): Promise<unknown> {
  const selection = await inCluster(env, textFiles(new Map(Object.entries(texts))));
  return selection === undefined
    ? undefined
    : {
        context: selection.context,
        namespace: selection.namespace,
        server: selection.cluster.server,
        ca: selection.cluster.certificateAuthority.path,
        tokenFile: selection.user.tokenFile,
      };
}

test("a pod reaches its API server as its service account", async () => {
  const expected = {
    context: "in-cluster",
    namespace: "gpu",
    server: "https://10.96.0.1:443",
    ca: `${FOLDER}/ca.crt`,
    tokenFile: `${FOLDER}/token`,
  };
  expect(await found(ENV, POD)).toEqual(expected);
  expect(await found({ ...ENV, KUBERNETES_SERVICE_HOST: "fd00::1" }, POD)).toEqual({
    ...expected,
    server: "https://[fd00::1]:443",
  });
  expect(await found(ENV, { [`${FOLDER}/token`]: "t" })).toEqual({ ...expected, namespace: "default" });
});

test("outside a pod, or without a token, there is none", async () => {
  expect(await found({}, POD)).toBeUndefined();
  expect(await found({ KUBERNETES_SERVICE_HOST: "10.96.0.1" }, POD)).toBeUndefined();
  expect(await found(ENV, {})).toBeUndefined();
});
