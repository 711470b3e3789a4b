import { rejectionOf } from "@slipway/base/testing";
import { clientOf, startCluster, type Cluster } from "@slipway/kube/testing";
import { afterEach, expect, test } from "vitest";
import { mainChart, parseChartLabel } from "./helm-labels.ts";
import { helmReadings, helmReleases } from "./helm-releases.ts";
import { helmSecret, workload } from "./testing/helm.ts";

const clusters: Cluster[] = [];
afterEach(async () => {
  await Promise.all(clusters.splice(0).map(async (cluster) => cluster.close()));
});

async function clusterWithReleases() {
  const cluster = await startCluster({ namespaces: ["gpu-operator", "monitoring", "argo"] });
  clusters.push(cluster);
  const operator = { namespace: "gpu-operator", name: "gpu-operator" };
  const chart = (version: string) => ({ name: "gpu-operator", version, appVersion: version });
  for (const object of [
    helmSecret({ ...operator, revision: 9, status: "superseded", chart: chart("v25.3.2") }),
    helmSecret({
      ...operator,
      revision: 10,
      status: "deployed",
      chart: chart("v25.3.3"),
      config: { password: "planted" },
    }),
    helmSecret({ namespace: "default", name: "gone", revision: 1, status: "uninstalled", chart: { name: "gone" } }),
    workload(
      "Deployment",
      "gpu-operator/gpu-operator",
      { "helm.sh/chart": "gpu-operator-v25.3.1" },
      {
        "meta.helm.sh/release-name": "gpu-operator",
        "meta.helm.sh/release-namespace": "gpu-operator",
      },
    ),
    workload("DaemonSet", "monitoring/node-exporter", {
      "helm.sh/chart": "prometheus-node-exporter-4.47.0",
      "app.kubernetes.io/instance": "kube-prometheus-stack",
      "app.kubernetes.io/version": "1.9.1",
    }),
    workload("Deployment", "monitoring/operator", {
      "helm.sh/chart": "kube-prometheus-stack-77.0.0_build.1",
      "app.kubernetes.io/instance": "kube-prometheus-stack",
      "app.kubernetes.io/version": "v0.85.0",
    }),
    workload("StatefulSet", "argo/db", { app: "db" }),
  ]) {
    cluster.put(object);
  }
  return { cluster, client: await clientOf(cluster) };
}

const prometheus = {
  namespace: "monitoring",
  name: "kube-prometheus-stack",
  chart: "kube-prometheus-stack",
  version: "77.0.0+build.1",
  appVersion: "v0.85.0",
  status: "",
  revision: undefined,
  source: "labels",
};

test("releases come from Helm's Secrets, and what Argo CD installed from the labels of workloads", async () => {
  const { cluster, client } = await clusterWithReleases();
  const found = await helmReleases(client);
  expect(found).toEqual({
    notes: [],
    releases: [
      {
        namespace: "gpu-operator",
        name: "gpu-operator",
        chart: "gpu-operator",
        version: "v25.3.3",
        appVersion: "v25.3.3",
        status: "deployed",
        revision: 10,
        source: "secrets",
      },
      prometheus,
    ],
  });
  expect(JSON.stringify(found)).not.toContain("planted");
  // Of a Secret no more than the metadata is listed; only the newest revision is read.
  expect(cluster.requests.filter(({ path }) => path.includes("secrets")).map(({ path }) => path)).toEqual([
    "/api/v1/secrets",
    "/api/v1/namespaces/gpu-operator/secrets/sh.helm.release.v1.gpu-operator.v10",
  ]);
});

