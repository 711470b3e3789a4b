import { groupBy } from "./group-by.ts";
import type { Report, Test } from "./model.ts";

/** The header of the table that people read. */
export const REPORT_COLUMNS = ["status", "phase", "test", "message"] as const;

/** A row for each test: what failed first, then in the order of the report. */
export function reportRows(report: Report): readonly (readonly string[])[] {
  const order = (test: Test): number => ORDER.indexOf(test.verdict);
  return report.tests
    .map((test, index) => ({ test, index }))
    .toSorted((left, right) => order(left.test) - order(right.test) || left.index - right.index)
    .map(({ test }) => [test.verdict, test.suite.join("/"), test.name, test.message ?? ""]);
}

const ORDER: readonly Test["verdict"][] = ["failed", "error", "warning", "passed", "skipped"];

/** What to do, a sentence for each remedy, in the order of the report; one that several tests share is given once. */
export function remedies(report: Report): readonly string[] {
  const needed = report.tests.filter(({ verdict }) => verdict !== "passed");
  const byRemedy = groupBy(needed, ({ remediation }) => remediation ?? "");
  return [...byRemedy]
    .filter(([remedy]) => remedy !== "")
    .map(([remedy, tests]) => `${[...new Set(tests.map(({ name }) => name))].join(", ")}: ${remedy}`);
}
