import { expect, test } from "vitest";
import { planPhase, requireKnownChecks, selectPhases } from "./select-checks.ts";
import { isFailing, testsWithoutCluster } from "./planned-tests.ts";
import { parseValidatorCatalog } from "./validators.ts";

const CATALOG = parseValidatorCatalog(
  `validators:
  - {name: operator-health, phase: deployment, check: operator-health, components: [gpu-operator]}
  - {name: workloads-ready, phase: deployment, check: workloads-ready, always: true}
  - {name: own, phase: deployment, image: "i:1"}
  - {name: nccl, phase: performance, image: "i:1"}
  - {name: robust, phase: conformance, image: "i:1", components: [dynamo, trainer]}
`,
  "c.yaml",
);

test.each([
  [[], ["deployment", "performance", "conformance"]],
  [
    ["performance", "all"],
    ["deployment", "performance", "conformance"],
  ],
  [
    ["conformance", "deployment", "conformance"],
    ["conformance", "deployment"],
  ],
  [["readiness"], ["readiness"]],
])("--phase %j", (words, phases) => {
  expect(selectPhases(words)).toEqual(phases);
});

test.each([
  ["deploment", 'Did you mean "deployment"?'],
  ["Performance", 'Did you mean "performance"?'],
  ["", undefined],
])("--phase %j is refused", (word, hint) => {
  expect(() => selectPhases(["deployment", word])).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: `--phase: "${word}" is no phase: readiness, deployment, performance, conformance, all`,
      hint,
    }),
  );
});

const recipe = (checks: readonly string[], components: readonly string[] = []) => ({
  validation: { deployment: { checks } },
  components: components.map((name) => ({ name })),
});

test.each([
  [
    ["operator-helth"],
    [],
    "INVALID_INPUT",
    'the deployment phase has no check "operator-helth"',
    'Did you mean "operator-health"?',
  ],
  [["nccl"], [], "INVALID_INPUT", 'the deployment phase has no check "nccl"', "It belongs to the performance phase."],
  [[], ["robusd"], "USAGE", '--skip-check: there is no check "robusd"', 'Did you mean "robust"?'],
  [
    ["zzz"],
    [],
    "INVALID_INPUT",
    'the deployment phase has no check "zzz"',
    "There are: operator-health, workloads-ready, own.",
  ],
])("a check that is not there: %j %j", (checks, skipped, code, message, hint) => {
  expect(() => requireKnownChecks(CATALOG, recipe(checks), skipped)).toThrow(
    expect.objectContaining({ code, message, hint }),
  );
});

test("checks that are there are let through; a catalog without any says so", () => {
  requireKnownChecks(CATALOG, recipe(["own", "operator-health"]), ["nccl"]);
  expect(() => requireKnownChecks({ validators: [] }, recipe(["own"]), [])).toThrow(
    expect.objectContaining({
      place: { field: "validation.deployment.checks[0]" },
      hint: "The catalog (validators/catalog.yaml) has no checks for it.",
    }),
  );
});

test("a phase has the checks that the recipe names, in the order of the catalog, and those that always run", () => {
  const plan = (checks: readonly string[], components: readonly string[], skipped: readonly string[]) =>
    planPhase("deployment", CATALOG, recipe(checks, components), skipped).map((planned) => [
      planned.validator.name,
      planned.skipped,
    ]);
  expect(plan(["own", "operator-health"], ["gpu-operator"], ["own"])).toEqual([
    ["operator-health", undefined],
    ["workloads-ready", undefined],
    ["own", "skipped - asked for with --skip-check"],
  ]);
  expect(plan(["operator-health"], [], [])).toEqual([
    ["operator-health", "skipped - the recipe has no gpu-operator"],
    ["workloads-ready", undefined],
  ]);
  const named = { validation: { conformance: { checks: ["robust"] } }, components: [] };
  expect(planPhase("conformance", CATALOG, named, [])[0]?.skipped).toBe(
    "skipped - the recipe has no dynamo and no trainer",
  );
});

test("without a cluster every check of the phases is skipped, in the order of the phases", () => {
  expect(testsWithoutCluster(CATALOG, ["performance", "deployment"])).toEqual(
    [
      ["nccl", "performance"],
      ["operator-health", "deployment"],
      ["workloads-ready", "deployment"],
      ["own", "deployment"],
    ].map(([name, phase]) => ({
      name,
      verdict: "skipped",
      suite: [phase],
      durationMs: 0,
      message: "skipped - no-cluster mode",
    })),
  );
});

test("what fails, and what fails only when strictness is asked for", () => {
  const table = (["passed", "failed", "skipped", "error", "warning"] as const).map((verdict) =>
    [["readiness"], ["deployment"]].map((suite) =>
      [false, true].map((strict) => isFailing({ verdict, suite }, { strict })),
    ),
  );
  expect(table).toEqual([
    [
      [false, false],
      [false, false],
    ],
    [
      [true, true],
      [true, true],
    ],
    [
      [false, true],
      [false, false],
    ],
    [
      [false, true],
      [true, true],
    ],
    [
      [false, true],
      [false, true],
    ],
  ]);
});
