import { compareBytes } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { textsAt } from "./at.ts";
import type { Fold } from "./fold-list.ts";

/** A release as its workloads show it. */
export interface LabelledRelease {
  /** How many workloads name a chart, by the label that names it: `gpu-operator-v25.3.0`. */
  readonly charts: Map<string, number>;
  /** Version of the program in a chart, by the same label. */
  readonly versions: Map<string, string>;
}

/** By `NAMESPACE/RELEASE`. */
export type LabelledReleases = Map<string, LabelledRelease>;

/** Keeps what the labels of workloads say about the charts that they came from. */
export const LABELLED_RELEASES: Fold<LabelledReleases> = { start: () => new Map(), add: addWorkload };

function addWorkload(releases: LabelledReleases, workload: KubeObject): void {
  const labels = textsAt(workload, "metadata", "labels");
  const chart = labels.get("helm.sh/chart") ?? labels.get("chart") ?? "";
  const key = releaseOf(workload, labels, chart !== "");
  if (key === undefined) return;
  const seen = releases.get(key) ?? { charts: new Map<string, number>(), versions: new Map<string, string>() };
  releases.set(key, seen);
  if (chart === "") return;
  seen.charts.set(chart, (seen.charts.get(chart) ?? 0) + 1);
  const version = labels.get("app.kubernetes.io/version");
  if (version !== undefined) seen.versions.set(chart, version);
}

/** Helm says in annotations whose an object is; Argo CD does not, and there the label of the instance is the release. */
function releaseOf(workload: KubeObject, labels: ReadonlyMap<string, string>, hasChart: boolean): string | undefined {
  const annotations = textsAt(workload, "metadata", "annotations");
  const labelled = labels.get("app.kubernetes.io/instance") ?? labels.get("release");
  const release = annotations.get("meta.helm.sh/release-name") ?? (hasChart ? labelled : undefined);
  const namespace = annotations.get("meta.helm.sh/release-namespace") ?? workload.metadata.namespace ?? "";
  return release === undefined || release === "" ? undefined : `${namespace}/${release}`;
}

/** Adds what workloads of another kind say. */
export function mergeLabelled(into: LabelledReleases, more: LabelledReleases): void {
  for (const [key, { charts, versions }] of more) {
    const known = into.get(key);
    if (known === undefined) {
      into.set(key, { charts, versions });
      continue;
    }
    for (const [chart, count] of charts) known.charts.set(chart, (known.charts.get(chart) ?? 0) + count);
    for (const [chart, version] of versions) known.versions.set(chart, version);
  }
}

/** A chart with its version, as the label `helm.sh/chart` has them. */
export interface LabelledChart {
  readonly chart: string;
  readonly version: string;
}

/** Takes `NAME-VERSION` apart; a label cannot hold the `+` of a version, and charts write `_` for it. */
export function parseChartLabel(label: string): LabelledChart {
  const match = /^(.+?)-(v?\d+\.\d+.*)$/.exec(label);
  if (match === null) return { chart: label, version: "" };
  return { chart: match[1] ?? "", version: (match[2] ?? "").replace("_", "+") };
}

/**
 * The chart of a release, out of those that its workloads name: charts bring others along (gpu-operator brings
 * node-feature-discovery). One that is named like the release is it, else the most frequent, else the first by name.
 */
export function mainChart(release: string, charts: ReadonlyMap<string, number>): string | undefined {
  const ranked = [...charts].sort(
    ([left, leftCount], [right, rightCount]) =>
      likeness(release, right) - likeness(release, left) || rightCount - leftCount || compareBytes(left, right),
  );
  return ranked[0]?.[0];
}

function likeness(release: string, label: string): number {
  const { chart } = parseChartLabel(label);
  if (chart === release) return 2;
  return release.includes(chart) || chart.includes(release) ? 1 : 0;
}
