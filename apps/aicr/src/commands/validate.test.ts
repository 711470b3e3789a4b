import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recipe, snapshot, validationWorkplace as workplace } from "../testing/validation.ts";

const NOT_MEASURED = "[cli] warning: OS.release.ID is skipped: not measured\n";
const TAKE = "Take a snapshot that has it: aicr snapshot --agent measures on a GPU node.";
const MILLISECONDS = new Date("2026-01-02T03:04:05.678Z").getTime();

test("without a cluster: the constraints, and every check as skipped", async () => {
  await workplace(async ({ both }) => {
    const { exit, out, err } = await both("validate -r r.yaml -s good.json --no-cluster --data data");
    expect([exit, err]).toEqual([0, `${NOT_MEASURED}[cli] validation passed: 1 passed, 5 skipped\n`]);
    const skipped = (name: string, phase: string) => ({
      name,
      status: "skipped",
      duration: 0,
      suite: [phase],
      message: "skipped - no-cluster mode",
    });
    expect(JSON.parse(out)).toEqual({
      reportFormat: "CTRF",
      specVersion: "0.0.1",
      timestamp: "2026-01-02T03:04:05.678Z",
      generatedBy: "aicr",
      results: {
        tool: { name: "aicr", version: "1.2.3" },
        summary: {
          tests: 6,
          passed: 1,
          failed: 0,
          skipped: 5,
          pending: 0,
          other: 0,
          start: MILLISECONDS,
          stop: MILLISECONDS,
        },
        tests: [
          {
            name: "K8s.server.version",
            status: "passed",
            duration: 0,
            suite: ["readiness"],
            extra: { expected: ">= 1.32", actual: "v1.33.1" },
          },
          {
            name: "OS.release.ID",
            status: "skipped",
            duration: 0,
            suite: ["readiness"],
            message: "not measured",
            extra: { expected: "ubuntu", remediation: TAKE },
          },
          skipped("operator-health", "deployment"),
          skipped("smi", "deployment"),
          skipped("nccl", "performance"),
          skipped("dra-support", "conformance"),
        ],
      },
    });
  });
});

test("a constraint that is not met: what to do, and 1, also with --fail-on-error=false unless readiness was asked for", async () => {
  await workplace(async ({ both, cwd }) => {
    const failed =
      "error: validation failed: 1 failed, 5 skipped; first K8s.server.version: expected >= 1.32, got v1.30.4\n" +
      "  Upgrade from v1.30.4 to >= 1.32.\n";
    const line = "validate -r r.yaml -s old.json --no-cluster --data data";
    const { exit, out, err } = await both(line);
    expect([exit, err]).toEqual([1, NOT_MEASURED + failed]);
    expect(JSON.parse(out)).toMatchObject({
      results: {
        summary: { tests: 6, failed: 1, skipped: 5 },
        tests: [
          { name: "K8s.server.version", status: "failed", extra: { remediation: "Upgrade from v1.30.4 to >= 1.32." } },
          { name: "OS.release.ID" },
          { name: "operator-health", message: "skipped - the cluster is not ready" },
          { name: "smi" },
          { name: "nccl" },
          { name: "dra-support" },
        ],
      },
    });
    expect((await both(`${line} --fail-on-error=false`)).exit).toBe(1);
    const asked = await both(`${line} --fail-on-error=false --phase readiness -o report.json`);
    expect(asked).toEqual({
      exit: 0,
      out: "",
      err: `${NOT_MEASURED}[cli] validation failed: 1 failed, 1 skipped\n`,
    });
    expect(JSON.parse(await readFile(join(cwd, "report.json"), "utf8"))).toMatchObject({ reportFormat: "CTRF" });
  });
});

test("--strict fails on what could not be told", async () => {
  await workplace(async ({ both }) => {
    const { exit, err } = await both("validate -r r.yaml -s good.json --no-cluster --data data --strict");
    expect([exit, err]).toEqual([
      1,
      `${NOT_MEASURED}error: validation failed: 1 passed, 5 skipped; first OS.release.ID: not measured\n  ${TAKE}\n`,
    ]);
  });
});

