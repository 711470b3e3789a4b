import { SlipwayError, type Tree } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import type { KubeApi } from "./api.ts";
import { discover, discoverAll } from "./discovery.ts";
import { KubeApiError } from "./errors.ts";

type Reader = Pick<KubeApi, "read">;

/** A server of which only these paths can be read. */
function server(answers: Readonly<Record<string, Tree>>, asked: string[] = []): Reader {
  return {
    read: (path, options) => {
      asked.push(options?.accept === undefined ? path : `${path} aggregated`);
      const answer = answers[path];
      if (answer !== undefined) return Promise.resolve(answer);
      return Promise.reject(new KubeApiError("unavailable", { status: 503, reason: "ServiceUnavailable" }));
    },
  };
}

function kind(resource: string, name: string, more: Record<string, Tree> = {}): Tree {
  const responseKind = { group: "", version: "", kind: name };
  return { resource, responseKind, scope: "Namespaced", singularResource: name.toLowerCase(), verbs: ["get"], ...more };
}

const AGGREGATED = {
  "/api": {
    kind: "APIGroupDiscoveryList",
    items: [
      {
        metadata: {},
        versions: [
          {
            version: "v1",
            resources: [
              kind("pods", "Pod", { shortNames: ["po"] }),
              kind("events", "Event"),
              kind("nodes", "Node", { scope: "Cluster" }),
            ],
          },
        ],
      },
    ],
  },
  "/apis": {
    kind: "APIGroupDiscoveryList",
    items: [
      {
        metadata: { name: "batch" },
        versions: [
          { version: "v1", resources: [kind("jobs", "Job")] },
          { version: "v1beta1", resources: [kind("jobs", "Job"), kind("cronjobs", "CronJob", { shortNames: ["cj"] })] },
        ],
      },
      { metadata: { name: "events.k8s.io" }, versions: [{ version: "v1", resources: [kind("events", "Event")] }] },
      { metadata: { name: "metrics.k8s.io" }, versions: [{ version: "v1beta1", freshness: "Stale", resources: [] }] },
    ],
  },
} as const;

const PLAIN = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/api/v1": {
    resources: [
      { name: "pods", singularName: "pod", kind: "Pod", namespaced: true, shortNames: ["po"], verbs: ["get"] },
      { name: "pods/log", singularName: "", kind: "Pod", namespaced: true, verbs: ["get"] },
      { name: "events", singularName: "event", kind: "Event", namespaced: true, verbs: ["get"] },
      { name: "nodes", singularName: "node", kind: "Node", namespaced: false, verbs: ["get"] },
    ],
  },
  "/apis": {
    kind: "APIGroupList",
    groups: [
      {
        name: "batch",
        versions: [{ version: "v1beta1" }, { version: "v1" }],
        preferredVersion: { version: "v1" },
      },
      { name: "events.k8s.io", versions: [{ version: "v1" }] },
      { name: "metrics.k8s.io", versions: [{ version: "v1beta1" }] },
    ],
  },
  "/apis/batch/v1": {
    resources: [{ name: "jobs", singularName: "job", kind: "Job", namespaced: true, verbs: ["get"] }],
  },
  "/apis/batch/v1beta1": {
    resources: [
      { name: "jobs", singularName: "job", kind: "Job", namespaced: true, verbs: ["get"] },
      {
        name: "cronjobs",
        singularName: "cronjob",
        kind: "CronJob",
        namespaced: true,
        shortNames: ["cj"],
        verbs: ["get"],
      },
    ],
  },
  "/apis/events.k8s.io/v1": {
    resources: [{ name: "events", singularName: "event", kind: "Event", namespaced: true, verbs: ["get"] }],
  },
} as const;

test("one answer a list where the server aggregates, else one a version, says the same", async () => {
  const asked: string[] = [];
  const found = await discoverAll(server(AGGREGATED, asked));
  expect(asked).toEqual(["/api aggregated", "/apis aggregated"]);
  expect(found.unavailable).toEqual(["metrics.k8s.io/v1beta1"]);
  expect(found.resources.map(({ group, version, plural }) => `${plural} ${group}/${version}`)).toEqual([
    "pods /v1",
    "events /v1",
    "nodes /v1",
    "jobs batch/v1",
    "jobs batch/v1beta1",
    "cronjobs batch/v1beta1",
    "events events.k8s.io/v1",
  ]);
  expect(await discoverAll(server(PLAIN))).toEqual(found);
});

test.each([
  ["pods", "pods", "", "v1"],
  ["pod", "pods", "", "v1"],
  ["Pod", "pods", "", "v1"],
  ["PO", "pods", "", "v1"],
  ["jobs", "jobs", "batch", "v1"],
  ["jobs.batch", "jobs", "batch", "v1"],
  ["Job.v1beta1.batch", "jobs", "batch", "v1beta1"],
  ["cj", "cronjobs", "batch", "v1beta1"],
  ["events", "events", "", "v1"],
  ["events.events.k8s.io", "events", "events.k8s.io", "v1"],
  ["events.v1.events.k8s.io", "events", "events.k8s.io", "v1"],
  ["events.v1.", "events", "", "v1"],
])("%s is found", async (name, plural, group, version) => {
  const { shortNames: _, verbs, ...resource } = await discover(server(AGGREGATED), name);
  expect(verbs).toEqual(["get"]);
  expect(resource).toMatchObject({ plural, group, version, namespaced: true });
});

test("what is not there is told with the nearest name, or with what could not be asked", async () => {
  const told = async (answers: Readonly<Record<string, Tree>>, name: string) => {
    const error = await rejectionOf(discover(server(answers), name));
    return [error.code, error.message, error.hint];
  };
  expect(await told(AGGREGATED, "podz")).toEqual([
    "NOT_FOUND",
    'the server has no kind "podz"',
    'Did you mean "pods"?',
  ]);
  expect(await told(PLAIN, "clusterpolicies.nvidia.com")).toEqual([
    "NOT_FOUND",
    'the server has no kind "clusterpolicies.nvidia.com"',
    "These API groups do not answer: metrics.k8s.io/v1beta1.",
  ]);
  const { "/api": api } = AGGREGATED;
  expect((await told({ "/api": api, "/apis": { kind: "APIGroupList", groups: [] } }, "clusterpolicies"))[2]).toBe(
    "Is its CustomResourceDefinition installed?",
  );
});

test("a refusal or an interruption is not taken for a silent group", async () => {
  const refuse = (error: SlipwayError): Reader => ({
    read: async (path) => {
      if (path === "/apis/batch/v1") throw error;
      return server(PLAIN).read(path);
    },
  });
  for (const code of ["NOT_ALLOWED", "INTERRUPTED"] as const)
    expect((await rejectionOf(discoverAll(refuse(new SlipwayError(code, "no"))))).code).toBe(code);
  expect((await rejectionOf(discoverAll(server({})))).code).toBe("UNAVAILABLE");
});
