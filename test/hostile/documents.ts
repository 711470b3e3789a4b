import type { Content, HostileCase } from "./case.ts";
import { ALONE, aliasBomb, data, nested, recipe } from "./data.ts";

const RECIPE = ["recipe", ...ALONE] as const;
const BUNDLE = ["bundle", "-r", "r.yaml", "-o", "out", ...ALONE] as const;

/** Every kind of document that is read: where it is, how it is read, and its text with a map entry at the very start. */
const KINDS = {
  registry: {
    file: "d/registry.yaml",
    argv: RECIPE,
    text: (entry: string) => `components:\n  - name: one\n    helm:\n      ${entry}\n`,
  },
  overlay: {
    file: "d/overlays/o.yaml",
    argv: RECIPE,
    text: (entry: string) => `kind: RecipeMetadata\nmetadata: {name: o}\nspec:\n  criteria:\n    ${entry}\n`,
  },
  values: {
    file: "d/components/one/values.yaml",
    argv: ["query", "--selector", "components", ...ALONE],
    text: (entry: string) => `image:\n  ${entry}\n`,
  },
  recipe: {
    file: "r.yaml",
    argv: BUNDLE,
    text: (entry: string) => `componentRefs:\n  - name: one\n    overrides:\n      ${entry}\n`,
  },
  criteria: { file: "c.yaml", argv: [...RECIPE, "-c", "c.yaml"], text: (entry: string) => `spec:\n  ${entry}\n` },
  snapshot: {
    file: "s.yaml",
    argv: [...RECIPE, "-s", "s.yaml"],
    text: (entry: string) =>
      `measurements:\n  - type: OS\n    subtypes:\n      - subtype: release\n        data:\n          ${entry}\n`,
  },
  config: {
    file: "g.yaml",
    argv: [...RECIPE, "--config", "g.yaml"],
    text: (entry: string) => `defaults:\n  ${entry}\n`,
  },
} as const;

type Kind = keyof typeof KINDS;

const KIND_NAMES: readonly Kind[] = ["registry", "overlay", "values", "recipe", "criteria", "snapshot", "config"];

/** A case for a kind of document whose text is given; the message follows the name of the file. */
function refused(name: string, kind: Kind, content: Content, message: string | RegExp): HostileCase {
  const { file, argv } = KINDS[kind];
  const files = { ...data(), "r.yaml": recipe(), [file]: content };
  const stderr = typeof message === "string" ? `error: ${file}:${message}\n` : message;
  return { name: `${kind}: ${name}`, files, argv, exit: 2, stderr };
}

/** Line and column of the entry in the text of each kind. */
const ENTRY_AT = {
  registry: [4, 7],
  overlay: [5, 5],
  values: [2, 3],
  recipe: [4, 7],
  criteria: [2, 3],
  snapshot: [6, 11],
  config: [2, 3],
} as const satisfies Record<Kind, readonly [line: number, column: number]>;

const LARGE = { size: 100_000_000 };

/** What is wrong with the size of a file of 100 MB. */
const TOO_LARGE: Readonly<Record<Kind, string>> = {
  registry: " too large for a data directory: 100000000 bytes, and 10485760 (10 MiB) is the most",
  overlay: " too large for a data directory: 100000000 bytes, and 10485760 (10 MiB) is the most",
  values: " too large for a data directory: 100000000 bytes, and 10485760 (10 MiB) is the most",
  recipe: " larger than 16 MiB, which is the limit",
  criteria: " larger than 16 MiB, which is the limit",
  snapshot: " larger than 16 MiB, which is the limit",
  config: " larger than 1 MiB, which is the limit",
};

