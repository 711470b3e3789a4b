import { expect, test } from "vitest";
import type { Command, Program } from "../command.ts";
import { choiceFlag, listFlag, switchFlag, textFlag } from "../flag.ts";
import { completeWords, printCompletion } from "./complete.ts";

const group = "Test";
const names = () => Promise.resolve([{ value: "gpu-operator:", description: "GPU\noperator", open: true }]);

const show: Command = {
  description: "",
  flags: [
    choiceFlag("format", ["yaml", "json"], "yaml", { summary: "form", group, placeholder: "F", short: "t" }),
    textFlag("accelerator", { summary: "GPU", group, placeholder: "G", aliases: ["gpu"] }),
    textFlag("data", { summary: "directory", group, placeholder: "DIR", completion: "directories" }),
    textFlag("recipe", { summary: "recipe", group, placeholder: "FILE", short: "r", completion: "files" }),
    listFlag("set", { summary: "values", group, placeholder: "X", split: true, completion: names }),
    switchFlag("strict", { summary: "strict", group }),
    switchFlag("secret", { summary: "secret", group, hidden: true }),
  ],
  args: [
    { name: "FROM", summary: "", required: true, completion: "files" },
    {
      name: "SHELL",
      summary: "",
      required: true,
      completion: () => Promise.resolve([{ value: "bash" }, { value: "zsh" }]),
    },
  ],
  run: () => Promise.resolve("DONE"),
};

const list: Command = {
  description: "",
  flags: [switchFlag("long", { summary: "long", group })],
  subcommands: [{ name: "deep", summary: "deeper", load: () => Promise.resolve(show) }],
  run: () => Promise.resolve("DONE"),
};

const PROGRAM: Program = {
  name: "tool",
  description: "",
  version: "1",
  versionText: "",
  envPrefix: "TOOL",
  commands: [
    { name: "show", summary: "show things", load: () => Promise.resolve(show) },
    { name: "list", summary: "list things", load: () => Promise.resolve(list) },
  ],
};

test.each([
  ["", "show\tshow things\nlist\tlist things\n:4\n"],
  ["sh", "show\tshow things\n:4\n"],
  ["x", ":4\n"],
  ["--v", "--version\tshow version, commit and date\n:4\n"],
  ["nonsense ", ":4\n"],
  ["--debug sh", "show\tshow things\n:4\n"],
  ["show --f", "--format\tform\n:4\n"],
  ["show --g", "--gpu\tGPU\n:4\n"],
  ["show --sec", ":4\n"],
  ["show --format ", "yaml\njson\n:4\n"],
  ["show -t j", "json\n:4\n"],
  ["show --format=j", "--format=json\n:4\n"],
  ["show --gpu ", ":4\n"],
  ["show --data ", ":16\n"],
  ["show -r ", ":0\n"],
  ["show --recipe=", ":0\n"],
  ["show --set g", "gpu-operator:\tGPU operator\n:6\n"],
  ["show --set=g", "--set=gpu-operator:\tGPU operator\n:6\n"],
  ["show --strict ", ":0\n"],
  ["show --strict a z", "zsh\n:4\n"],
  ["show --gpu x a ", "bash\nzsh\n:4\n"],
  ["show a b ", ":4\n"],
  ["list ", "deep\tdeeper\n:4\n"],
  ["list --long ", ":4\n"],
  ["list deep --f", "--format\tform\n:4\n"],
])("%j", async (line, answer) => {
  expect(printCompletion(await completeWords(PROGRAM, line.split(" ")))).toBe(answer);
});

test("nothing to go by is the start of a line", async () => {
  expect((await completeWords(PROGRAM, [])).suggestions.map(({ value }) => value)).toEqual(["show", "list"]);
});
