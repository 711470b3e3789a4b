import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { promisify } from "node:util";
import { listAt, messageOf, parseJson, parseYaml, textAt, valueAt } from "@slipway/base";
import { startFaultProxy, type FaultProxy } from "@slipway/sim/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually, sharedControlPlane, started, testPrograms, type TestCluster } from "./control-plane.ts";

describe.skipIf((await testPrograms()) === undefined)("a proxy with faults", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  let proxy: FaultProxy;

  beforeEach(async () => {
    cluster = await started(sharedControlPlane());
    proxy = await startFaultProxy(cluster.controlPlane);
  }, 300_000);

  afterEach(async () => {
    await proxy.close();
  });

  async function kubectl(...args: readonly string[]): Promise<string> {
    return (await promisify(execFile)(cluster.kubectlPath, ["--kubeconfig", proxy.kubeconfig, ...args])).stdout;
  }

  /** What is written on standard error, for a call that fails. */
  async function refused(...args: readonly string[]): Promise<string> {
    return await kubectl(...args).then((out) => `it went well: ${out}`, messageOf);
  }

  /** A GET that tries once. */
  async function get(
    path: string,
  ): Promise<{ readonly status: number | undefined; readonly headers: unknown; readonly body: string }> {
    const user = valueAt(listAt(parseYaml(await readFile(proxy.kubeconfig, "utf8")), "users")[0], "user");
    const pem = (field: string): Buffer => Buffer.from(textAt(user, field), "base64");
    const client = { cert: pem("client-certificate-data"), key: pem("client-key-data"), ca: cluster.controlPlane.ca };
    const sent = request(new URL(path, proxy.server), { ...client, agent: false }).end();
    const [response] = await once(sent, "response");
    let body = "";
    response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    await once(response, "end");
    return { status: response.statusCode, headers: response.headers, body };
  }

  test("passes everything on while there are none", async () => {
    expect(await kubectl("get", "--raw", "/readyz")).toBe("ok");
    expect(await kubectl("get", "namespace", "default", "-o", "name")).toBe("namespace/default\n");
    expect(proxy.requests).toContain("GET /readyz");
  });

  test("leaves users who they are, by certificate and by token", async () => {
    const { controlPlane } = cluster;
    const jane = await controlPlane.kubeconfigFor({ user: "jane", groups: ["readers"] }, proxy);
    const whoami = ["auth", "whoami", "-o", "json"];
    expect(
      valueAt(parseJson(await cluster.kubectl(["--kubeconfig", jane, ...whoami])), "status", "userInfo"),
    ).toMatchObject({
      username: "jane",
      groups: ["readers", "system:authenticated"],
    });
    const namespace = await cluster.namespace();
    const token = (await cluster.kubectl(["create", "token", "default", `--namespace=${namespace}`])).trim();
    const account = await controlPlane.kubeconfigFor({ token }, proxy);
    expect(
      valueAt(parseJson(await cluster.kubectl(["--kubeconfig", account, ...whoami])), "status", "userInfo"),
    ).toMatchObject({
      username: `system:serviceaccount:${namespace}:default`,
    });
  });

  test("refuses requests with 429 and a time to wait, and then no more", async () => {
    proxy.refuseNext(2, { retryAfterSeconds: 7 });
    const answers = [await get("/readyz"), await get("/readyz"), await get("/readyz")];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(answers[0]).toMatchObject({ headers: { "retry-after": "7" } });
    expect(parseJson(answers[0]?.body ?? "")).toMatchObject({
      kind: "Status",
      reason: "TooManyRequests",
      details: { retryAfterSeconds: 7 },
    });
  });

  test("is survived by a client that tries again", async () => {
    proxy.refuseNext(1, { status: 503 });
    expect(await kubectl("get", "--raw", "/readyz")).toBe("ok");
    expect(proxy.requests).toEqual(["GET /readyz", "GET /readyz"]);
  });

  test("cuts an answer in its middle", async () => {
    proxy.cutNext(1, { afterBytes: 1000 });
    await expect(get("/openapi/v2")).rejects.toThrow("aborted");
    expect((await get("/readyz")).status).toBe(200);
  });

  test("holds answers back until it is told to go on", async () => {
    proxy.stall(true);
    const answer = get("/readyz");
    await eventually(async () => expect(proxy.requests).toEqual(["GET /readyz"]));
    proxy.stall(false);
    expect((await answer).status).toBe(200);
  });

  test("ends connections that are open", async () => {
    proxy.stall(true);
    const answer = get("/readyz").then(String, messageOf);
    await eventually(async () => expect(proxy.requests).toEqual(["GET /readyz"]));
    proxy.cutAll();
    expect(await answer).toBe("socket hang up");
  });

  test("is deaf, and comes back at the same address", async () => {
    await proxy.listen(false);
    expect(await refused("get", "--raw", "/readyz")).toContain("was refused");
    await proxy.listen(true);
    expect(await kubectl("get", "--raw", "/readyz")).toBe("ok");
  });

  test("makes every answer late", async () => {
    proxy.delay(300);
    const before = performance.now();
    expect((await get("/readyz")).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(299);
  });
});
