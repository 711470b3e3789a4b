/** What a recipe wants of a component. */
export interface WantedComponent {
  readonly name: string;
  /** Version of its chart; absent: any. */
  readonly version?: string | undefined;
  readonly namespace?: string | undefined;
  /** Name of its Helm release; default: the component's name. */
  readonly release?: string | undefined;
  /** Name of its chart, to find a release that is called otherwise. */
  readonly chart?: string | undefined;
  /** False for what is made of manifests alone, of which Helm knows nothing. Default true. */
  readonly isHelm?: boolean | undefined;
}

/** What Helm says is installed: the newest revision of a release. */
export interface InstalledRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  /** Version of the chart; empty when it is not known. */
  readonly version: string;
  /** Version of what the chart installs; empty when it is not known. */
  readonly appVersion: string;
  /** Helm's word: `deployed`, `failed`, `pending-upgrade`, …; empty when it is not known. */
  readonly status: string;
}

/** What the cluster runs for a release. */
export interface RunningWorkload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The release that it belongs to (`app.kubernetes.io/instance`, or `meta.helm.sh/release-name`); absent: none. */
  readonly release?: string | undefined;
  /** Version of the chart that made it (`helm.sh/chart`); absent: not known. */
  readonly chartVersion?: string | undefined;
  /** `app.kubernetes.io/version`; absent: not known. */
  readonly appVersion?: string | undefined;
  readonly images: readonly string[];
  readonly ready: number;
  readonly wanted: number;
}

/** The three that are compared. */
export interface DriftInput {
  readonly components: readonly WantedComponent[];
  readonly releases: readonly InstalledRelease[];
  readonly workloads: readonly RunningWorkload[];
  /** There may be releases that could not be seen: one that was not found is then unknown, not missing. */
  readonly isPartial?: boolean | undefined;
}

/** How a component stands. */
export const VERDICTS = [
  "in step",
  "missing",
  "behind",
  "ahead",
  "other version",
  "failed release",
  "in progress",
  "not ready",
  "runs something else",
  "other namespace",
  "unknown",
  "not in recipe",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A component, or a release that no component asks for. */
export interface ComponentDrift {
  readonly component: string;
  readonly verdict: Verdict;
  /** What is wrong, as a sentence; empty when nothing is. */
  readonly reason: string;
  /** What to do about it; empty when nothing is to be done. */
  readonly remedy: string;
  readonly wanted?: { readonly version?: string | undefined; readonly namespace?: string | undefined } | undefined;
  readonly installed?: InstalledRelease | undefined;
  readonly running?:
    | { readonly workloads: number; readonly ready: number; readonly versions: readonly string[] }
    | undefined;
}

/** How a cluster stands to a recipe. */
export interface Drift {
  readonly components: readonly ComponentDrift[];
  /** Whether every component of the recipe is in step. What is not in the recipe does not count. */
  readonly inStep: boolean;
}
