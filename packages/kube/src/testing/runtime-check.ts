// Uses a cluster and prints what it found: a test runs this under each runtime and compares. The cluster is in the
// variable CHECK_CLUSTER, as JSON: one entry for each way to reach it.
import { writeSync } from "node:fs";
import process from "node:process";
import { SlipwayError, isTreeList, isTreeMap, own, parseJson, type Tree, type TreeMap } from "@slipway/base";
import { RESOURCES } from "../resources.ts";
import { testClient } from "./test-client.ts";

const { configMaps } = RESOURCES;

async function use(name: string, cluster: TreeMap, user: TreeMap): Promise<TreeMap> {
  try {
    const client = await testClient({ cluster, user });
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { big: "x".repeat(200_000) } };
    await client.patch(configMaps, name, { type: "apply", object }, { fieldManager: "check" });
    const { items } = await client.list(configMaps, { namespace: "default", limit: 1 });
    const events: string[] = [];
    for await (const event of client.watch(configMaps, {
      namespace: "default",
      fieldSelector: `metadata.name=${name}`,
    })) {
      events.push(event.type);
      if (event.type === "DELETED") break;
      await client.delete(configMaps, name);
    }
    const stop = new AbortController();
    const waiting = client.watch(configMaps, { namespace: "default", signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    const ended = await consume(waiting);
    return { name, items: items.length, events, ended, long: await longNumber(client) };
  } catch (error) {
    return { name, error: error instanceof SlipwayError ? `${error.code} ${error.describe()}` : String(error) };
  }
}

async function consume(events: AsyncIterable<unknown>): Promise<string> {
  try {
    let count = 0;
    for await (const _ of events) count++;
    return `${count} events`;
  } catch (error) {
    return error instanceof SlipwayError ? error.code : String(error);
  }
}

/** Whether an integer beyond 2^53 keeps its digits. */
async function longNumber(client: Awaited<ReturnType<typeof testClient>>): Promise<string> {
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "long" }, data: {}, n: 9007199254740993n };
  const written = await client.create(configMaps, object, { dryRun: true });
  const value = own(written, "n");
  return typeof value === "bigint" ? value.toString() : "not a bigint";
}

const entries: Tree = parseJson(process.env["CHECK_CLUSTER"] ?? "[]");
const found: TreeMap[] = [];
for (const entry of isTreeList(entries) ? entries : []) {
  const [name, cluster, user] = isTreeList(entry) ? entry : [];
  if (typeof name === "string" && isTreeMap(cluster) && isTreeMap(user)) found.push(await use(name, cluster, user));
}
writeSync(1, JSON.stringify(found));
