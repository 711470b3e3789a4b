import { writeJson, type Output } from "@slipway/base";
import { formatTable, printable } from "@slipway/terminal";
import {
  REPORT_COLUMNS,
  ctrfTree,
  junitText,
  remedies,
  reportRows,
  sarifTree,
  verdictText,
  type Report,
} from "@slipway/validate";

/** The forms of a report. */
export type ReportFormat = "ctrf" | "junit" | "sarif" | "table";

/**
 * A report as text.
 *
 * @param output where it goes; a table for a person has a header, a summary and what to do
 * @param source the file that is named where a test does not know its own
 */
export function reportText(
  report: Report,
  format: ReportFormat,
  output: Pick<Output, "isTerminal">,
  source: string,
): string {
  if (format === "ctrf") return writeJson(ctrfTree(report));
  if (format === "junit") return junitText(report);
  if (format === "sarif") return writeJson(sarifTree(report, source === "" || source === "-" ? "recipe.yaml" : source));
  const table = formatTable(REPORT_COLUMNS, reportRows(report), output);
  if (!output.isTerminal) return table;
  const advice = remedies(report).map((remedy) => `  ${printable(remedy)}\n`);
  const todo = advice.length === 0 ? "" : `\nWhat to do:\n${advice.join("")}`;
  return `${table}\n${verdictText(report.tests)}\n${todo}`;
}
