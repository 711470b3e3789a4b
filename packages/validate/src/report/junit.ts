import { groupBy } from "./group-by.ts";
import type { Report, Test } from "./model.ts";

/**
 * A report as JUnit XML, as Jenkins, GitLab and GitHub read it: a suite for each phase, a case for each test. A warning
 * is a case that passed and says so in its output, because the format has no word for it.
 */
export function junitText(report: Report): string {
  const suites = [...groupBy(report.tests, ({ suite }) => suite.join("/"))];
  const body = suites.map(([name, tests]) => suiteText(name, tests, report.start));
  const attributes = `${countText(report.tests)} time="${secondsText(report.stop - report.start)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${report.tool.name}" ${attributes}>\n${body.join("")}</testsuites>\n`;
}

function suiteText(name: string, tests: readonly Test[], start: number): string {
  const time = tests.reduce((sum, test) => sum + test.durationMs, 0);
  const timestamp = new Date(start).toISOString().replace(/\.\d+Z$/, "");
  const head = `name="${escaped(name)}" ${countText(tests)} skipped="${count(tests, "skipped")}" time="${secondsText(time)}"`;
  return `  <testsuite ${head} timestamp="${timestamp}">\n${tests.map(caseText).join("")}  </testsuite>\n`;
}

function countText(tests: readonly Test[]): string {
  return `tests="${tests.length}" failures="${count(tests, "failed")}" errors="${count(tests, "error")}"`;
}

function count(tests: readonly Test[], verdict: Test["verdict"]): number {
  return tests.filter((test) => test.verdict === verdict).length;
}

function secondsText(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function caseText(test: Test): string {
  const name = `classname="${escaped(test.suite.join("."))}" name="${escaped(test.name)}"`;
  const inner = [...verdictLines(test), ...outputLines(test)];
  const head = `    <testcase ${name} time="${secondsText(test.durationMs)}"`;
  return inner.length === 0 ? `${head}/>\n` : `${head}>\n${inner.join("")}    </testcase>\n`;
}

function verdictLines(test: Test): readonly string[] {
  const message = `message="${escaped(test.message ?? "")}"`;
  const { remediation = "" } = test;
  if (test.verdict === "skipped")
    return [`      <skipped ${message}${remediation === "" ? "/>" : `>${escaped(remediation)}</skipped>`}\n`];
  if (test.verdict !== "failed" && test.verdict !== "error") return [];
  const tag = test.verdict === "failed" ? "failure" : "error";
  return [`      <${tag} ${message}>${escaped(detail(test))}</${tag}>\n`];
}

function outputLines(test: Test): readonly string[] {
  const told = test.verdict === "passed" || test.verdict === "warning" ? [detail(test)] : [];
  const lines = [...told, ...(test.output ?? [])].filter((line) => line !== "");
  return lines.length === 0 ? [] : [`      <system-out>${escaped(lines.join("\n"))}</system-out>\n`];
}

/** Message and remedy. */
function detail({ verdict, message, remediation }: Test): string {
  const head = verdict === "warning" ? `warning: ${message ?? ""}` : message;
  return [head, remediation].filter((part) => part !== undefined && part !== "").join("\n");
}

/** XML has no way at all to write most control characters and lone surrogates; they show as a replacement character. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll(/[&<>"'\t\n\r]/g, (sign) => ENTITIES.get(sign) ?? sign);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
  // As references, so that a line break inside an attribute is kept.
  ["\t", "&#9;"],
  ["\n", "&#10;"],
  ["\r", "&#13;"],
]);
