import { expect, test } from "vitest";
import { render } from "./index.ts";
import { sprigFunctions } from "./sprig-functions.ts";
import goPrintf from "./testdata/go-printf.json" with { type: "json" };

/** 300 calls with what Go 1.26's text/template prints for them. */
test("printf gives what Go gives, also for misuse", () => {
  const options = { functions: sprigFunctions };
  expect(goPrintf.map(([template = ""]) => [template, render(template, {}, options)])).toEqual(goPrintf);
});

test.each([
  [`{{ printf "%d apples, %s, %q, %v%%" 3 "pears" "figs" 2.5 }}`, `3 apples, pears, "figs", 2.5%`],
  [`{{ printf "%05d|%-6s|%6s|%+d|%x" 42 "ab" "cd" 7 255 }}`, `00042|ab    |    cd|+7|ff`],
  [
    `{{ printf "%.2f %e %g %t %c %U %T" 3.14159 1234.5 1e21 true 65 65 "x" }}`,
    `3.14 1.234500e+03 1e+21 true A U+0041 string`,
  ],
  [`{{ printf "%[2]s %[1]s %s" "a" "b" }}`, `b a b`],
  [`{{ printf "%*d|%-*d|%.*f" 5 42 5 42 1 2.55 }}`, `   42|42   |2.5`],
  [
    `{{ printf "%d" "x" }} {{ printf "%d" }} {{ printf "%d" 1 2 }} {{ printf "%" }} {{ printf "%z" 1 }}`,
    `%!d(string=x) %!d(MISSING) 1%!(EXTRA int=2) %!(NOVERB) %!z(int=1)`,
  ],
  [
    `{{ printf "%1000000000d|" 1 }} {{ printf "%.1000000000f" 1.5 }} {{ printf "%*d" 1000000000 1 }}`,
    `%!(NOVERB)%!(EXTRA int=1) %!(NOVERB)%!(EXTRA float64=1.5) %!(BADWIDTH)1`,
  ],
  [`{{ len (printf "%1000001d|" 1) }}`, `1000002`],
  [`{{ printf "%[9]d %[x]d" 1 }}`, `%!d(BADINDEX) %!d(BADINDEX)`],
  [`{{ printf "%v %v %v" .map .list .none }}`, `map[a:1 b:[x <nil>]] [1 2.5 true] <nil>`],
  [
    `{{ printf "%#v %#v" .map .list }}`,
    `map[string]interface {}{"a":1, "b":[]interface {}{"x", interface {}(nil)}} []interface {}{1, 2.5, true}`,
  ],
  [`{{ printf "%s %d" .big .big }}`, `%!s(int=12345678901234567890) 12345678901234567890`],
])("%s", (template, output) => {
  const data = { map: { b: ["x", null], a: 1 }, list: [1, 2.5, true], none: null, big: 12_345_678_901_234_567_890n };
  expect(render(template, data)).toBe(output);
});
