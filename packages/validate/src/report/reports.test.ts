import { XMLParser, XMLValidator } from "fast-xml-parser";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ctrfTree } from "./ctrf.ts";
import { junitText } from "./junit.ts";
import { keptLines, verdictText, type Report, type Test } from "./model.ts";
import { REPORT_COLUMNS, remedies, reportRows } from "./rows.ts";
import { sarifTree } from "./sarif.ts";

const REPORT: Report = {
  tool: { name: "aicr", version: "1.2.3" },
  start: 1_767_323_045_000,
  stop: 1_767_323_047_500,
  tests: [
    {
      name: "K8s.server.version",
      verdict: "passed",
      suite: ["readiness"],
      durationMs: 0,
      expected: ">= 1.32",
      actual: "v1.33.1",
    },
    {
      name: "OS.release.ID",
      verdict: "failed",
      suite: ["readiness", "node-a"],
      durationMs: 0,
      message: "expected ubuntu, got rhel",
      expected: "ubuntu",
      actual: "rhel",
      remediation: "Use a node image of that system.",
    },
    {
      name: "operator-health",
      verdict: "error",
      suite: ["deployment"],
      durationMs: 1234.5,
      message: "no answer within 2m",
    },
    {
      name: "no-latest",
      verdict: "warning",
      suite: ["policy", "p.yaml"],
      durationMs: 3,
      message: "a tag",
      place: { file: "p.yaml", line: 7, column: 5 },
    },
    {
      name: "dra-support",
      verdict: "skipped",
      suite: ["conformance"],
      durationMs: 0,
      message: "skipped - no-cluster mode",
    },
    {
      name: "platform-health",
      verdict: "passed",
      suite: ["conformance"],
      durationMs: 20,
      message: "all runs",
      output: ["Deployment a/b: 1 of 1 ready"],
    },
  ],
};

test("CTRF, as release 0.11.1 writes it, with what it lacks below extra", () => {
  expect(ctrfTree(REPORT)).toEqual({
    reportFormat: "CTRF",
    specVersion: "0.0.1",
    timestamp: "2026-01-02T03:04:07.500Z",
    generatedBy: "aicr",
    results: {
      tool: { name: "aicr", version: "1.2.3" },
      summary: {
        tests: 6,
        passed: 2,
        failed: 1,
        skipped: 1,
        pending: 0,
        other: 2,
        start: 1_767_323_045_000,
        stop: 1_767_323_047_500,
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
          status: "failed",
          duration: 0,
          suite: ["readiness", "node-a"],
          message: "expected ubuntu, got rhel",
          extra: { expected: "ubuntu", actual: "rhel", remediation: "Use a node image of that system." },
        },
        {
          name: "operator-health",
          status: "other",
          duration: 1235,
          rawStatus: "error",
          suite: ["deployment"],
          message: "no answer within 2m",
        },
        {
          name: "no-latest",
          status: "other",
          duration: 3,
          rawStatus: "warning",
          suite: ["policy", "p.yaml"],
          message: "a tag",
        },
        {
          name: "dra-support",
          status: "skipped",
          duration: 0,
          suite: ["conformance"],
          message: "skipped - no-cluster mode",
        },
        {
          name: "platform-health",
          status: "passed",
          duration: 20,
          suite: ["conformance"],
          message: "all runs",
          stdout: ["Deployment a/b: 1 of 1 ready"],
        },
      ],
    },
  });
});

test("JUnit: a suite for each phase, failures and errors told apart", () => {
  expect(junitText(REPORT)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aicr" tests="6" failures="1" errors="1" time="2.500">
  <testsuite name="readiness" tests="1" failures="0" errors="0" skipped="0" time="0.000" timestamp="2026-01-02T03:04:05">
    <testcase classname="readiness" name="K8s.server.version" time="0.000"/>
  </testsuite>
  <testsuite name="readiness/node-a" tests="1" failures="1" errors="0" skipped="0" time="0.000" timestamp="2026-01-02T03:04:05">
    <testcase classname="readiness.node-a" name="OS.release.ID" time="0.000">
      <failure message="expected ubuntu, got rhel">expected ubuntu, got rhel&#10;Use a node image of that system.</failure>
    </testcase>
  </testsuite>
  <testsuite name="deployment" tests="1" failures="0" errors="1" skipped="0" time="1.234" timestamp="2026-01-02T03:04:05">
    <testcase classname="deployment" name="operator-health" time="1.234">
      <error message="no answer within 2m">no answer within 2m</error>
    </testcase>
  </testsuite>
  <testsuite name="policy/p.yaml" tests="1" failures="0" errors="0" skipped="0" time="0.003" timestamp="2026-01-02T03:04:05">
    <testcase classname="policy.p.yaml" name="no-latest" time="0.003">
      <system-out>warning: a tag</system-out>
    </testcase>
  </testsuite>
  <testsuite name="conformance" tests="2" failures="0" errors="0" skipped="1" time="0.020" timestamp="2026-01-02T03:04:05">
    <testcase classname="conformance" name="dra-support" time="0.000">
      <skipped message="skipped - no-cluster mode"/>
    </testcase>
    <testcase classname="conformance" name="platform-health" time="0.020">
      <system-out>all runs&#10;Deployment a/b: 1 of 1 ready</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test("SARIF: a result for each failure, at the file that asks for it", () => {
  const place = (uri: string, region: object): object => ({ physicalLocation: { artifactLocation: { uri }, region } });
  expect(sarifTree(REPORT, "my recipes/r.yaml")).toEqual({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "aicr",
            version: "1.2.3",
            rules: [
              {
                id: "readiness/OS.release.ID",
                shortDescription: { text: "OS.release.ID" },
                help: { text: "Use a node image of that system." },
              },
              { id: "deployment/operator-health", shortDescription: { text: "operator-health" } },
              { id: "policy/no-latest", shortDescription: { text: "no-latest" } },
            ],
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            startTimeUtc: "2026-01-02T03:04:05.000Z",
            endTimeUtc: "2026-01-02T03:04:07.500Z",
          },
        ],
        results: [
          {
            ruleId: "readiness/OS.release.ID",
            ruleIndex: 0,
            level: "error",
            message: { text: "node-a: expected ubuntu, got rhel Use a node image of that system." },
            locations: [place("my%20recipes/r.yaml", { startLine: 1 })],
          },
          {
            ruleId: "deployment/operator-health",
            ruleIndex: 1,
            level: "error",
            message: { text: "no answer within 2m" },
            locations: [place("my%20recipes/r.yaml", { startLine: 1 })],
          },
          {
            ruleId: "policy/no-latest",
            ruleIndex: 2,
            level: "warning",
            message: { text: "p.yaml: a tag" },
            locations: [place("p.yaml", { startLine: 7, startColumn: 5 })],
          },
        ],
      },
    ],
  });
});

