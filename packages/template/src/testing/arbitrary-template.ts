import fc from "fast-check";
import { GoFloat } from "../value.ts";

/**
 * The values that generated templates use, as Helm reads them from a values file: all numbers are float64. Keep it in
 * step with {@link VALUES_YAML}.
 */
export const VALUES = {
  num: new GoFloat(5),
  frac: 1.5,
  big: new GoFloat(1_000_000),
  text: "Hello wide World",
  empty: "",
  yes: true,
  no: false,
  nothing: null,
  letters: ["b", "a", "c", "a"],
  mixed: ["x", new GoFloat(3), true, null, { k: "v" }],
  map: { name: "box", size: new GoFloat(2), inner: { deep: "value", list: ["one", "two"] } },
};

/** {@link VALUES} as a values file. */
export const VALUES_YAML = `num: 5
frac: 1.5
big: 1000000
text: Hello wide World
empty: ""
yes: true
no: false
nothing: null
letters: [b, a, c, a]
mixed: [x, 3, true, null, {k: v}]
map: {name: box, size: 2, inner: {deep: value, list: [one, two]}}
`.replace(/^(yes|no):/gm, '"$1":');

type Kinds = {
  text: string;
  int: string;
  truth: string;
  texts: string;
  list: string;
  map: string;
  any: string;
  body: string;
};

const word = fc.constantFrom(
  "alpha",
  "Beta-gamma",
  "x_y z",
  "",
  "HTTPServer2go",
  "a.b.c",
  "ü ñ 日本",
  "  pad ",
  "one\\ttwo\\n",
  "7",
);
const literal = word.map((text) => `"${text}"`);
const small = fc.integer({ min: 0, max: 6 }).map(String);
const divisor = fc.integer({ min: 1, max: 9 }).map(String);
const number = fc.constantFrom("0", "1", "-3", "42", "0x1F", "1e3", "2.5", "-0.125", "'a'", "1_000");
const pattern = fc.constantFrom("[a-z]+", "^.", "(\\\\w)(\\\\w*)", "[^a-z]", "a|b", "\\\\s+", "o*", "(?i)[AEIOU]");
const verb = fc.constantFrom(
  "%v",
  "%s",
  "%q",
  "%d",
  "%5v|",
  "%-8v|",
  "%05d",
  "%x",
  "%.2f",
  "%v-%v",
  "%t",
  "%%%v",
  "%+v",
  "%e",
  "%g",
);

/** Fills each `~` of a form with what an arbitrary makes, in order. */
function form(template: string, ...holes: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const parts = template.split("~");
  return fc.tuple(...holes).map((texts) => parts.map((part, index) => part + (texts[index] ?? "")).join(""));
}

/** Every form that a kind can take, the simple ones first. */
function oneOf(...options: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.oneof({ depthSize: "small", withCrossShrink: true }, ...options);
}

type Tie = fc.LetrecTypedTie<Kinds>;

const textForms = (tie: Tie): fc.Arbitrary<string> =>
  oneOf(
    literal,
    fc.constantFrom(".Values.text", ".Values.map.name", ".Values.map.inner.deep", "`raw \\n text`"),
    ...["upper", "lower", "title", "untitle", "trim", "snakecase", "camelcase", "kebabcase", "b64enc", "sha256sum"].map(
      (name) => form(`(${name} ~)`, tie("text")),
    ),
    ...["quote", "squote", "toString", "toJson", "toYaml", "toPrettyJson", "print", "html", "js", "urlquery"].map(
      (name) => form(`(${name} ~)`, tie("any")),
    ),
    ...["trunc", "indent", "nindent", "repeat", "abbrev", "wrap"].map((name) =>
      form(`(~ | ${name} ~)`, tie("text"), small),
    ),
    ...["trimAll", "trimPrefix", "trimSuffix"].map((name) => form(`(${name} ~ ~)`, literal, tie("text"))),
    form("(replace ~ ~ ~)", literal, literal, tie("text")),
    form('(regexReplaceAll "~" ~ "<${1}$2>")', pattern, tie("text")),
    form('(regexFind "~" ~)', pattern, tie("text")),
    form("(join ~ ~)", literal, tie("list")),
    form('(printf "~ ~" ~ ~)', verb, verb, tie("any"), tie("any")),
    form("(cat ~ ~)", tie("any"), tie("any")),
    form("(ternary ~ ~ ~)", tie("text"), tie("text"), tie("truth")),
    form("(plural ~ ~ ~)", literal, literal, small),
    form("(println ~ ~)", tie("any"), tie("any")),
    form("(seq ~ ~)", small, small),
    form("(kindOf ~)", oneOf(tie("text"), tie("list"), tie("map"), tie("truth"))),
  );

