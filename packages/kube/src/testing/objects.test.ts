import { textAt, valueAt } from "@slipway/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KubeObject } from "../objects.ts";
import { RESOURCES, type Resource } from "../resources.ts";
import { waitFor } from "../wait.ts";
import { clientOf, runJobs, startCluster, type Cluster } from "./index.ts";

let cluster: Cluster;
let client: Awaited<ReturnType<typeof clientOf>>;

beforeEach(async () => {
  const widgets: Resource = {
    group: "example.com",
    version: "v1",
    plural: "widgets",
    kind: "Widget",
    namespaced: true,
  };
  cluster = await startCluster({ unsettled: ["Job", "Pod"], resources: [widgets] });
  client = await clientOf(cluster);
});

afterEach(async () => {
  client.close();
  await cluster.close();
});

const MAPS = RESOURCES.configMaps;

function map(name: string, owner?: KubeObject, finalizers: readonly string[] = []): KubeObject {
  const { apiVersion = "", kind = "" } = owner ?? {};
  const uid = owner?.metadata.uid ?? "";
  const ownerReferences = owner === undefined ? [] : [{ apiVersion, kind, name: owner.metadata.name ?? "", uid }];
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, ownerReferences, finalizers } };
}

function names(): readonly string[] {
  return cluster.objects("ConfigMap").map((object) => textAt(object, "metadata", "name"));
}

test("dependents go with the last of their owners", async () => {
  const one = await client.create(MAPS, map("one"));
  const two = await client.create(MAPS, map("two"));
  const both = map("both", one);
  const owners = [...(both.metadata.ownerReferences ?? []), ...(map("x", two).metadata.ownerReferences ?? [])];
  await client.create(MAPS, { ...both, metadata: { ...both.metadata, ownerReferences: owners } });
  await client.create(MAPS, map("of-one", one));
  await client.delete(MAPS, "one", { propagation: "Background" });
  expect(names()).toEqual(["both", "two"]);
  await client.delete(MAPS, "two");
  expect(names()).toEqual([]);
});

test("dependents stay when they are made orphans, and go first in the foreground", async () => {
  const one = await client.create(MAPS, map("one"));
  await client.create(MAPS, map("left", one));
  await client.delete(MAPS, "one", { propagation: "Orphan" });
  expect(cluster.objects("ConfigMap").map((object) => valueAt(object, "metadata", "ownerReferences"))).toEqual([[]]);
  const two = await client.create(MAPS, map("two"));
  await client.create(MAPS, map("kept", two, ["example.com/keep"]));
  await client.delete(MAPS, "two", { propagation: "Foreground" });
  expect(names()).toEqual(["kept", "left", "two"]);
  await client.patch(MAPS, "kept", { type: "merge", value: { metadata: { finalizers: null } } });
  expect(names()).toEqual(["left"]);
});

test("finalizers keep an object that is deleted until they are gone", async () => {
  await client.create(MAPS, map("one", undefined, ["example.com/keep"]));
  await client.delete(MAPS, "one");
  expect(textAt(cluster.objects("ConfigMap")[0], "metadata", "deletionTimestamp")).toBe("2024-01-01T00:00:00Z");
  await client.patch(MAPS, "one", { type: "json", operations: [{ op: "remove", path: "/metadata/finalizers" }] });
  expect(names()).toEqual([]);
});

test("preconditions keep an object that is another one", async () => {
  const { metadata } = await client.create(MAPS, map("one"));
  await expect(client.delete(MAPS, "one", { preconditions: { uid: "other" } })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  const stale = { preconditions: { resourceVersion: "1" } };
  await expect(client.delete(MAPS, "one", stale)).rejects.toMatchObject({ code: "CONFLICT" });
  await client.delete(MAPS, "one", { preconditions: { uid: metadata.uid ?? "" } });
  expect(names()).toEqual([]);
});

test("an apply takes no field over from another manager, unless it is forced", async () => {
  const object = (color: string): KubeObject => ({ ...map("one"), data: { color } });
  const apply = (color: string, fieldManager: string, force = false): Promise<KubeObject> =>
    client.patch(MAPS, "one", { type: "apply", object: object(color), force }, { fieldManager, namespace: "default" });
  await apply("red", "one");
  await apply("red", "two");
  await expect(apply("blue", "two")).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining('Apply failed with 1 conflict: conflict with "one": .data.color'),
  });
  await apply("blue", "two", true);
  expect(cluster.objects("ConfigMap").map((found) => valueAt(found, "data"))).toEqual([{ color: "blue" }]);
});

test("names and sizes that the server would refuse", async () => {
  await expect(client.create(MAPS, map("Upper"))).rejects.toMatchObject({ status: 422 });
  const large = { ...map("large"), data: { text: "x".repeat(1024 * 1024 + 1) } };
  await expect(client.create(MAPS, large)).rejects.toThrow("Too long: may not be more than 1048576 bytes");
});

test("the status changes through its subresource alone", async () => {
  const job: KubeObject = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job" }, spec: { a: 1 } };
  await client.create(RESOURCES.jobs, job);
  await client.update(RESOURCES.jobs, { ...job, status: { failed: 1 } }, { subresource: "status" });
  await client.update(RESOURCES.jobs, { ...job, spec: { a: 2 }, status: { failed: 9 } });
  expect(cluster.objects("Job")).toMatchObject([
    { spec: { a: 2 }, status: { failed: 1 }, metadata: { generation: 2 } },
  ]);
});

test("jobs are run as a test says", async () => {
  runJobs(cluster, (job) =>
    textAt(job, "metadata", "name") === "bad" ? { log: "no\n", exitCode: 3 } : { log: "yes\n" },
  );
  const run = async (name: string): Promise<unknown> => {
    const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: "main", image: "x" }] } };
    await client.create(RESOURCES.jobs, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name },
      spec: { template },
    });
    const isOver = (job: KubeObject | undefined): boolean => valueAt(job, "status", "conditions") !== undefined;
    const options = { namespace: "default", until: "to end" };
    return (await waitFor(client, RESOURCES.jobs, name, isOver, options))?.["status"];
  };
  expect(await run("good")).toEqual({ succeeded: 1, conditions: [{ type: "Complete", status: "True" }] });
  expect(await run("bad")).toMatchObject({
    failed: 1,
    conditions: [{ type: "Failed", reason: "BackoffLimitExceeded" }],
  });
  const { items } = await client.list(RESOURCES.pods, { labelSelector: "job-name=bad,app=bad" });
  expect(items).toMatchObject([
    { status: { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] } },
  ]);
  const parts: string[] = [];
  for await (const chunk of client.logs("bad-0", { namespace: "default" })) parts.push(Buffer.from(chunk).toString());
  expect(parts.join("")).toBe("no\n");
  await client.delete(RESOURCES.jobs, "bad");
  expect((await client.list(RESOURCES.pods)).items.map(({ metadata }) => metadata.name)).toEqual(["good-0"]);
});

test("objects of a kind that a test adds, in a namespace that is made with them", async () => {
  cluster.put({
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name: "w", namespace: "far" },
    status: { a: 1 },
  });
  expect(cluster.objects("Widget", "far")).toMatchObject([{ status: { a: 1 } }]);
  expect(() => cluster.put({ apiVersion: "v1", kind: "Gadget", metadata: { name: "g" } })).toThrow("no kind Gadget");
});
