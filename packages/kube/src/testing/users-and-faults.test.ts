import { request } from "node:https";
import { afterEach, expect, test } from "vitest";
import { RESOURCES } from "../resources.ts";
import { clientOf, startCluster, type Cluster, type ClusterOptions } from "./index.ts";

let cluster: Cluster;

async function start(options: ClusterOptions = {}): Promise<Awaited<ReturnType<typeof clientOf>>> {
  cluster = await startCluster(options);
  return clientOf(cluster);
}

afterEach(async () => {
  await cluster.close();
});

/** The status of a request over TLS. */
async function statusOf(headers: Record<string, string>, options: object = {}): Promise<number | undefined> {
  const ca = cluster.certificates?.authority.cert;
  return new Promise((resolve, reject) => {
    const sent = request(`${cluster.url}/api/v1/pods`, {
      headers,
      agent: false,
      ...(ca === undefined ? {} : { ca }),
      ...options,
    });
    sent
      .on("response", (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

test("over TLS: the bearer of a token, the subject of a certificate, an impersonated user; nobody else", async () => {
  const client = await start({ tls: true, tokens: { secret: { name: "jane", groups: ["team"] } } });
  await client.list(RESOURCES.pods);
  client.close();
  const pair = await cluster.certificates?.authority.issue({ commonName: "joe", organizations: ["a", "b"] });
  expect(await statusOf({ authorization: "Bearer secret" })).toBe(200);
  expect(await statusOf({}, pair)).toBe(200);
  expect(await statusOf({ authorization: "Bearer secret", "impersonate-user": "ann", "impersonate-group": "c" })).toBe(
    200,
  );
  expect(await statusOf({ authorization: "Bearer other" })).toBe(401);
  expect(await statusOf({})).toBe(401);
  await expect(statusOf({}, { ca: undefined })).rejects.toThrow("certificate");
  expect(cluster.requests.map(({ user }) => user)).toEqual([
    { name: "admin", groups: ["system:masters"] },
    { name: "jane", groups: ["team"] },
    { name: "joe", groups: ["a", "b"] },
    { name: "ann", groups: ["c"] },
  ]);
});

test("what a rule does not allow is refused, and access reviews say so", async () => {
  const client = await start({ namespaces: ["gpu"] });
  cluster.allow(({ verb, resource, subresource }) => verb === "get" && resource === "pods" && subresource === "");
  await expect(client.get(RESOURCES.pods, "a", { namespace: "gpu" })).rejects.toMatchObject({ status: 404 });
  await expect(client.list(RESOURCES.nodes)).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining(
      'nodes is forbidden: User "system:anonymous" cannot list resource "nodes" in API group "" at the cluster scope',
    ),
  });
  await expect(client.delete(RESOURCES.jobs, "a", { namespace: "gpu" })).rejects.toThrow(
    'jobs.batch "a" is forbidden: User "system:anonymous" cannot delete resource "jobs" in API group "batch" in the namespace "gpu"',
  );
  const review = async (resourceAttributes: Record<string, string>): Promise<unknown> => {
    const resource = RESOURCES.selfSubjectAccessReviews;
    const object = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", metadata: {} };
    return (await client.create(resource, { ...object, spec: { resourceAttributes } }))["status"];
  };
  expect(await review({ verb: "get", resource: "pods", namespace: "gpu" })).toEqual({ allowed: true });
  expect(await review({ verb: "get", resource: "pods", subresource: "log" })).toEqual({ allowed: false });
  client.close();
});

test("faults befall the requests that they are meant for, so often as they say", async () => {
  const client = await start();
  const end = cluster.fault({ when: ({ path }) => path === "/api/v1/nodes", reason: "NotFound" });
  await expect(client.list(RESOURCES.nodes)).rejects.toMatchObject({ status: 404 });
  expect((await client.list(RESOURCES.pods)).items).toEqual([]);
  end();
  cluster.fault({ times: 1, reason: "TooManyRequests", retryAfter: 7 });
  const refused = await fetch(`${cluster.url}/api/v1/nodes`);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "7"]);
  cluster.fault({ times: 1, cutAfter: 10 });
  const cut = await fetch(`${cluster.url}/api/v1/nodes`);
  await expect(cut.text()).rejects.toThrow("terminated");
  cluster.fault({ times: 1, cutAfter: 0 });
  await expect(fetch(`${cluster.url}/api/v1/nodes`)).rejects.toThrow("fetch failed");
  expect((await client.list(RESOURCES.nodes)).items).toEqual([]);
  client.close();
});

test("a cluster that is down takes nothing, and is the same when it is up again", async () => {
  const client = await start();
  cluster.put({ apiVersion: "v1", kind: "Node", metadata: { name: "a" } });
  await cluster.stop();
  await expect(fetch(`${cluster.url}/version`)).rejects.toThrow("fetch failed");
  await cluster.start();
  expect((await client.list(RESOURCES.nodes)).items).toHaveLength(1);
  client.close();
});