const intForms = (tie: Tie): fc.Arbitrary<string> =>
  oneOf(
    small,
    form("(len ~)", oneOf(tie("list"), tie("map"), tie("text"))),
    ...["add", "sub", "mul", "max", "min"].map((name) => form(`(${name} ~ ~)`, tie("int"), tie("int"))),
    ...["div", "mod"].map((name) => form(`(${name} ~ ~)`, tie("int"), divisor)),
    form("(int ~)", tie("any")),
    form("(~ | add1)", tie("int")),
  );

const truthForms = (tie: Tie): fc.Arbitrary<string> =>
  oneOf(
    fc.constantFrom("true", "false", ".Values.yes", ".Values.no"),
    ...["eq", "ne", "lt", "le", "gt", "ge"].map((name) => form(`(${name} ~ ~)`, tie("int"), tie("int"))),
    ...["eq", "ne", "lt", "contains", "hasPrefix", "hasSuffix"].map((name) =>
      form(`(${name} ~ ~)`, tie("text"), tie("text")),
    ),
    form("(eq ~ ~ ~)", tie("text"), tie("text"), tie("text")),
    form("(and ~ ~)", tie("truth"), tie("truth")),
    form("(or ~ ~)", tie("truth"), tie("truth")),
    form("(not ~)", tie("any")),
    form("(empty ~)", tie("any")),
    form("(has ~ ~)", tie("text"), tie("texts")),
    form("(hasKey ~ ~)", tie("map"), literal),
    form('(regexMatch "~" ~)', pattern, tie("text")),
    form("(any ~ ~)", tie("any"), tie("any")),
    form("(all ~ ~)", tie("any"), tie("any")),
  );

const textsForms = (tie: Tie): fc.Arbitrary<string> =>
  oneOf(
    fc.constantFrom(".Values.letters", ".Values.map.inner.list", "(list)"),
    form("(list ~ ~)", tie("text"), tie("text")),
    form("(splitList ~ ~)", literal, tie("text")),
    form('(regexSplit "~" ~ -1)', pattern, tie("text")),
    form('(regexFindAll "~" ~ -1)', pattern, tie("text")),
    ...["sortAlpha", "uniq", "reverse", "toStrings", "compact"].map((name) => form(`(${name} ~)`, tie("texts"))),
    form("(without ~ ~)", tie("texts"), tie("text")),
    form("(append ~ ~)", tie("texts"), tie("text")),
    form("(keys ~ | sortAlpha)", tie("map")),
  );

const listForms = (tie: Tie): fc.Arbitrary<string> =>
  oneOf(
    fc.constant(".Values.mixed"),
    tie("texts"),
    form("(list ~ ~ ~)", tie("any"), tie("any"), tie("any")),
    form("(until ~)", small),
    form("(prepend ~ ~)", tie("list"), tie("any")),
    form("(concat ~ ~)", tie("list"), tie("list")),
    form("(chunk ~ ~)", divisor, tie("list")),
    form("(compact ~)", tie("list")),
    form('(pluck "k" ~ ~)', tie("map"), tie("map")),
  );

