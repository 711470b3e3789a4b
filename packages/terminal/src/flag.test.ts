import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { choiceFlag, durationFlag, integerFlag, listFlag, listOf, switchFlag, textFlag, type Flag } from "./flag.ts";

const about = { summary: "", group: "Test", placeholder: "X" };

function decode<Value>(flag: Flag<Value>, ...texts: string[]): Value {
  return flag.decode(texts.map((text) => ({ text, origin: `--${flag.name}` })));
}

test("a text is nothing when it is not given, and may be empty", () => {
  const flag = textFlag("selector", about);
  expect([decode(flag), decode(flag, ""), decode(flag, "a")]).toEqual([undefined, "", "a"]);
});

test("the last text counts", () => {
  expect(decode(textFlag("data", about), "a", "b")).toBe("b");
});

test("a switch is off unless it is given, and reads what Go's ParseBool reads", () => {
  const flag = switchFlag("debug", about);
  expect(decode(flag)).toBe(false);
  expect(["1", "t", "T", "true", "True", "TRUE"].map((text) => decode(flag, text))).not.toContain(false);
  expect(["0", "f", "F", "false", "False", "FALSE"].map((text) => decode(flag, text))).not.toContain(true);
  expect(errorOf(() => decode(flag, "yes")).message).toBe('--debug takes true or false, not "yes"');
});

test("a switch may be on unless it is given", () => {
  const flag = switchFlag("privileged", { ...about, fallback: true });
  expect([decode(flag), decode(flag, "false"), flag.defaultText]).toEqual([true, false, "true"]);
});

test("a number is whole; an empty text is none", () => {
  const flag = integerFlag("nodes", about);
  expect([decode(flag), decode(flag, ""), decode(flag, "8"), decode(flag, "-3"), decode(flag, "+5")]).toEqual([
    undefined,
    undefined,
    8,
    -3,
    5,
  ]);
  for (const text of ["1.5", "1e3", "0x10", "eight", "99999999999999999999"])
    expect(errorOf(() => decode(flag, text)).message).toBe(`--nodes takes a whole number, not "${text}"`);
});

test("a choice is one of its values, with case", () => {
  const flag = choiceFlag("format", ["yaml", "json", "table"], "yaml", about);
  expect([decode(flag), decode(flag, "json")]).toEqual(["yaml", "json"]);
  const error = errorOf(() => decode(flag, "JSON"));
  expect(error.describe()).toBe('--format takes yaml, json or table, not "JSON"\nDid you mean "json"?');
});

test("a list is taken apart at commas, unless it must not be", () => {
  expect(decode(listFlag("set", { ...about, split: true }), "a:b=1, c:d=2", "e:f=3")).toEqual([
    "a:b=1",
    "c:d=2",
    "e:f=3",
  ]);
  expect(decode(listFlag("set-json", { ...about, split: false }), "a:b=[1,2]")).toEqual(["a:b=[1,2]"]);
  expect(decode(listFlag("set", { ...about, split: true }))).toEqual([]);
});

test("names in a sentence", () => {
  expect([listOf([]), listOf(["a"]), listOf(["a", "b"]), listOf(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a or b",
    "a, b or c",
  ]);
});

test("a duration is read as milliseconds", () => {
  const flag = durationFlag("timeout", 300_000, about);
  expect([decode(flag), decode(flag, "30s"), decode(flag, "0"), flag.defaultText]).toEqual([300_000, 30_000, 0, "5m"]);
  expect(decode(durationFlag("every", undefined, about))).toBe(undefined);
  const error = errorOf(() => decode(flag, "30"));
  expect([error.message, error.hint]).toEqual([
    '--timeout takes a duration such as 30s or 5m, not "30"',
    "Did you mean 30s?",
  ]);
});
