import { expect, test } from "vitest";
import { compareDrift } from "./compare-drift.ts";
import type { InstalledRelease, RunningWorkload, WantedComponent } from "./drift-model.ts";
import { driftText, driftTree } from "./drift-text.ts";

function release(name: string, more: Partial<InstalledRelease> = {}): InstalledRelease {
  return { name, namespace: "gpu", chart: name, version: "1.2.0", appVersion: "", status: "deployed", ...more };
}

function workload(release: string, more: Partial<RunningWorkload> = {}): RunningWorkload {
  return {
    kind: "Deployment",
    namespace: "gpu",
    name: `${release}-main`,
    release,
    images: ["registry.example.com:5000/team/app:3.4@sha256:abc"],
    ready: 2,
    wanted: 2,
    ...more,
  };
}

function verdictOf(
  component: Partial<WantedComponent>,
  releases: readonly InstalledRelease[],
  workloads: readonly RunningWorkload[] = [],
): readonly string[] {
  const wanted = { name: "app", version: "1.2.0", namespace: "gpu", ...component };
  const { components } = compareDrift({ components: [wanted], releases, workloads });
  const { verdict = "none", reason = "", remedy = "" } = components.find(({ component }) => component === "app") ?? {};
  return [verdict, reason, remedy];
}

const UPGRADE = "Deploy app from a bundle of the recipe to upgrade it.";
const ANEW = (version: string): string =>
  `Make the recipe anew if ${version} is right; else deploy app from its bundle.`;

test.each<
  [string, Partial<WantedComponent>, readonly InstalledRelease[], readonly RunningWorkload[], readonly string[]]
>([
  ["in step", {}, [release("app")], [workload("app")], ["in step", "", ""]],
  ["no v makes no difference", { version: "v1.2.0" }, [release("app")], [], ["in step", "", ""]],
  ["any version will do", { version: undefined }, [release("app")], [], ["in step", "", ""]],
  ["found by its chart", { chart: "nvidia/the-app" }, [release("x", { chart: "the-app" })], [], ["in step", "", ""]],
  [
    "called otherwise",
    { release: "my-app" },
    [release("my-app"), release("app", { version: "0" })],
    [],
    ["in step", "", ""],
  ],
  [
    "here before elsewhere",
    {},
    [release("app", { namespace: "other", version: "9" }), release("app")],
    [],
    ["in step", "", ""],
  ],
  [
    "missing",
    {},
    [release("other")],
    [],
    [
      "missing",
      "no release of app 1.2.0 is installed",
      "Install it: make a bundle of the recipe and deploy app from it.",
    ],
  ],
  [
    "behind",
    {},
    [release("app", { version: "1.1.9" })],
    [],
    ["behind", "1.1.9 is installed, and the recipe wants 1.2.0", UPGRADE],
  ],
  [
    "ahead",
    {},
    [release("app", { version: "1.10.0" })],
    [],
    ["ahead", "1.10.0 is installed, and the recipe wants 1.2.0", ANEW("1.10.0")],
  ],
  [
    "other version",
    {},
    [release("app", { version: "main" })],
    [],
    ["other version", "main is installed, and the recipe wants 1.2.0", ANEW("main")],
  ],
  [
    "unknown version",
    {},
    [release("app", { version: "", status: "" })],
    [],
    [
      "unknown",
      "the version of the release app is not known; the recipe wants 1.2.0",
      "Run it as somebody who may read Helm's Secrets.",
    ],
  ],
  [
    "failed goes before its version",
    {},
    [release("app", { status: "failed", version: "1.1.0" })],
    [],
    [
      "failed release",
      "Helm says that the release app is failed",
      "See why with helm history app -n gpu, put it right and deploy it again.",
    ],
  ],
  [
    "in progress",
    {},
    [release("app", { status: "pending-upgrade" })],
    [],
    [
      "in progress",
      "Helm says that the release app is pending-upgrade",
      "Wait for it; if nothing works on it any more: helm rollback app -n gpu.",
    ],
  ],
  [
    "other namespace",
    {},
    [release("app", { namespace: "default" })],
    [],
    [
      "other namespace",
      "it is installed in the namespace default in place of gpu",
      "Uninstall it there (helm uninstall app -n default) and deploy it from the bundle.",
    ],
  ],
  [
    "something else runs",
    {},
    [release("app")],
    [
      workload("app", { chartVersion: "1.2.0" }),
      workload("app", { name: "b", kind: "DaemonSet", chartVersion: "1.1.0" }),
    ],
    [
      "runs something else",
      "DaemonSet gpu/b is of chart version 1.1.0, and Helm says that 1.2.0 is installed",
      "See who changed it (kubectl get daemonset b -n gpu -o yaml --show-managed-fields) and deploy it again.",
    ],
  ],
  [
    "a plus is an underscore in labels",
    { version: "1.2.0+b1" },
    [release("app", { version: "1.2.0+b1" })],
    [workload("app", { chartVersion: "1.2.0_b1" })],
    ["in step", "", ""],
  ],
  [
    "not ready",
    {},
    [release("app")],
    [workload("app", { ready: 1 }), workload("app", { ready: 0, name: "b" }), workload("else", { ready: 0 })],
    [
      "not ready",
      "Deployment gpu/app-main has 1 of 2 pods ready, and 1 more",
      "See why: kubectl describe deployment app-main -n gpu; if app was installed just now, wait.",
    ],
  ],
  ["manifests that run", { isHelm: false, version: undefined }, [], [workload("app")], ["in step", "", ""]],
  [
    "manifests without a trace",
    { isHelm: false },
    [release("app")],
    [workload("app", { namespace: "other" })],
    [
      "unknown",
      "app is made of manifests without workloads, so that nothing tells whether it is installed",
      "Compare its manifests: kubectl diff -f with the folder of the bundle.",
    ],
  ],
])("%s", (_, component, releases, workloads, expected) => {
  expect(verdictOf(component, releases, workloads)).toEqual(expected);
});