test("where all was skipped nothing passed; where several failed all are named", async () => {
  await workplace(
    async ({ both }) => {
      const line = "--no-cluster --data data --phase readiness -s";
      const { exit, err } = await both(`validate -r os.yaml ${line} good.json`);
      expect([exit, err]).toEqual([0, `${NOT_MEASURED}[cli] warning: nothing was tested: 1 skipped\n`]);
      expect((await both(`validate -r two.yaml ${line} old.json`)).err.split("\n")[0]).toBe(
        "error: validation failed: 2 failed; failed: K8s.server.version, K8s.server.platform; first K8s.server.version: expected >= 1.32, got v1.30.4",
      );
    },
    {
      "os.yaml": recipe("").replace(/^ {2}- \{name: K8s.*\n/m, ""),
      "two.yaml": recipe("").replace("OS.release.ID, value: ubuntu", "K8s.server.platform, value: linux/arm64"),
      "old.json": snapshot("v1.30.4").replace('"version"', '"platform":"linux/amd64","version"'),
    },
  );
});

test("phases in the order given; a table for people, lines for a pipe", async () => {
  await workplace(async ({ run }) => {
    const line = "validate -r r.yaml good.json --no-cluster --data data --phase conformance,performance -t table";
    expect((await run(line)).out).toBe(
      "passed\treadiness\tK8s.server.version\t\n" +
        "skipped\treadiness\tOS.release.ID\tnot measured\n" +
        "skipped\tconformance\tdra-support\tskipped - no-cluster mode\n" +
        "skipped\tperformance\tnccl\tskipped - no-cluster mode\n",
    );
    expect(
      (await run("validate -r r.yaml old.json --no-cluster --data data --phase readiness -t table", { tty: true })).out,
    ).toBe(
      `STATUS    PHASE       TEST                 MESSAGE
failed    readiness   K8s.server.version   expected >= 1.32, got v1.30.4
skipped   readiness   OS.release.ID        not measured

1 failed, 1 skipped

What to do:
  K8s.server.version: Upgrade from v1.30.4 to >= 1.32.
  OS.release.ID: ${TAKE}
`,
    );
  });
});

test("JUnit and SARIF", async () => {
  await workplace(async ({ both }) => {
    const line = "validate -r r.yaml -s old.json --no-cluster --data data --phase readiness --format";
    expect((await both(`${line} junit`)).out).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aicr" tests="2" failures="1" errors="0" time="0.000">
  <testsuite name="readiness" tests="2" failures="1" errors="0" skipped="1" time="0.000" timestamp="2026-01-02T03:04:05">
    <testcase classname="readiness" name="K8s.server.version" time="0.000">
      <failure message="expected &gt;= 1.32, got v1.30.4">expected &gt;= 1.32, got v1.30.4&#10;Upgrade from v1.30.4 to &gt;= 1.32.</failure>
    </testcase>
    <testcase classname="readiness" name="OS.release.ID" time="0.000">
      <skipped message="not measured">${TAKE}</skipped>
    </testcase>
  </testsuite>
</testsuites>
`);
    expect(JSON.parse((await both(`${line} sarif`)).out)).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          results: [
            { ruleId: "readiness/K8s.server.version", level: "error" },
            { ruleId: "readiness/OS.release.ID", kind: "open", level: "none" },
          ],
        },
      ],
    });
  });
});

test.each([
  [
    "validate -s good.json",
    2,
    "error: --recipe is missing: what should the cluster be?\n  Make a recipe with aicr recipe, or give rules of your own with --policy.\n",
  ],
  [
    "validate -r r.yaml --no-cluster",
    2,
    "error: --no-cluster needs --snapshot: without either nothing was measured\n  Take one with aicr snapshot.\n",
  ],
  [
    "validate -r r.yaml -s good.json --no-cluster --phase deploment",
    2,
    'error: --phase: "deploment" is no phase: readiness, deployment, performance, conformance, all\n  Did you mean "deployment"?\n',
  ],
  [
    "validate -r r.yaml -s good.json --no-cluster --skip-check operator-helth",
    2,
    'error: --skip-check: there is no check "operator-helth"\n  Did you mean "operator-health"?\n',
  ],
  [
    "validate -r bad.yaml -s good.json --no-cluster",
    2,
    'error: bad.yaml: validation.deployment.checks[0]: the deployment phase has no check "operator-helth"\n  Did you mean "operator-health"?\n',
  ],
  [
    "validate -r good.json -s good.json --no-cluster",
    2,
    'error: good.json:1:3: kind: expected a recipe, found a document of kind "Snapshot"\n  Make a recipe with aicr recipe.\n',
  ],
  [
    "validate -r r.yaml -s r.yaml --no-cluster",
    2,
    "error: r.yaml: expected a Snapshot, found a document without measurements\n  Take one with aicr snapshot.\n",
  ],
  ["validate -r r.yaml -s none.json --no-cluster", 3, /^error: none\.json: /],
  ["validate -r - -s - --no-cluster", 2, "error: only one document can come from standard input\n"],
  [
    "validate -r r.yaml -s good.json --no-cluster --run-containers",
    2,
    "error: --run-containers means nothing with --no-cluster, which runs no check\n",
  ],
  [
    "validate -r r.yaml -s good.json --no-cluster --workers 4",
    2,
    "error: --workers means nothing with --no-cluster, which runs no check\n",
  ],
  [
    "validate -r r.yaml -s good.json --agent",
    2,
    "error: --agent measures a node, and a snapshot says what was measured: give one of them\n",
  ],
  ["validate -r r.yaml -s good.json --workers 0", 2, "error: 0 workers check nothing: --workers is 1 or more\n"],
  ["validate -r r.yaml -s good.json --data data", 2, /^error: --data is given twice\n/],
  ["validate -r r.yaml -r r.yaml", 2, /^error: -r is given twice\n/],
  [
    "validate -r r.yaml -s good.json --format xml",
    2,
    /^error: --format takes ctrf, junit, sarif or table, not "xml"\n/,
  ],
])("%s", async (line, exit, err) => {
  await workplace(
    async ({ both }) => {
      const seen = await both(`${line} --data data`);
      expect([seen.exit, seen.out]).toEqual([exit, ""]);
      expect(seen.err).toMatch(err);
    },
    { "bad.yaml": recipe("operator-helth") },
  );
});

const FLEET = `kind: FleetSnapshot
apiVersion: aicr.nvidia.com/v1alpha1
common: [{type: K8s, subtypes: [{subtype: server, data: {version: v1.33.1}}]}]
notMeasured: [{node: c, reason: no answer}]
nodes:
  - {node: a, pool: p}
  - node: b
    pool: p
    measurements: [{type: OS, subtypes: [{subtype: release, data: {ID: rhel}}]}]
`;

test("a fleet is tested node by node", async () => {
  await workplace(
    async ({ run }) => {
      const { exit, out, err } = await run(
        "validate -r r.yaml -s fleet.yaml --no-cluster --data data --phase readiness -t table",
      );
      expect({ exit, out, err }).toEqual({
        exit: 1,
        out: expect.any(String),
        err:
          "[cli] warning: c was not measured: no answer\n" +
          "[cli] warning: OS.release.ID on a is skipped: not measured\n" +
          "error: validation failed: 2 passed, 1 failed, 1 skipped; first OS.release.ID: expected ubuntu, got rhel\n" +
          "  Bring OS.release.ID to what the recipe asks for (ubuntu) and take a new snapshot, or make a recipe for what the cluster has: aicr recipe --snapshot.\n",
      });
    },
    { "fleet.yaml": FLEET },
  );
});

test("--schema tells what is wrong with a document, and where", async () => {
  await workplace(
    async ({ both, cwd }) => {
      expect(await both("validate --schema v1 good.json")).toEqual({
        exit: 0,
        out: "good.json: a valid Snapshot\n",
        err: "",
      });
      expect(await both("validate --schema v1 bad.yaml")).toEqual({
        exit: 1,
        out:
          'bad.yaml:1:1: the field "componentRefs" is missing\n' +
          'bad.yaml:3:1: componentRef: unknown field "componentRef". Did you mean "componentRefs"?\n',
        err: "error: bad.yaml: not a valid RecipeResult: 2 problems\n",
      });
      expect(await both("validate --schema recipecriteria -r r.yaml")).toMatchObject({ exit: 1 });
      expect(await both("validate --schema Snapshat good.json")).toEqual({
        exit: 2,
        out: "",
        err: 'error: --schema: there is no schema "Snapshat"\n  Did you mean "Snapshot"?\n',
      });
      expect((await both("validate --schema v1")).err).toBe(
        "error: --schema needs a document to check: aicr validate --schema v1 DOCUMENT\n",
      );
      await writeFile(join(cwd, "none.yaml"), "a: 1\n");
      expect((await both("validate --schema v1 none.yaml")).err).toMatch(
        /^error: none\.yaml: kind: the document does not say its kind, so that no schema can be chosen\n/,
      );
    },
    { "bad.yaml": "kind: RecipeResult\napiVersion: aicr.nvidia.com/v1\ncomponentRef: []\ndeploymentOrder: []\n" },
  );
});

test("what the command itself prints keeps to its schema", async () => {
  await workplace(async ({ run, cwd }) => {
    await run("validate -r r.yaml -s old.json --no-cluster --data data -o report.json");
    await run("recipe -o recipe.yaml");
    expect([await run("validate --schema v1 report.json"), await run("validate --schema v1 recipe.yaml")]).toEqual([
      { exit: 0, out: "report.json: a valid CtrfReport\n", err: "" },
      { exit: 0, out: "recipe.yaml: a valid RecipeResult\n", err: "" },
    ]);
    expect(cwd).not.toBe("");
  });
});
