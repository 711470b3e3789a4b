import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { GoFloat, render } from "../index.ts";
import { sprigFunctions } from "../sprig-functions.ts";

const VALUES = {
  list: ["a", "b", 3],
  map: { b: 1, a: "x", y: { k: "v" } },
  big: 9_007_199_254_740_993n,
};

function rendered(template: string): string {
  return render(template, VALUES, { functions: sprigFunctions, clock: { now: () => new Date(1_767_323_045_000) } });
}

// Where Helm has the function, the outputs are those of Helm 4.1.4.
test.each([
  // Texts
  [
    "{{ upper `aé` }} {{ lower `AÉ` }} {{ title `hello wORLD foo-bar` }} {{ untitle `Hello World` }} {{ swapcase `aBc` }}",
    "AÉ aé Hello WORLD Foo-Bar hello world AbC",
  ],
  [
    "{{ trim ` a ` }}|{{ trimAll `$` `$5$` }}|{{ trimPrefix `-` `-a-` }}|{{ trimSuffix `-` `-a-` }}|{{ trimSuffix `` `a` }}|{{ nospace ` a b ` }}",
    "a|5|a-|-a|a|ab",
  ],
  [
    "{{ trunc 3 `hello` }} {{ trunc -3 `hello` }} {{ trunc 9 `hello` }} {{ substr 1 3 `hello` }} {{ substr -1 3 `hello` }} {{ substr 2 -1 `hello` }}",
    "hel llo hello el hel llo",
  ],
  [
    "{{ abbrev 5 `hello world` }} {{ abbrev 3 `hello` }} {{ abbrev 9 `hello` }} {{ initials `First Try` }}",
    "he... hello hello FT",
  ],
  ["{{ contains `l` `hello` }} {{ hasPrefix `he` `hello` }} {{ hasSuffix `lo` `hello` }}", "true true true"],
  [
    "{{ split `,` `a,b` }} {{ (split `,` `a,b`)._1 }} {{ splitn `,` 2 `a,b,c` }} {{ splitList `,` `a,b` }} {{ splitList `` `aé` }}",
    "map[_0:a _1:b] b map[_0:a _1:b,c] [a b] [a é]",
  ],
  [
    "{{ join `-` .list }} {{ join `-` `x` }} {{ join `-` nil }} {{ repeat 3 `ab` }} {{ replace `a` `b` `banana` }} {{ replace `` `-` `ab` }}",
    "a-b-3 x  ababab bbnbnb -a-b-",
  ],
  ["{{ plural `one` `many` 1 }} {{ plural `one` `many` 2 }} {{ cat `a` nil 1 .list }}", "one many a 1 [a b 3]"],
  [
    '{{ quote 1 `a"b` nil 2.5 }} {{ squote 1 `a` nil }} {{ toString 5 }} {{ toString `a` }} {{ toStrings (list 1 nil) }}',
    `"1" "a\\"b" "2.5" '1' 'a' 5 a [1]`,
  ],
  ["{{ indent 2 `a\n\nb` }}|{{ nindent 2 `a\n\nb` }}", "  a\n  \n  b|\n  a\n  \n  b"],
  [
    "{{ wrap 5 `hello world foo bar bazzzzzzz` }}|{{ wrapWith 5 `/` `hello worldfoo bar` }}|{{ wrap 9 `short` }}",
    "hello\nworld\nfoo\nbar\nbazzzzzzz|hello/world/foo/bar|short",
  ],
  [
    "{{ snakecase `FirstName HTTPServer` }} {{ snakecase `HTTP20xOK` }} {{ snakecase `Bld4Floor3rd` }} {{ kebabcase `foo_bar2B` }}",
    "first_name_http_server http_20x_ok bld4_floor_3rd foo-bar2-b",
  ],
  [
    "{{ camelcase `http_server` }} {{ camelcase `FOO_bar` }} {{ camelcase `_a__b_` }} {{ camelcase `aBC dEF` }} {{ camelcase `_` }}",
    "HttpServer FooBar _A_B_ ABCDEF __",
  ],
  // Lists
  [
    "{{ first .list }} {{ rest .list }} {{ last .list }} {{ initial .list }} {{ first list }} {{ rest list }}",
    "a [b 3] 3 [a b] <no value> []",
  ],
  [
    "{{ append .list 1 }} {{ push .list 1 }} {{ prepend .list 1 }} {{ concat .list (list 1) }} {{ reverse .list }} {{ tuple 1 2 }}",
    "[a b 3 1] [a b 3 1] [1 a b 3] [a b 3 1] [3 b a] [1 2]",
  ],
  [
    "{{ uniq (list 1 1 2 `a` `a`) }} {{ without .list `a` 3 }} {{ has 3 .list }} {{ has 3 nil }} {{ compact (list 0 1 `` nil false) }}",
    "[1 2 a] [b] true false [1]",
  ],
  [
    "{{ slice .list 1 2 }} {{ slice .list 1 }} {{ slice list 5 9 }} {{ chunk 2 (list 1 2 3) }} {{ sortAlpha (list `b` `a` 3) }} {{ sortAlpha 5 }}",
    "[b] [b 3] <no value> [[1 2] [3]] [3 a b] [5]",
  ],
  ["{{ mustFirst .list }} {{ mustHas `a` .list }}", "a true"],
  // Maps
  [
    "{{ dict `a` 1 `b` }} {{ get .map `a` }}|{{ get .map `no` }}|{{ hasKey .map `y` }} {{ keys .map }} {{ values .map }}",
    "map[a:1 b:] x||true [a b y] [x 1 map[k:v]]",
  ],
  [
    "{{ set (dict) `a` 1 }} {{ unset (dict `a` 1 `b` 2) `a` }} {{ pick .map `a` `no` }} {{ omit .map `a` `y` }} {{ pluck `a` .map (dict `a` 2) (dict) }}",
    "map[a:1] map[b:2] map[a:x] map[b:1] [x 2]",
  ],
  [
    "{{ merge (dict `a` 1 `n` (dict `x` 1) `e` ``) (dict `a` 2 `b` nil `n` (dict `x` 2 `y` 3) `e` 5) }}",
    "map[a:1 e:5 n:map[x:1 y:3]]",
  ],
  [
    "{{ mergeOverwrite (dict `a` 1 `n` (dict `x` 1)) (dict `a` `` `b` nil `n` (dict `x` 2 `y` 3)) }}",
    "map[a: b:<nil> n:map[x:2 y:3]]",
  ],
  [
    "{{ $d := dict `n` (dict `x` 1) }}{{ $c := deepCopy $d }}{{ $_ := set $c.n `x` 2 }}{{ $d }} {{ $c }}",
    "map[n:map[x:1]] map[n:map[x:2]]",
  ],
  ["{{ dig `y` `k` `none` .map }} {{ dig `y` `q` `none` .map }}", "v none"],
  // Numbers
  [
    "{{ add 1 2.7 `3` }} {{ add1 5 }} {{ sub 5 2 }} {{ mul 2 3 4 }} {{ div 7 2 }} {{ mod -7 2 }} {{ max 1 5 3 }} {{ min 4 2 }} {{ add }}",
    "6 6 3 24 3 -1 5 2 0",
  ],
  [
    "{{ add .big 1 }} {{ add 9223372036854775807 1 }} {{ mul 3037000500 3037000500 }}",
    "9007199254740994 -9223372036854775808 -9223372036709301616",
  ],
  [
    "{{ floor 2.7 }} {{ ceil 2.1 }} {{ round 2.5 0 }} {{ round -2.5 0 }} {{ round 123.555 2 }} {{ round 1.4 0 0.3 }}",
    "2 3 3 -3 123.56 2",
  ],
  [
    "{{ addf 0.1 0.2 }} {{ subf 5 1.5 }} {{ mulf 1.5 2 }} {{ divf 1 4 }} {{ maxf 1 2.5 }} {{ minf 1 2.5 }}",
    "0.3 3.5 3 0.25 2.5 1",
  ],
  [
    "{{ int `08` }} {{ int `0x10` }} {{ int `007` }} {{ int 3.9 }} {{ int true }} {{ int nil }} {{ int `1e3` }} {{ int64 `12.0` }}",
    "0 16 7 3 1 0 0 12",
  ],
  [
    "{{ float64 `1.5` }} {{ float64 3 }} {{ float64 `x` }} {{ atoi `012` }} {{ atoi `x` }} {{ toDecimal `777` }}",
    "1.5 3 0 12 0 511",
  ],
  [
    "{{ until 3 }} {{ until -2 }} {{ untilStep 10 0 -3 }} {{ untilStep 0 5 -1 }} {{ seq 5 }}|{{ seq 2 5 }}|{{ seq 0 2 6 }}|{{ seq 5 3 }}|{{ seq 0 1 -3 }}|{{ seq }}",
    "[0 1 2] [0 -1] [10 7 4 1] [] 1 2 3 4 5|2 3 4 5|0 2 4 6|5 4 3||",
  ],
  // Choices and types
  [
    "{{ default `d` 0 }} {{ default `d` false }} {{ default `d` list }} {{ default `d` }} {{ default `d` `x` }}",
    "d d d d x",
  ],
  [
    "{{ empty 0 }} {{ coalesce nil `` 0 `x` }} {{ coalesce nil }} {{ all 1 2 }} {{ any 0 1 }} {{ ternary `y` `n` true }}",
    "true x <no value> true true y",
  ],
  [
    "{{ kindOf 1 }} {{ kindOf nil }} {{ kindOf .map }} {{ kindOf .list }} {{ kindIs `int` 1 }} {{ typeOf 1.0 }} {{ typeIs `string` `a` }} {{ typeIsLike `int` 1 }}",
    "int invalid map slice true float64 true true",
  ],
  [
    "{{ deepEqual (list 1 (dict `a` 1)) (list 1 (dict `a` 1)) }} {{ deepEqual 1 1.0 }} {{ required `x` 0 }}",
    "true false 0",
  ],
  [
    '{{ define `t` }}<{{ . }}>{{ end }}{{ include `t` 1 | upper }} {{ tpl `{{ .map.b }}{{ template "t" 2 }}` . }}',
    "<1> 1<2>",
  ],
  // Texts of other kinds
  [
    "{{ toJson (dict `a` `<b>&` `n` 1.0 `l` (list nil 1.5 1e21)) }} {{ toRawJson `<` }} {{ toPrettyJson (dict `a` (list 1) `e` list) }}",
    '{"a":"\\u003cb\\u003e\\u0026","l":[null,1.5,1e+21],"n":1} "<" {\n  "a": [\n    1\n  ],\n  "e": []\n}',
  ],
  [
    "{{ toYaml (dict `b10` 1 `b9` (list 1 (dict `x` `yes` `z` list)) `a` dict) }}",
    'a: {}\nb9:\n- 1\n- x: "yes"\n  z: []\nb10: 1',
  ],
  [
    '{{ fromYaml `a: [1, x]` }} {{ fromYamlArray `[1]` }} {{ fromJson `{"a": 1000000}` }} {{ fromJsonArray `[1]` }} {{ mustFromJson `5` }}',
    "map[a:[1 x]] [1] map[a:1e+06] [1] 5",
  ],
  [
    "{{ (fromYaml `a: [`).Error }}|{{ (fromJson `[1]`).Error }}|{{ fromYaml `` }}",
    "not valid YAML: unexpected end of the stream within a flow collection|expected a map|map[]",
  ],
  [
    "{{ b64enc `héllo` }} {{ b64dec `aMOpbGxv` }} {{ b64dec `!!` }} {{ sha256sum `abc` }}",
    "aMOpbGxv héllo illegal base64 data at input byte 0 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  ],
  [
    "{{ regexMatch `^a.c$` `abc` }} {{ regexFind `[0-9]+` `ab12` }} {{ regexFindAll `[0-9]` `a1b2c3` 2 }} {{ regexSplit `z+` `pizzazz` -1 }}",
    "true 12 [1 2] [pi a ]",
  ],
  [
    "{{ regexReplaceAll `a(x*)b` `-ab-axxb-` `${1}W` }} {{ regexReplaceAllLiteral `a(x*)b` `-ab-` `${1}` }} {{ regexQuoteMeta `a.b` }} {{ mustRegexMatch `a` `a` }}",
    "-W-xxW- -${1}- a\\.b true",
  ],
  [
    "{{ base `/a/b.txt` }} {{ base `` }} {{ base `/` }} {{ dir `/a/b` }} {{ dir `a` }} {{ ext `a.tar.gz` }} {{ clean `/a/../b//./c` }} {{ clean `../a/..` }} {{ isAbs `/a` }}",
    "b.txt . / /a . .gz /b/c .. true",
  ],
  [
    "{{ now }} {{ date `2006-01-02 15:04:05 MST` now }} {{ date `Mon Jan _2 3PM 06 Z07:00` 0 }} {{ htmlDate now }} {{ unixEpoch now }}",
    "2026-01-02T03:04:05.000Z 2026-01-02 03:04:05 UTC Thu Jan  1 12AM 70 Z 2026-01-02 1767323045",
  ],
  // Versions
  [
    "{{ semverCompare `>=1.19-0` `v1.34.5-eks-1` }} {{ semverCompare `>=1.19` `1.34.5-eks-1` }} {{ semverCompare `^1.2` `1.9.0` }} {{ semverCompare `~1.2.3` `1.3.0` }} {{ semverCompare `>= 1.2, < 2` `1.5` }}",
    "true false true false true",
  ],
  [
    "{{ semverCompare `<1 || 1.2 - 1.4` `1.4.9` }} {{ semverCompare `!=1.2` `1.2.5` }} {{ semverCompare `>1.2` `1.2.5` }} {{ semverCompare `*` `3.0.0` }} {{ semverCompare `^0.2.3` `0.3.0` }} {{ semverCompare `1.x` `1.7.0` }}",
    "true false false true false true",
  ],
  [
    "{{ (semver `v1.2.3-rc.1+b`).Major }} {{ (semver `1.2`).Patch }} {{ (semver `v1.2.3-rc.1+b`).Prerelease }} {{ (semver `v1.2`).Original }}",
    "1 0 rc.1 v1.2",
  ],
])("%s", (template, output) => {
  expect(rendered(template)).toBe(output);
});

test("numbers of a caller can be float64, as Helm reads its values", () => {
  expect(render("{{ .n }} {{ typeOf .n }}", { n: new GoFloat(1_000_000) }, { functions: sprigFunctions })).toBe(
    "1e+06 float64",
  );
});

test("sha256sum is SHA-256 of the text's UTF-8", () => {
  expect(render("{{ sha256sum . }}", "héllo", { functions: sprigFunctions })).toBe(
    createHash("sha256").update("héllo").digest("hex"),
  );
});

test("what toJson writes is JSON for the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const json: unknown = JSON.parse(render("{{ toJson .v }}", { v: value }, { functions: sprigFunctions }));
      expect(json).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
