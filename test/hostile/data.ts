import type { Content } from "./case.ts";

/** What a small data directory in `d` may differ in. */
export interface DataParts {
  readonly registry?: string;
  /** Lines of the one component, at the margin. */
  readonly component?: string;
  /** Lines of the base's spec beside the component, at the margin. */
  readonly spec?: string;
  readonly values?: Content;
  readonly files?: Readonly<Record<string, Content>>;
}

/** The flags that make the data directory the only one. */
export const ALONE = ["--data", "d", "--no-embedded-data"] as const;

/** A data directory with one component, `one`, and its values. */
export function data(parts: DataParts = {}): Readonly<Record<string, Content>> {
  return {
    "d/registry.yaml": parts.registry ?? "components: []\n",
    "d/overlays/base.yaml": `kind: RecipeMetadata\nmetadata: {name: base}\nspec:\n${indent(parts.spec ?? "", 2)}  componentRefs:\n    - name: one\n${indent(parts.component ?? CHART, 6)}`,
    "d/components/one/values.yaml": parts.values ?? "color: red\n",
    ...parts.files,
  };
}

/** The lines of a component that is a chart. */
export const CHART =
  "type: Helm\nsource: https://charts.example.com\nversion: 1.0.0\nvaluesFile: components/one/values.yaml\n";

/** A recipe with one component, as a file for `bundle`; `component` are its lines, at the margin. */
export function recipe(component: string = CHART, name = "one"): string {
  return `kind: RecipeResult\napiVersion: aicr.nvidia.com/v1alpha1\ncomponentRefs:\n  - name: ${name}\n${indent(component, 4)}deploymentOrder: [${name}]\n`;
}

function indent(lines: string, by: number): string {
  return lines.replace(/^(?=.)/gm, " ".repeat(by));
}

/** `{a: {a: … }}` as deep as told, in a form that YAML and JSON share. */
export function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}

/** A document whose aliases stand for 9 to the power of 9 values. */
export function aliasBomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [at, name] of Array.from("bcdefghi").entries()) {
    const under = `*${"abcdefgh"[at]}`;
    lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => under).join(", ")}]`);
  }
  return `${lines.join("\n")}\n`;
}
