import { expect, test } from "vitest";
import { parseTemplate, render } from "./index.ts";
import { sprigFunctions } from "./sprig-functions.ts";

const DATA = {
  name: "gpu",
  count: 3,
  ratio: 0.5,
  big: 12_345_678_901_234_567_890n,
  on: true,
  off: false,
  none: null,
  empty: "",
  list: ["a", "b", "c"],
  map: { z: 1, a: { deep: "x" } },
};

test.each([
  // Text, comments and trim markers
  ["plain {text} }}", "plain {text} }}"],
  ["a  {{- 1 -}}  b", "a1b"],
  ["a \n {{- /* note */ -}} \n b", "ab"],
  ["a {{/* note */}} b", "a  b"],
  ["{{ 3 -}}\n\n{{- 4 }}", "34"],
  ["{{-3}}", "-3"],
  ["{{\n  .name\n}}", "gpu"],
  // Values
  ["{{ . | len }} {{ $.name }} {{ .map.a.deep }} {{ (index .map `a`).deep }}", "10 gpu x x"],
  ["{{ .missing }} {{ .missing.further }} {{ .none }} {{ print .none }}", "<no value> <no value> <no value> <nil>"],
  [
    "{{ .count }} {{ .ratio }} {{ 1e6 }} {{ 1.0 }} {{ 'a' }} {{ 0x10 }} {{ .big }}",
    "3 0.5 1e+06 1 97 16 12345678901234567890",
  ],
  ['{{ .list }} {{ .map }} {{ true }} {{ `raw` }} {{ "q\\t\\u00e9" }}', "[a b c] map[a:map[deep:x] z:1] true raw q\té"],
  // if
  ["{{ if .on }}yes{{ else }}no{{ end }}{{ if .off }}yes{{ end }}", "yes"],
  ["{{ if .off }}1{{ else if .empty }}2{{ else if .count }}3{{ else }}4{{ end }}", "3"],
  ["{{ if not .none }}nil is false{{ end }}", "nil is false"],
  ["{{ if $x := .name }}{{ $x }}{{ end }}", "gpu"],
  // with
  ["{{ with .map.a }}{{ .deep }}{{ $.name }}{{ end }}", "xgpu"],
  ["{{ with .none }}1{{ else with .name }}{{ . }}{{ else }}3{{ end }}", "gpu"],
  ["{{ with $x := .count }}{{ $x }}{{ . }}{{ end }}", "33"],
  // range
  ["{{ range .list }}{{ . }},{{ end }}", "a,b,c,"],
  ["{{ range $i, $v := .list }}{{ $i }}={{ $v }} {{ end }}", "0=a 1=b 2=c "],
  ["{{ range $v := .list }}{{ $v }}{{ end }}", "abc"],
  ["{{ range $k, $v := .map }}{{ $k }}={{ $v }} {{ end }}", "a=map[deep:x] z=1 "],
  ["{{ range 3 }}{{ . }}{{ end }}{{ range $i := 2 }}{{ $i }}{{ end }}", "01201"],
  ["{{ range .empty | len }}x{{ else }}none{{ end }}{{ range .none }}x{{ else }}nil{{ end }}", "nonenil"],
  ["{{ range .list }}{{ if eq . `b` }}{{ continue }}{{ end }}{{ . }}{{ end }}", "ac"],
  ["{{ range .list }}{{ if eq . `b` }}{{ break }}{{ end }}{{ . }}{{ end }}", "a"],
  ["{{ range .list }}{{ range 2 }}{{ if . }}{{ break }}{{ end }}{{ . }}{{ end }}{{ end }}", "000"],
  // variables
  ["{{ $x := 1 }}{{ $x }}{{ $x = 2 }}{{ $x }}", "12"],
  ["{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ $x }}{{ end }}{{ $x }}", "32"],
  ["{{ $i := 9 }}{{ range $i, $v := .list }}{{ $i }}{{ end }}{{ $i }}", "0129"],
  ["{{ $i := 9 }}{{ range $i = .list }}{{ end }}{{ $i }}", "c"],
  ["{{ $m := .map }}{{ $m.a.deep }}", "x"],
  // pipelines and functions
  ["{{ .name | printf `%s-%s` `x` | len }}", "5"],
  ["{{ (.name) }} {{ (print 1 2 `a` `b` 3) }} {{ println 1 `a` }}", "gpu 1 2ab3 1 a\n"],
  ["{{ and 1 0 2 }} {{ and 1 `` }}", "0 "],
  ["{{ or 0 `` .name (index .list 99) }} {{ and .off (index .list 99) }}", "gpu false"],
  [
    "{{ eq 1 2 1 }} {{ ne `a` `b` }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt 1.5 0.5 }} {{ ge `a` `b` }}",
    "true true true true true false",
  ],
  ["{{ eq .none nil }} {{ eq .big 12345678 }} {{ lt 1 .big }}", "true false true"],
  ["{{ index .list 1 }} {{ index .map `a` `deep` }} {{ index `abc` 1 }} {{ index .map `no` }}", "b x 98 <no value>"],
  [
    "{{ slice .list 1 2 }} {{ slice `hello` 1 3 }} {{ slice .list }} {{ len `é` }} {{ len .map }}",
    "[b] el [a b c] 2 2",
  ],
  [
    "{{ html `<a b='c'>&` }} {{ js `it's <b>` }} {{ urlquery `a b&c/é` }}",
    "&lt;a b=&#39;c&#39;&gt;&amp; it\\'s \\u003Cb\\u003E a+b%26c%2F%C3%A9",
  ],
  // templates
  ["{{ define `t` }}[{{ . }}]{{ end }}{{ template `t` .name }}{{ template `t` }}", "[gpu][<no value>]"],
  ["{{ block `b` .count }}<{{ . }}>{{ end }}{{ template `b` 4 }}", "<3><4>"],
  [
    "{{ define `d` }}{{ if gt . 0 }}{{ . }}{{ template `d` (slice `` 0 | len) }}{{ end }}{{ end }}{{ template `d` 3 }}",
    "3",
  ],
  ["{{ define `x` }} {{ end }}{{ define `x` }}second{{ end }}{{ template `x` }}", "second"],
])("%s", (template, output) => {
  expect(render(template, DATA)).toBe(output);
});

test("a template is parsed once and rendered often, and knows what it defines", () => {
  const template = parseTemplate("{{ define `a` }}{{ end }}Hello {{ .name }}", { name: "greeting" });
  expect([template.name, template.defines]).toEqual(["greeting", ["a"]]);
  expect(["Ada", "Grace"].map((name) => template.render({ name }))).toEqual(["Hello Ada", "Hello Grace"]);
});

test("a template cannot change the data of its caller", () => {
  const data = { map: { a: 1 } };
  expect(render("{{ $_ := set .map `b` 2 }}{{ .map }}", data, { functions: sprigFunctions })).toBe("map[a:1 b:2]");
  expect(data).toEqual({ map: { a: 1 } });
});

test("missing keys are nothing, nil or an error, as the caller wants", () => {
  const rendered = (missingKey: "default" | "zero") => render("{{ .a }} {{ .b.c }}", { b: {} }, { missingKey });
  expect([rendered("default"), rendered("zero")]).toEqual(["<no value> <no value>", "<no value> <no value>"]);
  expect(render("{{ .a.b.c }}", {}, { missingKey: "default" })).toBe("<no value>");
});