test("the readings of a release", async () => {
  const { client } = await clusterWithReleases();
  expect(Object.fromEntries(helmReadings((await helmReleases(client)).releases))).toEqual({
    "gpu-operator/gpu-operator.app-version": "v25.3.3",
    "gpu-operator/gpu-operator.chart": "gpu-operator",
    "gpu-operator/gpu-operator.revision": 10,
    "gpu-operator/gpu-operator.status": "deployed",
    "gpu-operator/gpu-operator.version": "v25.3.3",
    "monitoring/kube-prometheus-stack.app-version": "v0.85.0",
    "monitoring/kube-prometheus-stack.chart": "kube-prometheus-stack",
    "monitoring/kube-prometheus-stack.version": "77.0.0+build.1",
  });
});

test("without the right to Secrets labels stand in, and the note says so", async () => {
  const { cluster, client } = await clusterWithReleases();
  cluster.allow(({ resource }) => resource !== "secrets");
  const { releases, notes } = await helmReleases(client);
  expect(releases.map(({ name, version, source }) => [name, version, source])).toEqual([
    ["gpu-operator", "v25.3.1", "labels"],
    ["kube-prometheus-stack", "77.0.0+build.1", "labels"],
  ]);
  expect(notes).toEqual([
    "The releases of Helm are known by the labels of workloads alone, which tell no status and no revision: reading " +
      "Helm's own Secrets needs the rights get and list on secrets in all namespaces.",
  ]);
});

test("a Secret that cannot be read leaves the release with the chart of its labels", async () => {
  const { cluster, client } = await clusterWithReleases();
  cluster.put({
    ...helmSecret({ namespace: "gpu-operator", name: "gpu-operator", revision: 11, status: "failed", chart: {} }),
    data: { release: "" },
  });
  const { releases, notes } = await helmReleases(client);
  expect(releases[0]).toEqual({
    namespace: "gpu-operator",
    name: "gpu-operator",
    chart: "gpu-operator",
    version: "v25.3.1",
    appVersion: "",
    status: "failed",
    revision: 11,
    source: "secrets",
  });
  expect(notes).toEqual([
    expect.stringMatching(/^The chart of the Helm release gpu-operator\/gpu-operator was not read/),
  ]);
});

test("without any right there are notes, and no releases", async () => {
  const { cluster, client } = await clusterWithReleases();
  cluster.allow(() => false);
  const { releases, notes } = await helmReleases(client);
  expect([releases, notes.length]).toEqual([[], 4]);
  expect(notes[1]).toBe(
    "The charts that labels of daemonsets name were not read: that needs the right list on daemonsets.apps in all namespaces.",
  );
});

test("an interruption and a broken server end it", async () => {
  const { cluster, client } = await clusterWithReleases();
  expect((await rejectionOf(helmReleases(client, AbortSignal.abort()))).code).toBe("INTERRUPTED");
  cluster.fault({ when: ({ path }) => path.endsWith("/secrets"), reason: "Invalid" });
  expect((await rejectionOf(helmReleases(client))).code).toBe("INVALID_INPUT");
});

test.each([
  ["gpu-operator-v25.3.3", "gpu-operator", "v25.3.3"],
  ["kube-prometheus-stack-77.0.0", "kube-prometheus-stack", "77.0.0"],
  ["cert-manager-v1.18.2-beta.1", "cert-manager", "v1.18.2-beta.1"],
  ["k8s-nim-operator-1.0.0_abc", "k8s-nim-operator", "1.0.0+abc"],
  ["odd", "odd", ""],
])("the label %s", (label, chart, version) => {
  expect(parseChartLabel(label)).toEqual({ chart, version });
});

test.each([
  ["gpu-operator", { "node-feature-discovery-0.17.2": 3, "gpu-operator-v25.3.3": 1 }, "gpu-operator-v25.3.3"],
  ["prom", { "kube-state-metrics-5.1.0": 2, "grafana-9.0.0": 1 }, "kube-state-metrics-5.1.0"],
  ["x", { "b-1.0.0": 1, "a-1.0.0": 1 }, "a-1.0.0"],
  ["x", {}, undefined],
])("the chart of the release %s", (release, charts, main) => {
  expect(mainChart(release, new Map(Object.entries(charts)))).toBe(main);
});