const mapForms = (tie: Tie): fc.Arbitrary<string> =>
  oneOf(
    fc.constantFrom(".Values.map", ".Values.map.inner", "(dict)"),
    form('(dict "k" ~ ~ ~)', tie("any"), literal, tie("any")),
    form('(set (dict "s" 1) ~ ~)', literal, tie("any")),
    form('(unset (deepCopy ~) "k")', tie("map")),
    form("(merge (deepCopy ~) ~)", tie("map"), tie("map")),
    form("(mergeOverwrite (deepCopy ~) ~)", tie("map"), tie("map")),
    form('(pick ~ "k" "name")', tie("map")),
    form('(omit ~ "k" "name")', tie("map")),
  );

const anyForms = (tie: Tie): fc.Arbitrary<string> =>
  oneOf(
    fc.constantFrom(
      ".Values.num",
      ".Values.frac",
      ".Values.big",
      ".Values.nothing",
      ".Values.missing",
      "(first (list nil))",
    ),
    number,
    tie("text"),
    tie("int"),
    tie("truth"),
    tie("list"),
    tie("map"),
    form("(default ~ ~)", tie("any"), tie("any")),
    form("(coalesce ~ ~ ~)", tie("any"), tie("any"), tie("any")),
    form("(get ~ ~)", tie("map"), literal),
    form("(index ~ ~)", tie("map"), literal),
    ...["first", "last"].map((name) => form(`(${name} ~)`, tie("list"))),
    ...["rest", "initial"].map((name) => form(`(${name} (append ~ ~))`, tie("list"), tie("any"))),
    form('(dig "inner" "deep" ~ .Values.map)', tie("any")),
    ...["floor", "ceil", "float64"].map((name) => form(`(${name} ~)`, tie("any"))),
    form("(round ~ ~)", number, small),
    form("(split ~ ~)", literal, tie("text")),
    form("(and ~ ~)", tie("any"), tie("any")),
    form("(or ~ ~)", tie("any"), tie("any")),
  );

const bodyForms = (tie: Tie): fc.Arbitrary<string> =>
  oneOf(
    fc.constantFrom("plain text\n", " {{- /* a comment */ -}} \n", "  - item: "),
    form("[{{ ~ }}]\n", tie("any")),
    form("[{{- ~ -}}] \n", tie("any")),
    form("{{ ~ | toString | quote }}", tie("any")),
    form("~~", tie("body"), tie("body")),
    form("{{ if ~ }}~{{ else }}~{{ end }}", tie("any"), tie("body"), tie("body")),
    form("{{- if ~ }}~{{ else if ~ -}} ~{{- end }}\n", tie("truth"), tie("body"), tie("truth"), tie("body")),
    form("{{ with ~ }}<{{ . }}>{{ $.Values.num }}{{ else }}~{{ end }}", tie("any"), tie("body")),
    form("{{ range ~ }}({{ . }}){{ else }}~{{ end }}", tie("list"), tie("body")),
    form("{{ range $key, $value := ~ }}{{ $key }}={{ $value }};{{ end }}", oneOf(tie("map"), tie("list"))),
    form(
      "{{ range $at, $item := ~ }}{{ if gt $at 1 }}{{ break }}{{ end }}{{ if eq $at 0 }}{{ continue }}{{ end }}{{ $item }}{{ end }}",
      tie("list"),
    ),
    form("{{ $seen := ~ }}{{ if ~ }}{{ $seen = ~ }}{{ end }}{{ $seen }}", tie("any"), tie("truth"), tie("any")),
    form("{{ range ~ }}{{ . }},{{ end }}", small),
  );

const { body } = fc.letrec<Kinds>((tie) => ({
  text: textForms(tie),
  int: intForms(tie),
  truth: truthForms(tie),
  texts: textsForms(tie),
  list: listForms(tie),
  map: mapForms(tie),
  any: anyForms(tie),
  body: bodyForms(tie),
}));

/** Templates in the language of Go's text/template with functions that Helm has, and that do not fail. */
export const anyTemplate: fc.Arbitrary<string> = body;
