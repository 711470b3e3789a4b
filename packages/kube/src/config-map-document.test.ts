import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configMapDocuments, type ConfigMapDocuments, type DocumentInfo } from "./config-map-document.ts";
import { clientOf, startCluster, type Cluster } from "./testing/index.ts";

const PLACE = { namespace: "gpu", name: "aicr-snapshot" };
const INFO: DocumentInfo = { kind: "Snapshot", format: "yaml", version: "1.2.3" };
const CLOCK = { now: () => new Date("2026-01-02T03:04:05.678Z") };
const { signal } = new AbortController();

let cluster: Cluster;
let client: Awaited<ReturnType<typeof clientOf>>;
let documents: ConfigMapDocuments;

beforeEach(async () => {
  cluster = await startCluster({ namespaces: ["gpu"] });
  client = await clientOf(cluster);
  documents = configMapDocuments(() => Promise.resolve(client), CLOCK);
});

afterEach(async () => {
  client.close();
  await cluster.close();
});

function put(
  data: Record<string, string>,
  name = "aicr-snapshot",
  more: Record<string, Record<string, string>> = {},
): void {
  cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "gpu" }, data, ...more });
}

async function failure(action: Promise<unknown>): Promise<readonly [string, string]> {
  const error = await rejectionOf(action);
  return [error.code, error.describe()];
}

test("what is written is an applied ConfigMap, which is read again", async () => {
  await documents.write(PLACE, "kind: Snapshot\n", INFO, signal);
  expect(cluster.objects("ConfigMap")).toMatchObject([
    {
      metadata: {
        name: "aicr-snapshot",
        namespace: "gpu",
        labels: {
          "app.kubernetes.io/name": "aicr",
          "app.kubernetes.io/component": "Snapshot",
          "app.kubernetes.io/version": "1.2.3",
        },
      },
      data: { "snapshot.yaml": "kind: Snapshot\n", format: "yaml", timestamp: "2026-01-02T03:04:05Z" },
    },
  ]);
  expect(
    cluster.requests.map(({ method, path, query }) => [method, path, Object.fromEntries(new URLSearchParams(query))]),
  ).toEqual([["PATCH", "/api/v1/namespaces/gpu/configmaps/aicr-snapshot", { fieldManager: "aicr", force: "true" }]]);
  expect(await documents.read(PLACE, signal)).toEqual({ text: "kind: Snapshot\n", format: "yaml" });
});

test("another format replaces the one that was there, and what others wrote stays", async () => {
  await documents.write(PLACE, "kind: Snapshot\n", INFO, signal);
  const labels = { metadata: { labels: { team: "a" } } };
  await client.patch(
    { group: "", version: "v1", plural: "configmaps", kind: "ConfigMap", namespaced: true },
    PLACE.name,
    { type: "merge", value: labels },
    { namespace: "gpu" },
  );
  await documents.write(PLACE, "{}", { kind: "Recipe", format: "json" }, signal);
  expect(cluster.objects("ConfigMap")).toMatchObject([
    {
      metadata: {
        labels: { team: "a", "app.kubernetes.io/component": "Recipe", "app.kubernetes.io/version": "unknown" },
      },
    },
  ]);
  expect(cluster.objects("ConfigMap")[0]?.["data"]).toEqual({
    "snapshot.json": "{}",
    format: "json",
    timestamp: "2026-01-02T03:04:05Z",
  });
  expect(await documents.read(PLACE, signal)).toEqual({ text: "{}", format: "json" });
});

test.each([
  [
    { format: "json", "snapshot.yaml": "a", "snapshot.json": "b" },
    { text: "b", format: "json" },
  ],
  [
    { format: "none", "snapshot.yaml": "a", "snapshot.json": "b" },
    { text: "a", format: "yaml" },
  ],
  [
    { "snapshot.json": "b", "recipe.yaml": "c" },
    { text: "b", format: "json" },
  ],
  [
    { "recipe.yaml": "c", other: "d" },
    { text: "c", format: "yaml" },
  ],
  [
    { "report.json": "e", format: "x", timestamp: "y" },
    { text: "e", format: "json" },
  ],
  [{ criteria: "f" }, { text: "f", format: undefined }],
])("of %j it reads the document", async (data, found) => {
  put(data);
  expect(await documents.read(PLACE, signal)).toEqual(found);
});

const AT = "cm://gpu/aicr-snapshot: ";
const EXPECTED = "\nExpected snapshot.yaml, snapshot.json, recipe.yaml or recipe.json, or a single key.";

