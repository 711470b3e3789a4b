import { SlipwayError, didYouMean, group, isTreeList, isTreeMap, own, type Tree } from "@slipway/base";
import type { KubeApi, RequestOptions } from "./api.ts";
import type { Resource } from "./resources.ts";

/** A kind that a server has, with the other names that people use for it. */
export interface DiscoveredResource extends Resource {
  /** Empty where the server does not say it. */
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** What can be done: `get`, `list`, `watch`, … */
  readonly verbs: readonly string[];
}

/** Kinds of a server. */
export interface Discovery {
  /** In the server's order of preference: the core group first, of each group the preferred version first. */
  readonly resources: readonly DiscoveredResource[];
  /** Groups and versions that another server should tell of, and does not at the moment. */
  readonly unavailable: readonly string[];
}

/** All kinds in one answer (aggregated discovery, Kubernetes 1.30 and later), else the list of groups. */
const ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
const AT_ONCE = 8;

/**
 * Finds a kind as kubectl does: by plural (`pods`), singular, kind, short name (`po`), each in any case, alone or with
 * group (`jobs.batch`) or version and group (`jobs.v1.batch`). Of several the one that the server prefers counts.
 *
 * @throws SlipwayError NOT_FOUND, with the nearest name, and with the groups that could not be asked
 */
export async function discover(
  api: Pick<KubeApi, "read">,
  name: string,
  options: RequestOptions = {},
): Promise<DiscoveredResource> {
  const discovery = await discoverAll(api, options);
  const found = findResource(discovery.resources, name);
  if (found !== undefined) return found;
  const silent = discovery.unavailable.join(", ");
  throw new SlipwayError("NOT_FOUND", `the server has no kind ${JSON.stringify(name)}`, {
    hint:
      didYouMean(name, discovery.resources.flatMap(namesOf)) ??
      (silent === "" ? "Is its CustomResourceDefinition installed?" : `These API groups do not answer: ${silent}.`),
  });
}

/** The kind of that name among those of a server; see {@link discover}. */
export function findResource(resources: readonly DiscoveredResource[], name: string): DiscoveredResource | undefined {
  const [bare = "", ...rest] = name.split(".");
  const groups: readonly { readonly group: string | undefined; readonly version?: string }[] =
    rest.length === 0
      ? [{ group: undefined }]
      : [{ group: rest.join(".") }, { group: rest.slice(1).join("."), version: rest[0] ?? "" }];
  for (const wanted of groups) {
    const candidates = resources.filter(
      (resource) =>
        (wanted.group === undefined || wanted.group === resource.group) &&
        (wanted.version === undefined || wanted.version === resource.version),
    );
    const match = candidates.find((one) => namesOf(one).some((known) => known.toLowerCase() === bare.toLowerCase()));
    if (match !== undefined) return match;
  }
  return undefined;
}

function namesOf({ plural, singular, kind, shortNames }: DiscoveredResource): readonly string[] {
  return [plural, singular, kind, ...shortNames].filter((name) => name !== "");
}

/** Everything that a server has. Groups of other servers that do not answer are named, and no failure. */
export async function discoverAll(api: Pick<KubeApi, "read">, options: RequestOptions = {}): Promise<Discovery> {
  const [core, groups] = await Promise.all(
    ["/api", "/apis"].map((path) => api.read(path, { ...options, accept: ACCEPT })),
  );
  const parts = await Promise.all([
    isAggregated(core) ? aggregated(core) : eachVersion(api, listAt(core, "versions").map(coreVersion), options),
    isAggregated(groups) ? aggregated(groups) : eachVersion(api, listAt(groups, "groups").flatMap(versionsOf), options),
  ]);
  return {
    resources: parts.flatMap((part) => part.resources),
    unavailable: parts.flatMap((part) => part.unavailable),
  };
}

function isAggregated(answer: Tree | undefined): boolean {
  return textAt(answer, "kind") === "APIGroupDiscoveryList";
}

function aggregated(answer: Tree | undefined): Discovery {
  const versions = listAt(answer, "items").flatMap((item) =>
    listAt(item, "versions").map((version) => ({ group: textAt(at(item, "metadata"), "name"), version })),
  );
  return {
    resources: versions.flatMap(({ group: name, version }) =>
      listAt(version, "resources").map((resource) => ({
        group: textAt(at(resource, "responseKind"), "group") || name,
        version: textAt(at(resource, "responseKind"), "version") || textAt(version, "version"),
        plural: textAt(resource, "resource"),
        kind: textAt(at(resource, "responseKind"), "kind"),
        namespaced: textAt(resource, "scope") === "Namespaced",
        singular: textAt(resource, "singularResource"),
        shortNames: textsAt(resource, "shortNames"),
        verbs: textsAt(resource, "verbs"),
      })),
    ),
    unavailable: versions
      .filter(({ version }) => textAt(version, "freshness") === "Stale")
      .map(({ group: name, version }) => `${name}/${textAt(version, "version")}`),
  };
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly path: string;
}

function coreVersion(version: Tree): GroupVersion {
  const name = typeof version === "string" ? version : "";
  return { group: "", version: name, path: `/api/${name}` };
}

function versionsOf(entry: Tree): readonly GroupVersion[] {
  const name = textAt(entry, "name");
  const preferred = textAt(at(entry, "preferredVersion"), "version");
  const versions = listAt(entry, "versions").map((version) => textAt(version, "version"));
  const ordered = [...new Set([preferred, ...versions])].filter((version) => version !== "");
  return ordered.map((version) => ({ group: name, version, path: `/apis/${name}/${version}` }));
}

/** The way of servers before 1.30: one question for each version. */
async function eachVersion(
  api: Pick<KubeApi, "read">,
  versions: readonly GroupVersion[],
  options: RequestOptions,
): Promise<Discovery> {
  const answers = await group(
    AT_ONCE,
    versions.map((one) => async (signal: AbortSignal) => ({ one, answer: await readOne(api, one, options, signal) })),
    options.signal,
  );
  return {
    resources: answers.flatMap(({ one, answer }) =>
      listAt(answer, "resources")
        .filter((resource) => !textAt(resource, "name").includes("/"))
        .map((resource) => ({
          group: one.group,
          version: one.version,
          plural: textAt(resource, "name"),
          kind: textAt(resource, "kind"),
          namespaced: at(resource, "namespaced") === true,
          singular: textAt(resource, "singularName"),
          shortNames: textsAt(resource, "shortNames"),
          verbs: textsAt(resource, "verbs"),
        })),
    ),
    unavailable: answers
      .filter(({ answer }) => answer === undefined)
      .map(({ one }) => one.path.replace(/^\/apis?\//, "")),
  };
}

/** @returns nothing where a server behind the API server is down: the kinds of all others are still to be had */
async function readOne(
  api: Pick<KubeApi, "read">,
  { path }: GroupVersion,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<Tree | undefined> {
  try {
    return await api.read(path, { ...options, signal });
  } catch (error) {
    if (error instanceof SlipwayError && (error.code === "UNAVAILABLE" || error.code === "NOT_FOUND")) return undefined;
    throw error;
  }
}

function at(value: Tree | undefined, key: string): Tree | undefined {
  return isTreeMap(value) ? own(value, key) : undefined;
}

function textAt(value: Tree | undefined, key: string): string {
  const text = at(value, key);
  return typeof text === "string" ? text : "";
}

function listAt(value: Tree | undefined, key: string): readonly Tree[] {
  const list = at(value, key);
  return isTreeList(list) ? list : [];
}

function textsAt(value: Tree | undefined, key: string): readonly string[] {
  return listAt(value, key).filter((item) => typeof item === "string");
}
