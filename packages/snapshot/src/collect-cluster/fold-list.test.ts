import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { KubeApiError, RESOURCES, nameOf, type KubeList, type ListOptions } from "@slipway/kube";
import { clientOf, startCluster } from "@slipway/kube/testing";
import { expect, test } from "vitest";
import { foldList, type Fold } from "./fold-list.ts";

const NAMES: Fold<string[]> = { start: () => [], add: (names, object) => void names.push(nameOf(object)) };

function pod(name: string) {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "default" } };
}

test("a list is read in pages of 250, without a resourceVersion", async () => {
  const cluster = await startCluster();
  const names = Array.from({ length: 601 }, (_, index) => `p${String(index).padStart(4, "0")}`);
  for (const name of names) cluster.put(pod(name));
  const client = await clientOf(cluster);
  expect(await foldList(client, RESOURCES.pods, {}, NAMES)).toEqual(names);
  const asked = cluster.requests.map(({ query }) => new URLSearchParams(query));
  expect(asked.map((query) => [query.get("limit"), query.has("continue"), query.has("resourceVersion")])).toEqual([
    ["250", false, false],
    ["250", true, false],
    ["250", true, false],
  ]);
  client.close();
  await cluster.close();
});

/** Answers pages from a script; a page is asked for before the one before it has been looked at. */
function scripted(pages: readonly (KubeList | Error)[]) {
  const asked: (string | undefined)[] = [];
  const list = async (_resource: unknown, options?: ListOptions): Promise<KubeList> => {
    const page = pages[asked.length] ?? new Error("asked too often");
    asked.push(options?.continue);
    if (page instanceof Error) throw page;
    return page;
  };
  return { api: { list }, asked };
}

const expired = new KubeApiError("too old", { status: 410, reason: "Expired" });
const firstPage: KubeList = { items: [pod("a")], resourceVersion: "1", continue: "next" };
const lastPage: KubeList = { items: [pod("b")], resourceVersion: "1" };

test("the next page is under way while one is looked at", async () => {
  const { api, asked } = scripted([firstPage, lastPage]);
  const seen: (readonly [string, number])[] = [];
  await foldList(
    api,
    RESOURCES.pods,
    {},
    {
      start: () => seen,
      add: (state, object) => void state.push([nameOf(object), asked.length]),
    },
  );
  expect(seen).toEqual([
    ["a", 2],
    ["b", 2],
  ]);
});

test("a list that the server forgot in the middle is begun again, and nothing counts twice", async () => {
  const { api, asked } = scripted([firstPage, expired, firstPage, lastPage]);
  expect(await foldList(api, RESOURCES.pods, {}, NAMES)).toEqual(["a", "b"]);
  expect(asked).toEqual([undefined, "next", undefined, "next"]);
});

test("a list that is forgotten each time is given up", async () => {
  const { api } = scripted([firstPage, expired, firstPage, expired, firstPage, expired]);
  const error = await rejectionOf(foldList(api, RESOURCES.pods, {}, NAMES));
  expect([error.code, error.describe()]).toEqual([
    "UNAVAILABLE",
    "the server forgot the list of pods before its last page\n" +
      "It compacts its history faster than the list can be read; try again when it is less busy.",
  ]);
});

test("any other failure ends the list", async () => {
  const { api } = scripted([firstPage, new SlipwayError("TIMED_OUT", "no answer")]);
  expect((await rejectionOf(foldList(api, RESOURCES.pods, {}, NAMES))).message).toBe("no answer");
});
