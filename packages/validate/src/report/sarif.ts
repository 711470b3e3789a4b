import type { TreeMap } from "@slipway/base";
import { defined } from "./defined.ts";
import type { Report, Test } from "./model.ts";

/** The levels of SARIF for what is worth showing; what passed, or was skipped with nothing to do about it, is not. */
const LEVELS: ReadonlyMap<Test["verdict"], string> = new Map([
  ["failed", "error"],
  ["error", "error"],
  ["warning", "warning"],
]);

/**
 * A report in the Static Analysis Results Interchange Format 2.1.0, as code scanning services take it: a rule for each
 * test, a result for each failure, at the file that asks for it. A skip that somebody can do something about is `open`:
not enough was known.
 *
 * @param file what is named where a test does not know its place: the recipe, or the snapshot
 */
export function sarifTree(report: Report, file: string): TreeMap {
  const shown = report.tests.filter(({ verdict, remediation }) => LEVELS.has(verdict) || isOpen(verdict, remediation));
  const rules = new Map(shown.map((test) => [ruleOf(test), test]));
  const ids = [...rules.keys()];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            rules: [...rules].map(([id, test]) => ruleTree(id, test)),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            startTimeUtc: new Date(report.start).toISOString(),
            endTimeUtc: new Date(report.stop).toISOString(),
          },
        ],
        results: shown.map((test) => resultTree(test, ids.indexOf(ruleOf(test)), file)),
      },
    ],
  };
}

function isOpen(verdict: Test["verdict"], remediation: string | undefined): boolean {
  return verdict === "skipped" && remediation !== undefined;
}

function ruleOf({ suite, name }: Test): string {
  return `${suite[0] ?? "check"}/${name}`;
}

function ruleTree(id: string, { name, remediation }: Test): TreeMap {
  return defined({
    id,
    shortDescription: { text: name },
    help: remediation === undefined ? undefined : { text: remediation },
  });
}

function resultTree(test: Test, ruleIndex: number, file: string): TreeMap {
  const { suite, message, remediation, place } = test;
  const where = suite.slice(1).join("/");
  const text = [where === "" ? message : `${where}: ${message ?? ""}`, remediation]
    .filter((part) => part !== undefined)
    .join(" ");
  return {
    ruleId: ruleOf(test),
    ruleIndex,
    ...(test.verdict === "skipped" ? { kind: "open" } : {}),
    level: LEVELS.get(test.verdict) ?? "none",
    message: { text: text === "" ? test.name : text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(place?.file ?? file) },
          region: defined({ startLine: place?.line ?? 1, startColumn: place?.column }),
        },
      },
    ],
  };
}

/** A path as a relative reference of RFC 3986; an address stays as it is. */
function uriOf(file: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(file)) return encodeURI(file.toWellFormed());
  return file.toWellFormed().replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
}