test("the table puts first what needs somebody; a remedy that tests share is given once", () => {
  expect([REPORT_COLUMNS, ...reportRows(REPORT)].map((row) => row.slice(0, 3).join(" "))).toEqual([
    "status phase test",
    "failed readiness/node-a OS.release.ID",
    "error deployment operator-health",
    "warning policy/p.yaml no-latest",
    "passed readiness K8s.server.version",
    "passed conformance platform-health",
    "skipped conformance dra-support",
  ]);
  const failed: Test = {
    name: "other",
    verdict: "failed",
    suite: ["readiness", "b"],
    durationMs: 0,
    remediation: "Use a node image of that system.",
  };
  expect(remedies({ ...REPORT, tests: [...REPORT.tests, failed] })).toEqual([
    "OS.release.ID, other: Use a node image of that system.",
  ]);
  expect([verdictText(REPORT.tests), verdictText([])]).toEqual([
    "2 passed, 1 failed, 1 skipped, 1 error, 1 warning",
    "no tests",
  ]);
});

test("a skip that somebody can do something about says so in every form", () => {
  const skip: Test = {
    name: "GPU.smi.driver",
    verdict: "skipped",
    suite: ["readiness"],
    durationMs: 0,
    message: "not measured",
    remediation: "Take a snapshot that has it.",
  };
  const report = { ...REPORT, tests: [skip] };
  expect(ctrfTree(report)).toMatchObject({
    results: { tests: [{ status: "skipped", extra: { remediation: "Take a snapshot that has it." } }] },
  });
  expect(junitText(report)).toContain('<skipped message="not measured">Take a snapshot that has it.</skipped>\n');
  expect(sarifTree(report, "r.yaml")).toMatchObject({
    runs: [
      { results: [{ kind: "open", level: "none", message: { text: "not measured Take a snapshot that has it." } }] },
    ],
  });
  expect(remedies(report)).toEqual(["GPU.smi.driver: Take a snapshot that has it."]);
});

test("output is kept to its last 1000 lines of 512 signs", () => {
  expect(keptLines("")).toEqual([]);
  expect(keptLines("a\r\nb\n")).toEqual(["a", "b"]);
  const many = keptLines(Array.from({ length: 1500 }, (_, index) => `${index} ${"x".repeat(600)}`).join("\n"));
  expect([many.length, many[0]?.slice(0, 4), many[0]?.length]).toEqual([1000, "500 ", 512]);
});

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("]]>", "\u0000\u0008\u001b[31m", "\ud800", "<script>&amp;", "a\nb", "\uffff", "--><!--"),
);
const anyTest: fc.Arbitrary<Test> = fc.record({
  name: anyText,
  verdict: fc.constantFrom("passed", "failed", "skipped", "error", "warning"),
  suite: fc.array(anyText, { minLength: 1, maxLength: 3 }),
  durationMs: fc.integer({ min: 0, max: 100_000 }),
  message: fc.option(anyText, { nil: undefined }),
  remediation: fc.option(anyText, { nil: undefined }),
  output: fc.option(fc.array(anyText, { maxLength: 3 }), { nil: undefined }),
});

test("whatever the tests say, JUnit is well-formed XML that holds every case, and the others are JSON", () => {
  fc.assert(
    fc.property(fc.array(anyTest, { maxLength: 8 }), (tests) => {
      const report = { ...REPORT, tests };
      const xml = junitText(report);
      expect(XMLValidator.validate(xml)).toBe(true);
      const parsed: unknown = new XMLParser({ ignoreAttributes: false, processEntities: false }).parse(xml);
      expect(JSON.stringify(parsed).match(/"@_classname"/g)?.length ?? 0).toBe(tests.length);
      // oxlint-disable-next-line no-control-regex -- XML 1.0 has no way to write these
      expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      for (const tree of [ctrfTree(report), sarifTree(report, "r.yaml")])
        expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
      expect(reportRows(report)).toHaveLength(tests.length);
    }),
  );
});
