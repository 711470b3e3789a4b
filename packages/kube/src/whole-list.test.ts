import { expect, test } from "vitest";
import type { KubeApi } from "./api.ts";
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

/** A server whose pages are given when a test says so. */
function heldPages(count: number) {
  const asked: string[] = [];
  const told: ((token: string) => void)[] = [];
  const give: (() => void)[] = [];
  const api: Pick<KubeApi, "list"> = {
    list: async (_, { continue: token = "0", onContinue = () => undefined } = {}) => {
      asked.push(token);
      told.push(onContinue);
      await new Promise<void>((resolve) => give.push(resolve));
      const at = Number(token);
      const items = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: token } }];
      return { items, resourceVersion: "1", ...(at + 1 < count ? { continue: String(at + 1) } : {}) };
    },
  };
  return { api, asked, told, give };
}

test("a page is on its way while the one before is taken apart, and no more than one", async () => {
  const { api, asked, told, give } = heldPages(4);
  const reader = eachPage(api, RESOURCES.configMaps)[Symbol.asyncIterator]();
  const first = reader.next();
  await expect.poll(() => asked).toEqual(["0"]);
  told[0]?.("1");
  expect(asked).toEqual(["0", "1"]);
  told[1]?.("2");
  expect(asked).toEqual(["0", "1"]);
  give[0]?.();
  expect((await first).value?.map(nameOf)).toEqual(["0"]);
  expect(asked).toEqual(["0", "1"]);
  const second = reader.next();
  await expect.poll(() => asked).toEqual(["0", "1", "2"]);
  give[1]?.();
  expect((await second).value?.map(nameOf)).toEqual(["1"]);
  await reader.return(undefined);
});
