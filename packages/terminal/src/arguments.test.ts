import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";
import { choiceFlag, listFlag, switchFlag, textFlag } from "./flag.ts";

const group = "Test";
const FLAGS = [
  textFlag("accelerator", { summary: "", group, placeholder: "GPU", aliases: ["gpu"] }),
  textFlag("data", { summary: "", group, placeholder: "DIR", repeat: "last" }),
  choiceFlag("format", ["yaml", "json"], "yaml", { summary: "", group, placeholder: "FORMAT", short: "t" }),
  listFlag("set", { summary: "", group, placeholder: "X", split: true }),
  switchFlag("debug", { summary: "", group, short: "d" }),
  switchFlag("no-embedded-data", { summary: "", group }),
  switchFlag("secret", { summary: "", group, hidden: true }),
];

function parse(...words: string[]) {
  const { given, positionals } = parseArguments(FLAGS, words);
  return {
    given: Object.fromEntries([...given].map(([name, texts]) => [name, texts.map(({ text }) => text)])),
    positionals,
  };
}

test.each([
  ["a value in the next word", ["--accelerator", "h100"], { accelerator: ["h100"] }],
  ["a value behind =", ["--accelerator=h100"], { accelerator: ["h100"] }],
  ["an alias", ["--gpu", "h100"], { accelerator: ["h100"] }],
  ["an empty value", ["--gpu="], { accelerator: [""] }],
  ["an empty value in the next word", ["--gpu", ""], { accelerator: [""] }],
  ["a value with =", ["--set=a:b=c"], { set: ["a:b=c"] }],
  ["a letter", ["-t", "json"], { format: ["json"] }],
  ["a letter with its value behind it", ["-tjson"], { format: ["json"] }],
  ["a letter with =", ["-t=json"], { format: ["json"] }],
  ["a value that looks like a flag", ["--gpu", "--debug"], { accelerator: ["--debug"] }],
  ["a negative number", ["--gpu", "-3"], { accelerator: ["-3"] }],
  ["a switch", ["--debug"], { debug: ["true"] }],
  ["a switch turned off", ["--debug=false"], { debug: ["false"] }],
  ["a switch turned off by name", ["--no-debug"], { debug: ["false"] }],
  ["a switch turned off twice", ["--no-debug=false"], { debug: ["true"] }],
  ["a switch that begins with no", ["--no-embedded-data"], { "no-embedded-data": ["true"] }],
  ["its opposite", ["--embedded-data"], { "no-embedded-data": ["false"] }],
  ["letters together", ["-dt", "json"], { debug: ["true"], format: ["json"] }],
  ["a list", ["--set", "a", "--set", "b"], { set: ["a", "b"] }],
  ["a flag whose last value counts", ["--data", "a", "--data", "b"], { data: ["a", "b"] }],
])("understands %s", (_name, words, given) => {
  expect(parse(...words)).toEqual({ given, positionals: [] });
});

test("what is no flag, and all behind --, is left over in its order", () => {
  expect(parse("a", "--debug", "b", "-", "--", "--gpu", "c")).toEqual({
    given: { debug: ["true"] },
    positionals: ["a", "b", "-", "--gpu", "c"],
  });
});

test.each([
  [["--acelerator", "h100"], "unknown flag --acelerator", 'Did you mean "--accelerator"?'],
  [["--nosuchflag"], "unknown flag --nosuchflag", "Run the command with --help to see its flags."],
  [["--secre"], "unknown flag --secre", "Run the command with --help to see its flags."],
  [["-x"], "unknown flag -x", 'Did you mean "-t"?'],
  [["--constructor"], "unknown flag --constructor", "Run the command with --help to see its flags."],
  [["--__proto__=1"], "unknown flag --__proto__", "Run the command with --help to see its flags."],
  [["--gpu"], "--gpu needs a value: --gpu GPU", undefined],
  [["-t"], "-t needs a value: -t FORMAT", undefined],
  [["--gpu", "a", "--gpu", "a"], "--gpu is given twice", "It takes one value: give it once."],
  [["--gpu", "a", "--accelerator=b"], "--gpu and --accelerator are the same flag", "It takes one value: give it once."],
])("refuses %j", (words, message, hint) => {
  const error = errorOf(() => parse(...words));
  expect([error.code, error.message, error.hint]).toEqual(["USAGE", message, hint]);
});

test.each([
  [["--debug", "true"], { meant: "--debug=true", option: "--debug", value: "true" }],
  [["a", "--no-debug", "False"], { meant: "--no-debug=False", option: "--no-debug", value: "False" }],
  [["-d", "true", "--debug", "false"], { meant: "--debug=true", option: "-d", value: "true" }],
  [["--debug=true", "true"], undefined],
  [["--gpu", "true"], undefined],
  [["true", "--debug"], undefined],
  [["--debug", "a", "true"], undefined],
  [["--debug", "--", "true"], undefined],
])("what stands behind a switch as if it were its value: %j", (words, stray) => {
  expect(parseArguments(FLAGS, words).stray).toEqual(stray);
});

test("a value comes through as it is, in all four spellings", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
      fc.pre(!text.startsWith("="));
      for (const words of [["--format", text], [`--format=${text}`], ["-t", text], [`-t=${text}`]])
        expect(parse(...words).given).toEqual({ format: [text] });
    }),
  );
});