/** What every kind of document must withstand. */
function casesOf(kind: Kind): readonly HostileCase[] {
  const { text } = KINDS[kind];
  const [line, column] = ENTRY_AT[kind];
  const twice = text("a: 1").replace(/^( *)a: 1$/m, "$1a: 1\n$1a: 2");
  const notUtf8 = Buffer.concat([Buffer.from(text("a: ")), Buffer.of(0xff, 0xfe)]);
  return [
    ...["__proto__", "constructor", "prototype"].map((key) => {
      const message = `${line}:${column}: not valid YAML: the key "${key}" is not allowed`;
      return refused(`the key ${key}`, kind, text(`${key}: {polluted: true}`), message);
    }),
    refused(
      "an alias bomb",
      kind,
      aliasBomb(),
      " the document has more than 500000 values when its aliases are expanded",
    ),
    refused("10,000 levels", kind, nested(10_000), "1:492: not valid YAML: nesting exceeded maxDepth (100)"),
    refused("a key given twice", kind, twice, `${line + 1}:${column}: not valid YAML: duplicated mapping key`),
    refused("a NUL byte", kind, text('a: "b\0c"'), `${line}:${column + 5}: a NUL byte: this is not a text file`),
    refused("bytes that are not UTF-8", kind, notUtf8, " expected UTF-8 text, found other bytes"),
    refused("300,000 lines", kind, text("a: 1") + "#\n".repeat(300_000), " the document has more than 200000 lines"),
    refused("100 MB", kind, LARGE, TOO_LARGE[kind]),
  ];
}

/** Criteria and snapshots in JSON; the engines say each in their own way what is wrong with its syntax. */
const json: readonly HostileCase[] = [
  {
    name: "criteria: 100,000 levels of JSON",
    files: { ...data(), "c.json": "[".repeat(100_000) },
    argv: [...RECIPE, "-c", "c.json"],
    exit: 2,
    stderr: "error: c.json:1:100: the document nests deeper than 100 levels\n",
  },
  {
    name: "criteria: __proto__ in JSON",
    files: { ...data(), "c.json": '{"spec": {"__proto__": {"service": "eks"}}}' },
    argv: [...RECIPE, "-c", "c.json"],
    exit: 2,
    stderr: 'error: c.json:1:12: the key "__proto__" is not allowed\n',
  },
  {
    name: "criteria: JSON on standard input that never closes its list",
    files: data(),
    argv: [...RECIPE, "-c", "-"],
    stdin: '{"spec": [',
    exit: 2,
    stderr: /^error: standard input:1:\d+: not valid (JSON|YAML): .*\n$/,
  },
  {
    name: "criteria: JSON that is cut off",
    files: { ...data(), "c.json": '{"spec": {"service": "eks' },
    argv: [...RECIPE, "-c", "c.json"],
    exit: 2,
    stderr: /^error: c\.json:1:\d+: not valid JSON: .*\n$/,
  },
  {
    name: "snapshot: JSON with 700,000 values",
    files: { ...data(), "s.json": `{"measurements": [${"0,".repeat(700_000)}0]}` },
    argv: [...RECIPE, "-s", "s.json"],
    exit: 2,
    stderr: "error: s.json: the document has more than 500000 values\n",
  },
];

const single: readonly HostileCase[] = [
  refused(
    "a YAML tag that makes functions",
    "recipe",
    "componentRefs: !!js/function 'function () { return 1 }'\n",
    "1:16: not valid YAML: unknown scalar tag !<tag:yaml.org,2002:js/function>",
  ),
  refused(
    "600,000 values without an alias",
    "values",
    `a: [${"0,".repeat(600_000)}0]\n`,
    " the document has more than 500000 commas",
  ),
  refused(
    "a number beyond every number",
    "criteria",
    `spec: {nodes: ${"9".repeat(400)}}\n`,
    "1:8: spec.nodes: expected a whole number, found text",
  ),
  refused(
    "an alias of its own list",
    "recipe",
    "componentRefs: &a [*a]\n",
    " an alias refers to the value that it is part of",
  ),
];

/** Documents that are bombs, or hold what no document may hold. */
export const DOCUMENT_CASES: readonly HostileCase[] = [...KIND_NAMES.flatMap(casesOf), ...json, ...single];