test.each([
  [{ a: "1", b: "2" }, {}, "INVALID_INPUT", `${AT}the ConfigMap holds no document: its keys are a, b${EXPECTED}`],
  [
    {},
    { binaryData: { x: "AA==" } },
    "INVALID_INPUT",
    `${AT}the ConfigMap holds no document: its keys are x${EXPECTED}`,
  ],
  [{}, {}, "INVALID_INPUT", `${AT}the ConfigMap holds no document: it is empty${EXPECTED}`],
  [{ "snapshot.txt": "x" }, {}, "USAGE", `${AT}a table cannot be read back: write YAML or JSON there`],
])("of %j it reads none", async (data, more, code, message) => {
  put(data, "aicr-snapshot", more);
  expect(await failure(documents.read(PLACE, signal))).toEqual([code, message]);
});

test("a ConfigMap that does not exist, with the one that may be meant", async () => {
  put({ a: "1" }, "aicr-snapshots");
  expect(await failure(documents.read(PLACE, signal))).toEqual([
    "NOT_FOUND",
    `${AT}there is no ConfigMap aicr-snapshot in the namespace gpu\nDid you mean "aicr-snapshots"?`,
  ]);
  cluster.allow(({ verb }) => verb === "get");
  expect(await failure(documents.read(PLACE, signal))).toEqual([
    "NOT_FOUND",
    `${AT}there is no ConfigMap aicr-snapshot in the namespace gpu\nSee what is there with: kubectl get configmaps -n gpu`,
  ]);
});

test("a namespace that does not exist, for reading and for writing", async () => {
  const place = { namespace: "gpus", name: "x" };
  const told = ["NOT_FOUND", 'cm://gpus/x: the namespace gpus does not exist\nDid you mean "gpu"?'];
  expect(await failure(documents.read(place, signal))).toEqual(told);
  expect(await failure(documents.write(place, "a", INFO, signal))).toEqual(told);
  expect(await failure(documents.write({ namespace: "completely-else", name: "x" }, "a", INFO, signal))).toEqual([
    "NOT_FOUND",
    "cm://completely-else/x: the namespace completely-else does not exist\nMake it with: kubectl create namespace completely-else",
  ]);
});

test("rights that are missing", async () => {
  cluster.allow(() => false);
  expect(await failure(documents.read(PLACE, signal))).toEqual([
    "NOT_ALLOWED",
    `${AT}you may not get configmaps in the namespace gpu\nCheck with: kubectl auth can-i get configmap/aicr-snapshot -n gpu`,
  ]);
  expect(await failure(documents.write(PLACE, "a", INFO, signal))).toEqual([
    "NOT_ALLOWED",
    `${AT}you may not patch configmaps in the namespace gpu\nCheck with: kubectl auth can-i patch configmap/aicr-snapshot -n gpu`,
  ]);
  expect(cluster.writes).toEqual([]);
});

test("what does not fit is said before anything is sent", async () => {
  const most = 1024 * 1024 - "yaml2026-01-02T03:04:05Z".length;
  await documents.write(PLACE, "ä".repeat(most / 2), INFO, signal);
  expect(cluster.requests).toHaveLength(1);
  expect(await failure(documents.write(PLACE, `${"ä".repeat(most / 2)}x`, INFO, signal))).toEqual([
    "TOO_LARGE",
    `${AT}the document needs 1,048,577 bytes, a ConfigMap holds 1,048,576\nWrite it to a file.`,
  ]);
  expect(cluster.requests).toHaveLength(1);
});

test.each([
  [{ namespace: "GPU", name: "x" }, /^cm:\/\/GPU\/x: "GPU" cannot be the name of a namespace: .*\nDid you mean gpu\?$/],
  [{ namespace: "gpu", name: "../secrets/x" }, /^cm:.*: "\.\.\/secrets\/x" cannot be the name of a ConfigMap: /],
])("names that cannot be any are refused before a cluster is reached: %j", async (place, told) => {
  const unreachable = configMapDocuments(() => Promise.reject(new Error("reached")), CLOCK);
  const error = await rejectionOf(unreachable.read(place, signal));
  expect([error.code, error.describe()]).toEqual(["INVALID_INPUT", expect.stringMatching(told)]);
  expect(await rejectionOf(unreachable.write(place, "a", INFO, signal))).toMatchObject({ code: "INVALID_INPUT" });
  expect(() => unreachable.check(place)).toThrow("cannot be the name");
});

test("an abort ends the wait for an answer", async () => {
  const stop = new AbortController();
  cluster.fault({ delayMs: 60_000 });
  const reading = documents.read(PLACE, stop.signal);
  stop.abort(new Error("stopped"));
  await expect(reading).rejects.toThrow("stopped");
});

test("a cluster that cannot be reached is told with the address that was asked for", async () => {
  const unreachable = configMapDocuments(
    () => Promise.reject(new SlipwayError("NOT_FOUND", "there is no kubeconfig", { hint: "Name one." })),
    CLOCK,
  );
  const told = ["NOT_FOUND", "cm://gpu/aicr-snapshot: there is no kubeconfig\nName one."];
  expect(await failure(unreachable.read(PLACE, signal))).toEqual(told);
  expect(await failure(unreachable.write(PLACE, "kind: Snapshot\n", INFO, signal))).toEqual(told);
});
