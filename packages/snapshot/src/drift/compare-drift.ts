import { compareNames } from "../order.ts";
import { versionStep } from "../diff/meaning.ts";
import type {
  ComponentDrift,
  Drift,
  DriftInput,
  InstalledRelease,
  RunningWorkload,
  Verdict,
  WantedComponent,
} from "./drift-model.ts";

/**
 * Compares what a recipe wants, what Helm says is installed, and what the cluster runs. For each component the first thing
 * that is wrong counts, because it is what has to be put right first: not installed, failed, another version, workloads
 * that the release did not make, workloads that are not ready.
 */
export function compareDrift({ components, releases, workloads, isPartial = false }: DriftInput): Drift {
  const claimed = new Set<InstalledRelease>();
  const known = components.map((component) => {
    const release = releaseOf(component, releases);
    if (release !== undefined) claimed.add(release);
    return judge(component, release, workloads, isPartial);
  });
  const others = releases
    .filter((release) => !claimed.has(release))
    .map((release): ComponentDrift => {
      return {
        component: release.name,
        verdict: "not in recipe",
        reason: `${release.chart || release.name} is installed in ${release.namespace}, and the recipe does not ask for it`,
        remedy: "",
        installed: release,
        ...runningOf(workloadsOf(release, workloads)),
      };
    })
    .sort((left, right) => compareNames(left.component, right.component));
  return { components: [...known, ...others], inStep: known.every(({ verdict }) => verdict === "in step") };
}

/** By the release's name, in the namespace of the recipe before others; then by its chart. */
function releaseOf(component: WantedComponent, releases: readonly InstalledRelease[]): InstalledRelease | undefined {
  if (component.isHelm === false) return undefined;
  const name = component.release ?? component.name;
  const named = releases.filter((release) => release.name === name);
  const here = named.find(({ namespace }) => namespace === component.namespace);
  const charted = releases.filter(({ chart }) => component.chart !== undefined && chart === baseName(component.chart));
  const chartedHere = charted.find(({ namespace }) => namespace === component.namespace);
  return here ?? chartedHere ?? named[0] ?? charted[0];
}

/** `nvidia/gpu-operator` of a repository is the chart `gpu-operator`. */
function baseName(chart: string): string {
  return chart.slice(chart.lastIndexOf("/") + 1);
}

function workloadsOf(release: InstalledRelease, workloads: readonly RunningWorkload[]): readonly RunningWorkload[] {
  return workloads.filter((workload) => workload.release === release.name && workload.namespace === release.namespace);
}

function judge(
  component: WantedComponent,
  release: InstalledRelease | undefined,
  workloads: readonly RunningWorkload[],
  isPartial: boolean,
): ComponentDrift {
  const own =
    release === undefined
      ? workloads.filter(({ release, namespace }) => {
          return release === component.name && (component.namespace === undefined || namespace === component.namespace);
        })
      : workloadsOf(release, workloads);
  const { version, namespace } = component;
  const finding = firstFinding([
    () => (component.isHelm === false ? undefined : missing(component, release, isPartial)),
    () => (release === undefined ? undefined : badStatus(release)),
    () => (release === undefined ? undefined : otherNamespace(component, release)),
    () => (release === undefined ? undefined : otherVersion(component, release)),
    () => (release === undefined ? undefined : runsElse(release, own)),
    () => notReady(component.name, own),
    () => (component.isHelm === false && own.length === 0 ? noTrace(component) : undefined),
  ]);
  return {
    component: component.name,
    ...(finding ?? { verdict: "in step", reason: "", remedy: "" }),
    wanted: { version, namespace },
    ...(release === undefined ? {} : { installed: release }),
    ...runningOf(own),
  };
}

interface Finding {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly remedy: string;
}

