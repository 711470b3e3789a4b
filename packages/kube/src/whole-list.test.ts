import { expect, test } from "vitest";
import { nameOf } from "./objects.ts";
import { RESOURCES } from "./resources.ts";
import { clientOf, startCluster, type Cluster, type SeenRequest } from "./testing/index.ts";
import { eachPage } from "./whole-list.ts";

const NAMES = ["a", "b", "c", "d", "e"];

async function inCluster(action: (cluster: Cluster) => Promise<void>): Promise<void> {
  const cluster = await startCluster();
  try {
    for (const name of NAMES)
      cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data: {} });
    await action(cluster);
  } finally {
    await cluster.close();
  }
}

/** The names of each page; `between` is done after each. */
async function pagesOf(cluster: Cluster, limit: number, between: (page: number) => void = () => undefined) {
  const client = await clientOf(cluster);
  const found: (readonly string[])[] = [];
  for await (const page of eachPage(client, RESOURCES.configMaps, { namespace: "default", limit })) {
    found.push(page.map(nameOf));
    between(found.length);
  }
  client.close();
  return found;
}

const isNextPage = ({ query }: SeenRequest): boolean => query.includes("continue=");

test("a list comes page by page", async () => {
  await inCluster(async (cluster) => {
    expect(await pagesOf(cluster, 2)).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    expect(await pagesOf(cluster, 5)).toEqual([NAMES]);
    expect(await pagesOf(cluster, 0)).toEqual([NAMES]);
  });
});

test("a list that the server forgets is read anew, and nothing comes twice or is missing", async () => {
  await inCluster(async (cluster) => {
    cluster.fault({ when: isNextPage, times: 1, reason: "Expired" });
    expect(await pagesOf(cluster, 2)).toEqual([["a", "b"], [], ["c", "d"], ["e"]]);
  });
});

test("a list that is forgotten again and again is asked for whole", async () => {
  await inCluster(async (cluster) => {
    cluster.fault({ when: isNextPage, reason: "Expired" });
    expect(await pagesOf(cluster, 2)).toEqual([["a", "b"], [], ["c", "d", "e"]]);
  });
});
