import type { HostileCase } from "./case.ts";
import { ALONE, data, nested, recipe } from "./data.ts";

const BUNDLE = ["bundle", "-r", "r.yaml", "-o", "out", ...ALONE] as const;
const RECIPE = ["recipe", ...ALONE] as const;
const BASE = { ...data(), "r.yaml": recipe() };

const FORBIDDEN = ["__proto__", "constructor", "prototype"] as const;

const sets: readonly HostileCase[] = [
  ...FORBIDDEN.map((key): HostileCase => ({
    name: `--set: the key ${key}`,
    files: BASE,
    argv: [...BUNDLE, "--set", `one:a.${key}.b=1`],
    exit: 2,
    stderr: `error: --set a.${key}.b: the key "${key}" is not allowed\n`,
  })),
  ...FORBIDDEN.map((key): HostileCase => ({
    name: `--set-json: the key ${key}`,
    files: BASE,
    argv: [...BUNDLE, "--set-json", `one:a={"${key}": {"b": 1}}`],
    exit: 2,
    stderr: `error: --set-json one:a: the key "${key}" is not allowed\n`,
  })),
  {
    name: "--set: a path of 20,000 steps",
    files: BASE,
    argv: [...BUNDLE, "--set", `one:${"a.".repeat(20_000)}b=1`],
    exit: 2,
    stderr: "error: --set: the path has 20001 steps, and 100 is the most\n",
  },
  {
    name: "--set-json: 5,000 levels",
    files: BASE,
    argv: [...BUNDLE, "--set-json", `one:a=${nested(5000)}`],
    exit: 2,
    stderr: "error: --set-json one:a: the document nests deeper than 100 levels\n",
  },
];

const criteria: readonly HostileCase[] = [
  {
    name: "criteria: a control character in a flag",
    files: data(),
    argv: [...RECIPE, "--service", "ek\u001b[31ms"],
    exit: 2,
    stderr: 'error: --service: "ek\\x1b[31ms" is no service; expected aks, eks, gke, kind, oke, self-managed or any\n',
  },
  {
    name: "criteria: a line break in a document",
    files: { ...data(), "c.yaml": 'spec: {service: "e\\nks"}\n' },
    argv: [...RECIPE, "-c", "c.yaml"],
    exit: 2,
    stderr:
      'error: c.yaml:1:8: spec.service: "e\n  ks" is no service; expected aks, eks, gke, kind, oke, self-managed or any\n  Did you mean "eks"?\n',
  },
  {
    name: "criteria: a value of 100,000 signs",
    files: data(),
    argv: [...RECIPE, "--os", "x".repeat(100_000)],
    exit: 2,
    stderr: /^error: --os: "x+ \.\.\. \(\d+ characters\) \.\.\. x+" is no os; expected .*\n$/,
  },
  {
    name: "criteria: the value __proto__",
    files: data(),
    argv: [...RECIPE, "--accelerator", "__proto__"],
    exit: 2,
    stderr:
      'error: --accelerator: "__proto__" is no accelerator; expected a100, b200, gb200, h100, h200, l40, l40s, rtx-pro-6000 or any\n',
  },
  {
    name: "--nodes: a number beyond every integer",
    files: data(),
    argv: [...RECIPE, "--nodes", "1e400"],
    exit: 2,
    stderr: 'error: --nodes takes a whole number, not "1e400"\n',
  },
  {
    name: "--nodes: 99999999999999999999",
    files: data(),
    argv: [...RECIPE, "--nodes", "9".repeat(20)],
    exit: 2,
    stderr: 'error: --nodes takes a whole number, not "99999999999999999999"\n',
  },
  {
    name: "--selector: 100,000 dots",
    files: data(),
    argv: ["query", "--selector", "a.".repeat(50_000), ...ALONE],
    exit: 3,
    stderr: /^error: there is no "[a.]+ \.\.\. \(\d+ characters\) \.\.\. [a.]+".*\n(  .*\n)?$/,
  },
  {
    name: "--selector: __proto__",
    files: data(),
    argv: ["query", "--selector", "components.__proto__", ...ALONE],
    exit: 3,
    stderr: 'error: there is no "components.__proto__"\n  "components" has one.\n',
  },
  {
    name: "a flag with a line break",
    argv: ["recipe", "--ser\nvice", "eks"],
    exit: 2,
    stderr: 'error: unknown flag --ser\n  vice\n  Did you mean "--service"?\n',
  },
  {
    name: "a command named constructor",
    argv: ["constructor"],
    exit: 2,
    stderr: 'error: unknown command "constructor"\n  Run "aicr --help" to see the commands.\n',
  },
  {
    name: "a command named __proto__",
    argv: ["__proto__"],
    exit: 2,
    stderr: 'error: unknown command "__proto__"\n  Run "aicr --help" to see the commands.\n',
  },
];

function overlay(name: string, base: string, more = ""): string {
  return `kind: RecipeMetadata\nmetadata: {name: ${name}}\nspec: {base: ${base}${more}}\n`;
}

