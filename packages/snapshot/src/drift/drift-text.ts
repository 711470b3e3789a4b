import type { TreeMap } from "@slipway/base";
import { columns, shown } from "../columns.ts";
import type { ComponentDrift, Drift, Verdict } from "./drift-model.ts";

/** Colours a verdict; the text stays. */
export type PaintVerdict = (verdict: Verdict, text: string) => string;

/**
 * Drift for a person: one line a component, then what is wrong and what to do about it.
 *
 * @param paint colours verdicts; default none
 */
export function driftText({ components, inStep }: Drift, paint: PaintVerdict = (_, text) => text): string {
  if (components.length === 0) return "The recipe has no components, and nothing is installed.\n";
  const rows = columns([
    ["COMPONENT", "WANTED", "INSTALLED", "RUNNING", "READY", "VERDICT"],
    ...components.map((component) => [...cells(component), component.verdict]),
  ]);
  const [head = "", ...lines] = rows.map((line) => line.slice(2));
  const painted = components.map(({ verdict }, index) => {
    const line = lines[index] ?? "";
    return line.slice(0, line.length - verdict.length) + paint(verdict, verdict);
  });
  const findings = components
    .filter(({ reason, verdict }) => reason !== "" && verdict !== "not in recipe")
    .flatMap(({ component, reason, remedy }) => ["", `${shown(component)}: ${shown(reason)}.`, `  ${shown(remedy)}`]);
  const wrong = components.filter(({ verdict }) => verdict !== "in step" && verdict !== "not in recipe").length;
  const asked = components.filter(({ verdict }) => verdict !== "not in recipe").length;
  const summary = inStep ? "All components are in step." : `${wrong} of ${asked} components are not in step.`;
  return `${[head, ...painted, ...findings, "", summary].join("\n")}\n`;
}

function cells({ component, wanted, installed, running }: ComponentDrift): readonly string[] {
  return [
    shown(component),
    cell(wanted?.version),
    cell(installed?.version),
    cell(running?.versions.join(", ")),
    running === undefined ? "-" : `${running.ready}/${running.workloads}`,
  ];
}

function cell(text: string | undefined): string {
  return text === undefined || text === "" ? "-" : shown(text);
}

/** Drift as a document for programs. */
export function driftTree({ components, inStep }: Drift): TreeMap {
  return {
    kind: "Drift",
    inStep,
    components: components.map(({ component, verdict, reason, remedy, wanted, installed, running }) => ({
      component,
      verdict,
      ...(reason === "" ? {} : { reason }),
      ...(remedy === "" ? {} : { remedy }),
      ...(wanted === undefined
        ? {}
        : {
            wanted: {
              ...(wanted.version === undefined ? {} : { version: wanted.version }),
              ...(wanted.namespace === undefined ? {} : { namespace: wanted.namespace }),
            },
          }),
      ...(installed === undefined ? {} : { installed: { ...installed } }),
      ...(running === undefined ? {} : { running: { ...running } }),
    })),
  };
}
