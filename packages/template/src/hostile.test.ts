import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { render, type RenderOptions } from "./index.ts";
import { sprigFunctions } from "./sprig-functions.ts";

function problem(template: string, data: unknown = {}, options: RenderOptions = {}): string {
  try {
    return `rendered ${render(template, data, { ...options, functions: sprigFunctions }).length}`;
  } catch (error) {
    if (error instanceof SlipwayError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

test.each(["constructor", "__proto__", "toString", "hasOwnProperty", "prototype", "length", "size"])(
  "the field %s is a missing key unless the data has it",
  (name) => {
    const template = `{{ .${name} }}|{{ .map.${name} }}|{{ index .map "${name}" }}|{{ hasKey .map "${name}" }}`;
    expect(render(template, { map: { a: 1 } }, { functions: sprigFunctions })).toBe(
      "<no value>|<no value>|<no value>|false",
    );
    const own: unknown = JSON.parse(`{"map": {"${name}": 1}}`);
    expect(render(`{{ .map.${name} }}{{ .map }}`, own)).toBe(`1map[${name}:1]`);
  },
);

test("keys that reach a prototype stay keys, whoever makes them", () => {
  const template =
    "{{ $d := dict `__proto__` (dict `polluted` true) }}{{ toYaml $d }}|{{ toJson (merge (dict) $d) }}|{{ (dict).polluted }}";
  expect(render(template, {}, { functions: sprigFunctions })).toBe(
    '__proto__:\n  polluted: true|{"__proto__":{"polluted":true}}|<no value>',
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
});

const DOUBLE = "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}";
const STEPS = "the template does more than 1000000 steps: expected a template that ends";
const DEEP = "templates and blocks call each other deeper than 200 levels";

test.each([
  ["a loop without end", "{{ range until 90000 }}{{ range until 90000 }}{{ end }}{{ end }}", STEPS],
  ["a loop over a huge number", "{{ range 9007199254740991 }}{{ end }}", STEPS],
  ["a huge list", "{{ until 100000000 }}", "until: 100000000 numbers are more than the limit of 100000"],
  ["a huge sequence", "{{ seq 1 100000000 }}", "seq: 100000000 numbers are more than the limit of 100000"],
  [
    "a huge text",
    "{{ repeat 2000000000 `x` }}",
    "repeat: a text or list of 2000000000 is larger than the limit of 10485760",
  ],
  [
    "a text that doubles",
    "{{ $x := `x` }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}",
    "a text or list of 16777216 is larger than the limit of 10485760",
  ],
  [
    "a replacement that grows",
    "{{ repeat 9999 `x` | replace `x` (repeat 9999 `y`) }}",
    "replace: a text or list of 99990000 is larger than the limit of 10485760",
  ],
  [
    "a wide number",
    "{{ range 20 }}{{ printf `%1000000d` 1 }}{{ end }}",
    "the output is larger than the limit of 10485760 characters",
  ],
  [
    "a wide indent",
    "{{ repeat 10000 `\n` | indent 10000 }}",
    "indent: a text or list of 100020000 is larger than the limit of 10485760",
  ],
  ["a value that is small to build and huge to print", `${DOUBLE}{{ $x }}`, STEPS],
  ["the same as YAML", `${DOUBLE}{{ toYaml $x }}`, `toYaml: ${STEPS}`],
  ["the same as JSON", `${DOUBLE}{{ toJson $x }}`, `toJson: ${STEPS}`],
  ["the same compared", `${DOUBLE}{{ $y := list 2 }}{{ deepEqual $x $x }}`, `deepEqual: ${STEPS}`],
  ["a map in itself", "{{ $d := dict }}{{ $_ := set $d `d` $d }}{{ $d }}", "a value nests deeper than 200 levels"],
  [
    "a map in itself as YAML",
    "{{ $d := dict }}{{ $_ := set $d `d` $d }}{{ toYaml $d }}",
    "toYaml: a value nests deeper than 200 levels",
  ],
  [
    "a map in itself copied",
    "{{ $d := dict }}{{ $_ := set $d `d` $d }}{{ deepCopy $d }}",
    "deepCopy: a value nests deeper than 200 levels",
  ],
  ["a template that calls itself", "{{ define `a` }}{{ template `a` }}{{ end }}{{ template `a` }}", DEEP],
  ["include of itself", "{{ define `a` }}{{ include `a` . }}{{ end }}{{ include `a` . }}", `include: ${DEEP}`],
  ["tpl of itself", "{{ tpl .t . }}", `tpl: ${DEEP}`],
  [
    "nested parentheses",
    `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`,
    "parentheses and blocks nest deeper than 100 levels",
  ],
  ["nested blocks", `${"{{ if 1 }}".repeat(5000)}${"{{ end }}".repeat(5000)}`, "blocks nest deeper than 100 levels"],
  [
    "a long regular expression",
    "{{ regexMatch (repeat 2000 `a?`) `a` }}",
    "regexMatch: a regular expression of 4000 characters, the limit is 1000",
  ],
  [
    "a regular expression with large counts",
    "{{ regexMatch `((a{1000}){1000}){1000}` `a` }}",
    "regexMatch: not a valid regular expression: invalid repeat count: `{1000}`",
  ],
])("%s ends with an error", (_, template, message) => {
  const found = problem(template, { t: "{{ tpl .t . }}" });
  expect(found).toContain("INVALID_TEMPLATE: ");
  expect(found.replace(/^INVALID_TEMPLATE: (include: |tpl: )*/, "")).toBe(message.replace(/^(include: |tpl: )*/, ""));
});

test("expressions that make backtracking explode are matched in time that grows with the text", () => {
  const data = { text: "a".repeat(5000) };
  expect(render("{{ regexMatch `^(a+)+$` (print .text `!`) }}", data, { functions: sprigFunctions })).toBe("false");
  expect(render("{{ regexMatch `(a|aa)*b` .text }}", data, { functions: sprigFunctions })).toBe("false");
  expect(problem("{{ regexFindAll `a.*b|c` (repeat 9999 `ac`) -1 }}")).toBe(`INVALID_TEMPLATE: regexFindAll: ${STEPS}`);
});

test("limits are the caller's to set", () => {
  expect(problem("{{ range 100 }}x{{ end }}", {}, { limits: { output: 10 } })).toBe(
    "INVALID_TEMPLATE: the output is larger than the limit of 10 characters",
  );
  expect(problem("{{ range 100 }}x{{ end }}", {}, { limits: { steps: 10 } })).toBe(
    "INVALID_TEMPLATE: the template does more than 10 steps: expected a template that ends",
  );
});

test("data that is no data is refused", () => {
  expect(problem("x", { f: () => 1 })).toBe("INVALID_TEMPLATE: a function cannot be used as template data");
  expect(problem("x", { d: new Date(0) })).toBe("INVALID_TEMPLATE: a Date cannot be used as template data");
  const loop: { self?: unknown } = {};
  loop.self = loop;
  expect(problem("x", loop)).toBe("INVALID_TEMPLATE: the data nests deeper than 200 levels");
});