const graphs: readonly HostileCase[] = [
  {
    name: "overlays: a chain of 1,000 that ends nowhere",
    files: {
      ...data(),
      ...Object.fromEntries(
        Array.from({ length: 1000 }, (_, at) => [
          `d/overlays/o${at}.yaml`,
          overlay(`o${at}`, `o${at + 1}`, at === 0 ? ", criteria: {}" : ""),
        ]),
      ),
    },
    argv: RECIPE,
    exit: 2,
    stderr:
      'error: d/overlays/o999.yaml: spec.base: overlay "o999" builds on "o1000", which does not exist\n  Did you mean "o100"?\n',
  },
  {
    name: "overlays: a cycle of 1,000",
    files: {
      ...data(),
      ...Object.fromEntries(
        Array.from({ length: 1000 }, (_, at) => [
          `d/overlays/o${at}.yaml`,
          overlay(`o${at}`, `o${(at + 1) % 1000}`, at === 0 ? ", criteria: {}" : ""),
        ]),
      ),
    },
    argv: RECIPE,
    exit: 2,
    stderr:
      'error: d/overlays/o0.yaml: spec.base: overlays build on each other in a cycle: "o0" -> "o1" -> "o2" -> "o3" -> "o4" -> "o5" -> ... -> "o996" -> "o997" -> "o998" -> "o999" -> "o0"\n  One of them must build on "base".\n',
  },
  {
    name: "overlays: one that builds on itself",
    files: { ...data(), "d/overlays/o.yaml": overlay("o", "o", ", criteria: {}") },
    argv: RECIPE,
    exit: 2,
    stderr:
      'error: d/overlays/o.yaml: spec.base: overlays build on each other in a cycle: "o" -> "o"\n  One of them must build on "base".\n',
  },
  {
    name: "components: a cycle of 1,000 dependencies",
    files: {
      "d/registry.yaml": "components: []\n",
      "d/overlays/base.yaml": `kind: RecipeMetadata\nspec:\n  componentRefs:\n${Array.from({ length: 1000 }, (_, at) => `    - {name: c${at}, dependencyRefs: [c${(at + 1) % 1000}]}\n`).join("")}`,
    },
    argv: RECIPE,
    exit: 2,
    stderr:
      'error: d/overlays/base.yaml: components depend on each other in a cycle: "c0" -> "c1" -> "c2" -> "c3" -> "c4" -> "c5" -> ... -> "c996" -> "c997" -> "c998" -> "c999" -> "c0"\n  Take one of them out of the other\'s dependencyRefs.\n',
  },
];

function template(name: string, text: string, stderr: string | RegExp): HostileCase {
  const files = {
    ...data(),
    "r.yaml": recipe("manifestFiles: [components/one/m.yaml]\n"),
    "d/components/one/m.yaml": text,
  };
  return { name: `manifest: ${name}`, files, argv: BUNDLE, exit: 2, stderr };
}

const templates: readonly HostileCase[] = [
  template(
    "a range over a billion",
    "{{ range until 1000000000 }}x{{ end }}",
    "error: d/components/one/m.yaml:1:10: until: 1000000000 numbers are more than the limit of 100000\n",
  ),
  template(
    "ranges in ranges",
    `${"{{ range until 1000 }}".repeat(6)}x${"{{ end }}".repeat(6)}`,
    "error: d/components/one/m.yaml:1:133: the template does more than 1000000 steps: expected a template that ends\n",
  ),
  template(
    "a template that calls itself",
    '{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}',
    "error: d/components/one/m.yaml:1:20: templates and blocks call each other deeper than 200 levels\n",
  ),
  template(
    "a template that includes itself",
    '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    "error: d/components/one/m.yaml:1:20: include: templates and blocks call each other deeper than 200 levels\n",
  ),
  template(
    "repeat 1e9",
    '{{ repeat 1000000000 "x" }}',
    "error: d/components/one/m.yaml:1:4: repeat: a text or list of 1000000000 is larger than the limit of 10485760\n",
  ),
  template(
    "text that doubles itself",
    '{{ $x := "xxxxxxxx" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}{{ $x }}',
    "error: d/components/one/m.yaml:1:51: a text or list of 16777216 is larger than the limit of 10485760\n",
  ),
  template(
    "an indent of a billion",
    '{{ "a" | indent 1000000000 }}',
    "error: d/components/one/m.yaml:1:10: indent: a text or list of 1000000000 is larger than the limit of 10485760\n",
  ),
  template(
    "10,000 parentheses",
    `{{ ${"(".repeat(10_000)}1${")".repeat(10_000)} }}`,
    "error: d/components/one/m.yaml:1:104: parentheses and blocks nest deeper than 100 levels\n",
  ),
  template(
    "10,000 blocks in blocks",
    "{{ if true }}".repeat(10_000) + "{{ end }}".repeat(10_000),
    "error: d/components/one/m.yaml:1:1304: blocks nest deeper than 100 levels\n",
  ),
  template(
    "a tag that never closes",
    "{{ .Values ",
    "error: d/components/one/m.yaml:1:1: the action is not closed: expected }}\n",
  ),
  template(
    "a function that reads the environment",
    '{{ env "HOME" }}',
    'error: d/components/one/m.yaml:1:4: unknown function "env"\n  Did you mean "and"?\n',
  ),
  template("a NUL byte", "a: b\0c\n", "error: d/components/one/m.yaml:1:5: a NUL byte: this is not a text file\n"),
];

/** Arguments, criteria, graphs and templates that are made to cost or to reach further than they should. */
export const TEXT_CASES: readonly HostileCase[] = [...sets, ...criteria, ...graphs, ...templates];
