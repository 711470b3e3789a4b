import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { parseTemplate, render } from "./index.ts";
import { sprigFunctions } from "./sprig-functions.ts";

/** The whole message of the error that something throws. */
function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SlipwayError) return `${error.code} ${error.exitCode} ${error.describe()}`;
    throw error;
  }
  return "no error";
}

test.each([
  ["a\n  {{ if .x }}", "2:6: the if is not closed\nAdd {{ end }}."],
  ["{{ range .x }}{{ else }}", "1:4: the range is not closed\nAdd {{ end }}."],
  ["{{ end }}", '1:4: "end" without an if, range, with, define or block before it'],
  ["{{ else }}", '1:4: "else" without an if, range, with, define or block before it'],
  ["{{ if 1 }}{{ else with 2 }}{{ end }}", '1:14: "else with" inside if: expected "else" or "else if"'],
  ["{{ if 1 }}{{ else }}{{ else }}{{ end }}", '1:24: unexpected "else": expected the end of the if'],
  ["{{ if }}x{{ end }}", "1:7: if has no value: expected a value or a function"],
  ["{{ .a", "1:1: the action is not closed: expected }}"],
  ["{{ (1 }}", "1:4: the parenthesis is not closed: expected )"],
  ["{{ 1) }}", "1:5: a right parenthesis without a left one"],
  ["{{ /* x */ }}", '1:4: unexpected "/" in an action'],
  ["{{/* x }}", "1:1: the comment is not closed: expected */}}"],
  ["{{/* x */ 1}}", "1:10: a comment must end with */}} or */ -}}, and hold nothing else"],
  [`{{ "a\n" }}`, '1:4: the text is not closed: expected a closing "'],
  ["{{ `a }}", "1:4: the raw text is not closed: expected a closing `"],
  ["{{ 'a }}", "1:4: the character is not closed: expected a closing '"],
  ["{{ 'ab' }}", "1:4: 'ab' is not valid: expected a text with Go's escapes, or one character in single quotes"],
  ["{{ 12x }}", '1:4: "12x" is not a number'],
  ["{{ .a! }}", '1:6: unexpected "!" after ".a": expected a blank, a dot or the end of the action'],
  ["{{ .a,.b }}", '1:6: unexpected ",": expected a blank, "|" or the end of the action'],
  ["{{ 1 | 2 }}", "1:8: a value cannot take what is piped into it: expected a function"],
  ["{{ 1 | }}", '1:8: unexpected "}}": expected a function after "|"'],
  ["{{ 5.a }}", '1:4: "5.a" is not a number'],
  ["{{ nil.a }}", '1:4: "nil" has no fields'],
  ["{{ prinf 1 }}", '1:4: unknown function "prinf"\nDid you mean "print"?'],
  ["{{ .a | tooyaml }}", '1:9: unknown function "tooyaml"\nDid you mean "toYaml"?'],
  ["{{ $x }}", '1:4: undefined variable "$x"\nDeclare it with {{ $x := … }} first.'],
  ["{{ $name := 1 }}{{ $nam }}", '1:20: undefined variable "$nam"\nDid you mean "$name"?'],
  ["{{ $x = 1 }}", '1:4: undefined variable "$x"\nDeclare it with {{ $x := … }} first.'],
  ["{{ $x, $y := 1 }}", "1:6: only range sets two variables, an action sets one"],
  ["{{ if 1 }}{{ $x := 1 }}{{ end }}{{ $x }}", '1:36: undefined variable "$x"\nDeclare it with {{ $x := … }} first.'],
  ["{{ break }}", "1:4: break outside of a range"],
  [
    "{{ range . }}{{ define `a` }}{{ end }}{{ end }}",
    "1:17: define inside of another construct: expected it at the top of the template",
  ],
  ["{{ define `a` }}{{ break }}{{ end }}", "1:20: break outside of a range"],
  ["{{ define `a` }}1{{ end }}{{ define `a` }}2{{ end }}", '1:30: the template "a" is defined twice'],
  ["{{ template x }}", '1:13: unexpected "x": expected the name of the template in quotes after template'],
  ["{{ end 1 }}", '1:8: unexpected "1": expected "}}" after end'],
])("%s is refused", (template, message) => {
  const parse = () => parseTemplate(template, { name: "t.yaml", functions: sprigFunctions });
  expect(problem(parse)).toBe(`INVALID_TEMPLATE 2 t.yaml:${message}`);
});

