import type { TreeMap } from "@slipway/base";
import { defined } from "./defined.ts";
import { countVerdicts, type Report, type Test, type Verdict } from "./model.ts";

/** The states that a CTRF report knows (https://ctrf.io); `other` is what could not be told, and warnings. */
const STATUS = {
  passed: "passed",
  failed: "failed",
  skipped: "skipped",
  error: "other",
  warning: "other",
} as const satisfies Record<Verdict, string>;

/**
 * A report in the Common Test Report Format, as release 0.11.1 of aicr writes it. What that release does not know
 * (expected and measured values, what to do about it) stands below `extra`, where the format has room for it.
 */
export function ctrfTree(report: Report): TreeMap {
  const counts = countVerdicts(report.tests);
  return {
    reportFormat: "CTRF",
    specVersion: "0.0.1",
    timestamp: new Date(report.stop).toISOString(),
    generatedBy: report.tool.name,
    results: {
      tool: { ...report.tool },
      summary: {
        tests: report.tests.length,
        passed: counts.passed,
        failed: counts.failed,
        skipped: counts.skipped,
        pending: 0,
        other: counts.error + counts.warning,
        start: report.start,
        stop: report.stop,
      },
      tests: report.tests.map(testTree),
    },
  };
}

function testTree(test: Test): TreeMap {
  const { expected, actual, remediation } = test;
  const extra = defined({ expected, actual, remediation });
  return defined({
    name: test.name,
    status: STATUS[test.verdict],
    duration: Math.round(test.durationMs),
    rawStatus: STATUS[test.verdict] === "other" ? test.verdict : undefined,
    suite: test.suite,
    message: test.message,
    stdout: test.output === undefined || test.output.length === 0 ? undefined : test.output,
    extra: Object.keys(extra).length === 0 ? undefined : extra,
  });
}
