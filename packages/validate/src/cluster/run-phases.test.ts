import { SlipwayError } from "@slipway/base";
import type { KubeApi } from "@slipway/kube";
import type { Recipe } from "@slipway/recipe";
import { expect, test } from "vitest";
import { CHECK_NAMES, type CheckName } from "../check-names.ts";
import { parseValidatorCatalog } from "../validators.ts";
import { CLUSTER_CHECKS } from "./checks/index.ts";
import type { Check, Outcome } from "./context.ts";
import { runPhases, type ContainerChecks, type PhaseDeps, type PhaseOptions } from "./run-phases.ts";

const CATALOG = parseValidatorCatalog(
  `validators:
  - {name: a, phase: deployment, check: workloads-ready, image: "a:1", remediation: Ask Ann.}
  - {name: b, phase: deployment, check: dra-support, timeout: 1s}
  - {name: c, phase: performance, image: "c:1"}
  - {name: d, phase: conformance, check: platform-health}
`,
  "c.yaml",
);

const RECIPE: Recipe = {
  kind: "RecipeResult",
  apiVersion: "x",
  metadata: { appliedOverlays: [], excludedOverlays: [], constraintWarnings: [] },
  constraints: [],
  components: [],
  deploymentOrder: [],
  validation: { deployment: { checks: ["b", "a"] }, performance: { checks: ["c"] }, conformance: { checks: ["d"] } },
};

/** Nothing here asks the cluster. */
const unasked = (): Promise<never> => Promise.reject(new Error("the cluster is asked"));
const NO_CLUSTER: KubeApi = {
  get: unasked,
  list: unasked,
  create: unasked,
  update: unasked,
  patch: unasked,
  delete: unasked,
  deleteCollection: unasked,
  watch: () => {
    throw new Error("the cluster is asked");
  },
  read: unasked,
};

const passed: Outcome = { verdict: "passed", message: "fine" };

interface Given {
  readonly checks?: Readonly<Record<string, Check>>;
  readonly containers?: Partial<ContainerChecks>;
  readonly options?: Partial<PhaseOptions>;
  readonly signal?: AbortSignal;
}

async function run({ checks = {}, containers = {}, options = {}, signal = new AbortController().signal }: Given) {
  const prepared: string[] = [];
  const after: string[] = [];
  const unused: Check = () => Promise.resolve(passed);
  const known = (name: CheckName): readonly [CheckName, Check] => [name, checks[name] ?? unused];
  const deps: PhaseDeps = {
    api: NO_CLUSTER,
    checks: { ...CLUSTER_CHECKS, ...Object.fromEntries(CHECK_NAMES.map(known)) },
    containers: {
      prepare: async () => void prepared.push("prepared"),
      run: async ({ name }) => ({ verdict: "passed", message: `container ${name}` }),
      ...containers,
    },
    now: () => 0,
    signal,
    afterPhase: async (phase, tests) => void after.push(`${phase} ${tests.length}`),
  };
  const tests = await runPhases(deps, {
    catalog: CATALOG,
    recipe: RECIPE,
    phases: ["deployment", "performance", "conformance"],
    skipChecks: [],
    preferContainers: false,
    unstatedRights: true,
    atOnce: 4,
    strict: false,
    ...options,
  });
  return {
    prepared,
    after,
    tests,
    shown: tests.map(({ name, verdict, message }) => `${name} ${verdict}: ${message ?? ""}`),
  };
}

test("checks of a phase in the order of the catalog, containers prepared once and only when one runs", async () => {
  const all = await run({});
  expect([all.shown, all.prepared, all.after]).toEqual([
    ["a passed: fine", "b passed: fine", "c passed: container c", "d passed: fine"],
    ["prepared"],
    ["deployment 2", "performance 1", "conformance 1"],
  ]);
  expect((await run({ options: { phases: ["conformance", "deployment"] } })).prepared).toEqual([]);
  const contained = await run({ options: { preferContainers: true } });
  expect(contained.shown).toEqual([
    "a passed: container a",
    "b passed: fine",
    "c passed: container c",
    "d passed: fine",
  ]);
  expect(contained.prepared).toEqual(["prepared"]);
});

test("a container for which no permissions are stated does not run unless that is allowed; nothing is prepared for it", async () => {
  const { shown, tests, prepared } = await run({
    options: { unstatedRights: false, phases: ["deployment", "performance"] },
  });
  expect(shown).toEqual([
    "a passed: fine",
    "b passed: fine",
    "c error: the catalog states no permissions for its container: give --service-account-name or --allow-cluster-admin",
  ]);
  expect(tests[2]?.remediation).toMatch(/^Write the rights that it needs under permissions/);
  expect(prepared).toEqual([]);
  const stated = parseValidatorCatalog(
    `validators: [{name: c, phase: performance, image: "c:1", permissions: []}]`,
    "c.yaml",
  );
  expect((await run({ options: { unstatedRights: false, phases: ["performance"], catalog: stated } })).shown).toEqual([
    "c passed: container c",
  ]);
});

test("after a phase that failed every check of the later ones is skipped", async () => {
  const failing: Check = async () => ({ verdict: "failed", message: "bad", lines: ["x"] });
  const { tests, shown } = await run({ checks: { "workloads-ready": failing } });
  expect(shown).toEqual([
    "a failed: bad",
    "b passed: fine",
    "c skipped: skipped - the deployment phase failed",
    "d skipped: skipped - the deployment phase failed",
  ]);
  expect(tests[0]).toEqual({
    name: "a",
    verdict: "failed",
    suite: ["deployment"],
    durationMs: 0,
    message: "bad",
    output: ["x"],
    remediation: "Ask Ann.",
  });
});

test("what a check throws is its own result, with the hint of the error; so is what cannot be prepared", async () => {
  const throwing: Check = () =>
    Promise.reject(new SlipwayError("NOT_ALLOWED", "pods is forbidden", { hint: "Get rights." }));
  const { tests, shown } = await run({
    checks: { "dra-support": throwing },
    options: { phases: ["deployment"] },
  });
  expect(shown).toEqual(["a passed: fine", "b error: pods is forbidden"]);
  expect(tests[1]?.remediation).toBe("Get rights.");
  const unprepared = await run({
    containers: { prepare: () => Promise.reject(new Error("no namespace")) },
    options: { phases: ["performance"] },
  });
  expect(unprepared.shown).toEqual(["c error: no namespace"]);
});

test("a check that is too slow is given up, also when it does not listen", async () => {
  const endless: Check = () => new Promise(() => undefined);
  const { shown } = await run({
    checks: { "workloads-ready": endless },
    options: { phases: ["deployment"], timeoutMs: 20 },
  });
  expect(shown).toEqual(["a error: no answer within 20ms", "b passed: fine"]);
});

test("Ctrl-C ends all", async () => {
  const stop = new AbortController();
  const reason = new SlipwayError("INTERRUPTED", "interrupted");
  const stopping: Check = () => {
    stop.abort(reason);
    return new Promise(() => undefined);
  };
  await expect(run({ checks: { "workloads-ready": stopping }, signal: stop.signal })).rejects.toBe(reason);
});

test("a check that is withheld is reported", async () => {
  const { shown } = await run({ options: { skipChecks: ["a", "c"] } });
  expect(shown).toEqual([
    "a skipped: skipped - asked for with --skip-check",
    "b passed: fine",
    "c skipped: skipped - asked for with --skip-check",
    "d passed: fine",
  ]);
});