const DRIFT = compareDrift({
  components: [
    { name: "gpu-operator", version: "v25.10.0", namespace: "gpu" },
    { name: "cert-manager", version: "v1.17.2", namespace: "cert-manager" },
    { name: "kai", version: "0.9.0" },
  ],
  releases: [
    release("gpu-operator", { version: "v25.3.0" }),
    release("kai", { version: "0.9.0" }),
    release("zoo\u001b[2J", { chart: "" }),
  ],
  workloads: [workload("gpu-operator"), workload("kai", { appVersion: "v0.9.0", namespace: "gpu" })],
});

test("drift is told in a line a component, then what to do", () => {
  expect(driftText(DRIFT)).toBe(`COMPONENT        WANTED     INSTALLED   RUNNING   READY   VERDICT
gpu-operator     v25.10.0   v25.3.0     3.4       1/1     behind
cert-manager     v1.17.2    -           -         -       missing
kai              0.9.0      0.9.0       v0.9.0    1/1     in step
"zoo\\u001b[2J"   -          1.2.0       -         -       not in recipe

gpu-operator: v25.3.0 is installed, and the recipe wants v25.10.0.
  Deploy gpu-operator from a bundle of the recipe to upgrade it.

cert-manager: no release of cert-manager v1.17.2 is installed.
  Install it: make a bundle of the recipe and deploy cert-manager from it.

2 of 3 components are not in step.
`);
  expect(DRIFT.inStep).toBe(false);
});

test("what the recipe does not ask for is told and changes nothing", () => {
  const drift = compareDrift({
    components: [{ name: "app" }],
    releases: [release("app"), release("b")],
    workloads: [],
  });
  expect([drift.inStep, drift.components.map(({ verdict }) => verdict)]).toEqual([true, ["in step", "not in recipe"]]);
  expect(driftText(drift, (verdict, text) => `<${verdict}>${text}`))
    .toBe(`COMPONENT   WANTED   INSTALLED   RUNNING   READY   VERDICT
app         -        1.2.0       -         -       <in step>in step
b           -        1.2.0       -         -       <not in recipe>not in recipe

All components are in step.
`);
});

test("a recipe without components is in step", () => {
  const drift = compareDrift({ components: [], releases: [], workloads: [] });
  expect([drift.inStep, driftText(drift)]).toEqual([true, "The recipe has no components, and nothing is installed.\n"]);
});

test("the document has the three sides of each component", () => {
  const drift = compareDrift({
    components: [{ name: "app", version: "1.1.0", namespace: "gpu" }],
    releases: [release("app")],
    workloads: [workload("app")],
  });
  expect(driftTree(drift)).toEqual({
    kind: "Drift",
    inStep: false,
    components: [
      {
        component: "app",
        verdict: "ahead",
        reason: "1.2.0 is installed, and the recipe wants 1.1.0",
        remedy: "Make the recipe anew if 1.2.0 is right; else deploy app from its bundle.",
        wanted: { version: "1.1.0", namespace: "gpu" },
        installed: {
          name: "app",
          namespace: "gpu",
          chart: "app",
          version: "1.2.0",
          appVersion: "",
          status: "deployed",
        },
        running: { workloads: 1, ready: 1, versions: ["3.4"] },
      },
    ],
  });
});

test("what was not found is unknown where not all could be seen", () => {
  const components = [{ name: "app", version: "1.2.0" }];
  const { components: found, inStep } = compareDrift({ components, releases: [], workloads: [], isPartial: true });
  expect([inStep, found]).toEqual([
    false,
    [
      {
        component: "app",
        verdict: "unknown",
        reason: "nothing is seen of app, and not all that Helm has installed could be read",
        remedy: "Run it as somebody who may read Helm's Secrets.",
        wanted: { version: "1.2.0", namespace: undefined },
      },
    ],
  ]);
});