test.each([
  ["{{ .none.a }}", '1:4: .none.a: the field "a" is asked of nil'],
  ["\n{{ .name.a }}", '2:4: .name.a: the field "a" is asked of a value of type string'],
  ["{{ (dict `k` 1).k.j }}", '1:4: (…).k.j: the field "j" is asked of a value of type int'],
  ["{{ .name 1 }}", "1:4: .name is not a function and takes no arguments"],
  ["{{ 1 | .name }}", "1:8: .name is not a function and takes no arguments"],
  ["{{ nil }}", "1:4: nil is not a command: expected a value or a function"],
  ["{{ upper }}", "1:4: upper takes 1 arguments, got 0"],
  ["{{ eq }}", "1:4: eq takes at least 1 arguments, got 0"],
  ["{{ round 1 }}", "1:4: round takes 2 to 3 arguments, got 1"],
  ["{{ upper 5 }}", "1:4: upper: argument 1 must be a text, and is 5 (int)"],
  ["{{ trunc 1.5 .name }}", "1:4: trunc: argument 1 must be an int, and is 1.5 (float64)"],
  ["{{ upper .none }}", "1:4: upper: argument 1 must be a text, and is nil"],
  ["{{ first .map }}", "1:4: first: argument 1 must be a list, and is a map"],
  ["{{ eq 1 1.0 }}", "1:4: eq: cannot compare int with float64"],
  ["{{ eq .map .map }}", "1:4: eq: cannot compare values of type map[string]interface {}"],
  ["{{ lt true false }}", "1:4: lt: values of type bool have no order"],
  ["{{ eq 1 }}", "1:4: eq: expected at least two values to compare"],
  ["{{ index .list 3 }}", "1:4: index: index out of range: 3"],
  ["{{ index .none 1 }}", "1:4: index: cannot index nil"],
  ["{{ index .map 1 }}", "1:4: index: the key of a map must be a text, and is int"],
  ["{{ len 5 }}", "1:4: len: a value of type int has no length"],
  ["{{ call .name }}", "1:4: call: a value of type string is no function"],
  [
    "{{ range .name }}{{ end }}",
    "1:4: range cannot walk over a value of type string: expected a list, a map or an int",
  ],
  ["{{ range $a, $b := 3 }}{{ end }}", "1:4: range over an int sets one variable, not two"],
  ["{{ template `x` }}", '1:4: the template "x" is not defined'],
  ["{{ define `head` }}{{ end }}{{ include `haed` . }}", '1:32: include: the template "haed" is not defined'],
  [
    "{{ define `head` }}{{ end }}{{ template `haed` . }}",
    '1:32: the template "haed" is not defined\nDid you mean "head"?',
  ],
  ["{{ fail `stop here` }}", "1:4: fail: stop here"],
  ["{{ required `set .x` .x }}", "1:4: required: set .x"],
  ["{{ div 1 0 }}", "1:4: div: cannot divide by zero"],
  ["{{ semverCompare `>1` `new` }}", '1:4: semverCompare: "new" is not a version: expected one such as 1.2.3'],
  [
    "{{ semverCompare `new` `1.0.0` }}",
    '1:4: semverCompare: "new" is not a constraint of versions: expected one such as ">=1.2.3 <2"',
  ],
  ["{{ regexMatch `(` .name }}", "1:4: regexMatch: not a valid regular expression: missing closing ): `(`"],
  ["{{ now }}", "1:4: now: this template has no clock, so that its output stays the same"],
])("%s fails while rendering", (template, message) => {
  const data = { name: "gpu", none: null, list: [1], map: {} };
  const run = () => render(template, data, { name: "t.yaml", functions: sprigFunctions });
  expect(problem(run)).toBe(`INVALID_TEMPLATE 2 t.yaml:${message}`);
});

test("with missingKey error, the nearest key is named", () => {
  const run = () => render("{{ .Values.imgae }}", { Values: { image: 1 } }, { missingKey: "error" });
  expect(problem(run)).toBe(
    'INVALID_TEMPLATE 2 template:1:4: .Values.imgae: the map has no key "imgae"\nDid you mean "image"?',
  );
  const further = () => render("{{ $x := index . `a` }}{{ $x.b }}", {}, { missingKey: "error" });
  expect(problem(further)).toBe('INVALID_TEMPLATE 2 template:1:27: $x.b: there is no value to take the field "b" from');
});

test("an error within tpl has the place in the inner text", () => {
  const run = () => render("{{ tpl .text . }}", { text: "a\n{{ nope }}" }, { functions: sprigFunctions, name: "t" });
  expect(problem(run)).toBe('INVALID_TEMPLATE 2 t (tpl):2:4: unknown function "nope"\nDid you mean "not"?');
});
