import { isForbidden } from "@slipway/kube";
import { outcomeOf, skipped, type Check, type CheckContext } from "../context.ts";

/** A Helm release as the cluster keeps it. */
export interface InstalledRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  /** Of the chart. */
  readonly version: string;
  readonly status: string;
}

/** Reads the releases of a cluster, the last revision of each. */
export type ReadReleases = (context: Pick<CheckContext, "api" | "signal">) => Promise<readonly InstalledRelease[]>;

/** Whether every chart of a recipe is installed as a Helm release at its version. */
export function releasesInstalled(readReleases: ReadReleases): Check {
  return async (context) => {
    const wanted = context.recipe.components.filter(({ type, chart }) => type !== "Kustomize" && chart !== undefined);
    if (wanted.length === 0) return skipped("no component of the recipe is a chart");
    const releases = await readAllowed(readReleases, context);
    if (releases === undefined) return skipped("the secrets that hold Helm releases may not be read");
    if (releases.length === 0) return skipped("there are no Helm releases: Argo CD and others install without them");
    const [problems, seen]: [string[], string[]] = [[], []];
    for (const { name, namespace, version } of wanted) {
      const release = releases.find(
        (found) => found.name === name && (namespace ?? found.namespace) === found.namespace,
      );
      const problem = problemOf(name, namespace, version, release);
      if (problem !== undefined) problems.push(problem);
      else seen.push(`${name}: ${release?.chart ?? ""} ${release?.version ?? ""}`);
    }
    return outcomeOf(
      problems,
      seen,
      `${seen.length} releases are installed at the recipe's versions`,
      "Install what the recipe says: aicr bundle -r RECIPE -o bundle, then bundle/deploy.sh; aicr drift shows all differences.",
    );
  };
}

async function readAllowed(
  readReleases: ReadReleases,
  context: CheckContext,
): Promise<readonly InstalledRelease[] | undefined> {
  try {
    return await readReleases(context);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function problemOf(
  name: string,
  namespace: string | undefined,
  version: string | undefined,
  release: InstalledRelease | undefined,
): string | undefined {
  if (release === undefined)
    return `${name}: there is no release of it${namespace === undefined ? "" : ` in ${namespace}`}`;
  if (release.status !== "deployed") return `${name}: its release is ${release.status}`;
  if (version === undefined || plain(version) === plain(release.version)) return undefined;
  return `${name}: expected version ${version}, got ${release.version}`;
}

/** Charts call a version v1.2.3 or 1.2.3. */
function plain(version: string): string {
  return version.replace(/^v/, "");
}
