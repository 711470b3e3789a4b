import { SlipwayError, compareBytes, group, type ErrorCode } from "@slipway/base";
import { RESOURCES, isForbidden, nameOf, type KubeApi } from "@slipway/kube";
import { foldList, type Fold } from "./fold-list.ts";
import {
  LABELLED_RELEASES,
  mainChart,
  mergeLabelled,
  parseChartLabel,
  type LabelledRelease,
  type LabelledReleases,
} from "./helm-labels.ts";
import { readHelmSecret } from "./helm-secret.ts";

/** A chart that is installed in a cluster. What is not known is empty. */
export interface HelmRelease {
  readonly namespace: string;
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
  /** Helm's word: `deployed`, `failed`, `pending-upgrade`, …; empty when only labels told of the release. */
  readonly status: string;
  readonly revision: number | undefined;
  /** Helm's own Secrets, or the labels that charts put on their workloads (also with Argo CD, which stores no release). */
  readonly source: "secrets" | "labels";
}

/** The releases of a cluster, and sentences about what could not be read. */
export interface HelmReleases {
  readonly releases: readonly HelmRelease[];
  readonly notes: readonly string[];
}

/**
 * What is installed with Helm: the newest revision of each release from Helm's Secrets where those may be read, and what
 * the labels of workloads tell beyond them. Values of releases are never kept.
 *
 * @throws SlipwayError UNAVAILABLE, TIMED_OUT; what is forbidden is a note
 */
export async function helmReleases(api: Pick<KubeApi, "list" | "get">, signal?: AbortSignal): Promise<HelmReleases> {
  const [stored, labelled] = await Promise.all([storedReleases(api, signal), labelledReleases(api, signal)]);
  const releases = new Map(labelled.releases.map((release) => [keyOf(release), release]));
  for (const release of stored.releases) releases.set(keyOf(release), completed(release, releases.get(keyOf(release))));
  return {
    releases: [...releases.values()].sort((left, right) => compareBytes(keyOf(left), keyOf(right))),
    notes: [...stored.notes, ...labelled.notes],
  };
}

/** A release whose Secret could not be read has the chart that its workloads name. */
function completed(stored: HelmRelease, labelled: HelmRelease | undefined): HelmRelease {
  if (stored.chart !== "" || labelled === undefined) return stored;
  const { chart, version, appVersion } = labelled;
  return { ...stored, chart, version, appVersion };
}

/** The readings of K8s `helm`: `NAMESPACE/RELEASE.chart`, `.version`, `.app-version`, `.status`, `.revision`. */
export function helmReadings(releases: readonly HelmRelease[]): ReadonlyMap<string, string | number> {
  return new Map(
    releases.flatMap((release) => {
      const { chart, version, appVersion, status, revision } = release;
      const parts = { "app-version": appVersion, chart, revision: revision ?? "", status, version };
      return Object.entries(parts)
        .filter(([, value]) => value !== "")
        .map(([part, value]): readonly [string, string | number] => [`${keyOf(release)}.${part}`, value]);
    }),
  );
}

function keyOf({ namespace, name }: Pick<HelmRelease, "namespace" | "name">): string {
  return `${namespace}/${name}`;
}

/** Where the newest revision of a release lies. */
interface StoredRevision {
  readonly namespace: string;
  readonly name: string;
  readonly secret: string;
  readonly revision: number;
  readonly status: string;
}

const NEWEST_REVISIONS: Fold<Map<string, StoredRevision>> = {
  start: () => new Map(),
  add: (newest, secret) => {
    const { namespace = "", labels = {} } = secret.metadata;
    const { name = "", version = "", status = "" } = labels;
    const revision = Number(version);
    if (name === "" || !Number.isSafeInteger(revision)) return;
    const key = keyOf({ namespace, name });
    if ((newest.get(key)?.revision ?? -1) >= revision) return;
    newest.set(key, { namespace, name, secret: nameOf(secret), revision, status });
  },
};

/** A release takes up to 1 MiB: few are read at once. */
const AT_ONCE = 4;

async function storedReleases(api: Pick<KubeApi, "list" | "get">, signal?: AbortSignal): Promise<HelmReleases> {
  const options = { labelSelector: "owner=helm", fieldSelector: "type=helm.sh/release.v1", metadataOnly: true, signal };
  const notes = new Set<string>();
  try {
    const newest = await foldList(api, RESOURCES.secrets, options, NEWEST_REVISIONS);
    const installed = [...newest.values()].filter(({ status }) => status !== "uninstalled");
    const read = await group(
      AT_ONCE,
      installed.map((stored) => (signal) => readStored(api, stored, notes, signal)),
      signal,
    );
    return { releases: read, notes: [...notes] };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const note =
      "The releases of Helm are known by the labels of workloads alone, which tell no status and no revision: reading " +
      "Helm's own Secrets needs the rights get and list on secrets in all namespaces.";
    return { releases: [], notes: [note] };
  }
}

/** What may be wrong with one Secret while the others can be read. */
const EXPECTED: ReadonlySet<ErrorCode> = new Set(["INVALID_INPUT", "TOO_LARGE", "NOT_FOUND", "NOT_ALLOWED"]);

/** A release that cannot be read, e.g. because it was upgraded meanwhile, is known by its labels at least. */
async function readStored(
  api: Pick<KubeApi, "get">,
  { namespace, name, secret, revision, status }: StoredRevision,
  notes: Set<string>,
  signal: AbortSignal,
): Promise<HelmRelease> {
  const known = { namespace, name, revision, status, source: "secrets" } as const;
  try {
    const record = readHelmSecret(await api.get(RESOURCES.secrets, secret, { namespace, signal }));
    return { ...known, ...record, status: record.status === "" ? status : record.status };
  } catch (error) {
    if (!(error instanceof SlipwayError) || !EXPECTED.has(error.code)) throw error;
    notes.add(`The chart of the Helm release ${namespace}/${name} was not read from its Secret (${error.message}).`);
    return { ...known, chart: "", version: "", appVersion: "" };
  }
}

const WORKLOADS = [RESOURCES.deployments, RESOURCES.daemonSets, RESOURCES.statefulSets] as const;

async function labelledReleases(api: Pick<KubeApi, "list">, signal?: AbortSignal): Promise<HelmReleases> {
  const found: LabelledReleases = new Map();
  const notes: string[] = [];
  await Promise.all(
    WORKLOADS.map(async (resource) => {
      try {
        mergeLabelled(found, await foldList(api, resource, { metadataOnly: true, signal }, LABELLED_RELEASES));
      } catch (error) {
        if (!isForbidden(error)) throw error;
        const needed = `needs the right list on ${resource.plural}.${resource.group} in all namespaces`;
        notes.push(`The charts that labels of ${resource.plural} name were not read: that ${needed}.`);
      }
    }),
  );
  return { releases: [...found].map(([key, seen]) => labelledRelease(key, seen)), notes: notes.sort(compareBytes) };
}

function labelledRelease(key: string, { charts, versions }: LabelledRelease): HelmRelease {
  const slash = key.indexOf("/");
  const name = key.slice(slash + 1);
  const label = mainChart(name, charts) ?? "";
  return {
    namespace: key.slice(0, slash),
    name,
    ...parseChartLabel(label),
    appVersion: versions.get(label) ?? "",
    status: "",
    revision: undefined,
    source: "labels",
  };
}