function firstFinding(checks: readonly (() => Finding | undefined)[]): Finding | undefined {
  for (const check of checks) {
    const finding = check();
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function missing(
  { name, version }: WantedComponent,
  release: InstalledRelease | undefined,
  isPartial: boolean,
): Finding | undefined {
  if (release !== undefined) return undefined;
  if (isPartial) {
    return {
      verdict: "unknown",
      reason: `nothing is seen of ${name}, and not all that Helm has installed could be read`,
      remedy: "Run it as somebody who may read Helm's Secrets.",
    };
  }
  return {
    verdict: "missing",
    reason: `no release of ${name}${version === undefined ? "" : ` ${version}`} is installed`,
    remedy: `Install it: make a bundle of the recipe and deploy ${name} from it.`,
  };
}

const SETTLED: ReadonlySet<string> = new Set(["", "deployed"]);

function badStatus({ name, namespace, status }: InstalledRelease): Finding | undefined {
  if (SETTLED.has(status)) return undefined;
  const reason = `Helm says that the release ${name} is ${status}`;
  if (status.startsWith("pending-") || status === "uninstalling") {
    return {
      verdict: "in progress",
      reason,
      remedy: `Wait for it; if nothing works on it any more: helm rollback ${name} -n ${namespace}.`,
    };
  }
  return {
    verdict: "failed release",
    reason,
    remedy: `See why with helm history ${name} -n ${namespace}, put it right and deploy it again.`,
  };
}

function otherNamespace({ namespace }: WantedComponent, release: InstalledRelease): Finding | undefined {
  if (namespace === undefined || namespace === release.namespace) return undefined;
  return {
    verdict: "other namespace",
    reason: `it is installed in the namespace ${release.namespace} in place of ${namespace}`,
    remedy: `Uninstall it there (helm uninstall ${release.name} -n ${release.namespace}) and deploy it from the bundle.`,
  };
}

function otherVersion({ name, version }: WantedComponent, release: InstalledRelease): Finding | undefined {
  if (version === undefined || sameVersion(version, release.version)) return undefined;
  if (release.version === "") {
    return {
      verdict: "unknown",
      reason: `the version of the release ${release.name} is not known; the recipe wants ${version}`,
      remedy: "Run it as somebody who may read Helm's Secrets.",
    };
  }
  const step = versionStep(release.version, version);
  const reason = `${release.version} is installed, and the recipe wants ${version}`;
  if (step === "upgrade") {
    return { verdict: "behind", reason, remedy: `Deploy ${name} from a bundle of the recipe to upgrade it.` };
  }
  return {
    verdict: step === "downgrade" ? "ahead" : "other version",
    reason,
    remedy: `Make the recipe anew if ${release.version} is right; else deploy ${name} from its bundle.`,
  };
}

/** Charts write their versions with and without `v`, labels with `_` for `+`. */
function sameVersion(left: string, right: string): boolean {
  const plain = (version: string): string => version.replace(/^v(?=\d)/, "").replaceAll("_", "+");
  return plain(left) === plain(right);
}

/** The release says one thing, and the cluster runs another: somebody changed it past Helm. */
function runsElse(release: InstalledRelease, workloads: readonly RunningWorkload[]): Finding | undefined {
  if (release.version === "") return undefined;
  const strange = workloads.find(
    ({ chartVersion }) => chartVersion !== undefined && !sameVersion(chartVersion, release.version),
  );
  if (strange === undefined) return undefined;
  const { kind, namespace, name, chartVersion } = strange;
  return {
    verdict: "runs something else",
    reason: `${kind} ${namespace}/${name} is of chart version ${chartVersion}, and Helm says that ${release.version} is installed`,
    remedy: `See who changed it (kubectl get ${kind.toLowerCase()} ${name} -n ${namespace} -o yaml --show-managed-fields) and deploy it again.`,
  };
}

function notReady(name: string, workloads: readonly RunningWorkload[]): Finding | undefined {
  const waiting = workloads.filter(({ ready, wanted }) => ready < wanted);
  const [first] = waiting;
  if (first === undefined) return undefined;
  const rest = waiting.length === 1 ? "" : `, and ${waiting.length - 1} more`;
  return {
    verdict: "not ready",
    reason: `${first.kind} ${first.namespace}/${first.name} has ${first.ready} of ${first.wanted} pods ready${rest}`,
    remedy: `See why: kubectl describe ${first.kind.toLowerCase()} ${first.name} -n ${first.namespace}; if ${name} was installed just now, wait.`,
  };
}

function noTrace({ name }: WantedComponent): Finding {
  return {
    verdict: "unknown",
    reason: `${name} is made of manifests without workloads, so that nothing tells whether it is installed`,
    remedy: "Compare its manifests: kubectl diff -f with the folder of the bundle.",
  };
}

function runningOf(workloads: readonly RunningWorkload[]): Pick<ComponentDrift, "running"> {
  if (workloads.length === 0) return {};
  const versions = workloads.flatMap(
    ({ appVersion, images }) => appVersion ?? images.flatMap((image) => tagOf(image) ?? []),
  );
  return {
    running: {
      workloads: workloads.length,
      ready: workloads.filter(({ ready, wanted }) => ready >= wanted).length,
      versions: [...new Set(versions)].sort(compareNames),
    },
  };
}

/** A port of the registry is no tag. */
function tagOf(image: string): string | undefined {
  return /:([^/:@]+)(?:@|$)/.exec(image)?.[1];
}
