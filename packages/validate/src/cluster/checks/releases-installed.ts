import { helmReleases, type HelmRelease } from "@slipway/snapshot/collect-cluster";
import type { ComponentRef } from "@slipway/recipe";
import { outcomeOf, skipped, type Check } from "../context.ts";

/** Whether every chart of a recipe is installed at its version, as Helm or the labels of the workloads say. */
export const releasesInstalled: Check = async ({ api, recipe, signal }) => {
  const wanted = recipe.components.filter(({ type, chart }) => type !== "Kustomize" && chart !== undefined);
  if (wanted.length === 0) return skipped("no component of the recipe is a chart");
  const { releases, notes } = await helmReleases(api, signal);
  const { problems, seen, untold } = compared(wanted, releases, notes);
  const message = `cannot be told: whether there is a release of ${untold.join(", ")}. ${notes[0] ?? ""}`;
  if (untold.length > 0 && problems.length === 0)
    return { verdict: "error", message, lines: seen, remediation: RIGHTS };
  return outcomeOf(
    problems,
    untold.length === 0 ? seen : [...seen, message],
    `${wanted.length} releases are installed at the recipe's versions`,
    "Install what the recipe says: aicr bundle -r RECIPE -o bundle, then bundle/deploy.sh; aicr drift shows all differences.",
  );
};

interface Compared {
  readonly problems: readonly string[];
  readonly seen: readonly string[];
  /** Components whose release may be in what was not read. */
  readonly untold: readonly string[];
}

function compared(
  wanted: readonly ComponentRef[],
  releases: readonly HelmRelease[],
  notes: readonly string[],
): Compared {
  const [problems, seen, untold]: [string[], string[], string[]] = [[], [...notes], []];
  for (const { name, namespace, version } of wanted) {
    const release = releases.find((found) => found.name === name && (namespace ?? found.namespace) === found.namespace);
    const problem = problemOf(name, namespace, version, release);
    if (release === undefined && notes.length > 0) untold.push(name);
    else if (problem !== undefined) problems.push(problem);
    else seen.push(`${name}: ${release?.chart ?? ""} ${release?.version ?? ""}`.trimEnd());
  }
  return { problems, seen, untold };
}

const RIGHTS =
  "Run it with the rights get and list on secrets, and list on deployments, daemonsets and statefulsets, in all namespaces.";

function problemOf(
  name: string,
  namespace: string | undefined,
  version: string | undefined,
  release: HelmRelease | undefined,
): string | undefined {
  if (release === undefined)
    return `${name}: there is no release of it${namespace === undefined ? "" : ` in ${namespace}`}`;
  if (release.status !== "" && release.status !== "deployed") return `${name}: its release is ${release.status}`;
  if (version === undefined || release.version === "" || plain(version) === plain(release.version)) return undefined;
  return `${name}: expected version ${version}, got ${release.version}`;
}

/** Charts call a version v1.2.3 or 1.2.3. */
function plain(version: string): string {
  return version.replace(/^v/, "");
}
