import { execFileSync } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withDirectory } from "../testing/index.ts";
import { SHELLS, completionScript } from "./scripts.ts";

/** Stands for the program: writes down what it is asked and gives a fixed answer. */
const TOOL = `#!/bin/sh
for word in "$@"; do printf '<%s>' "$word"; done > asked
cat answer
`;

/** What bash makes of a line: its words as bash takes them apart, the cursor at the end. */
async function inBash(line: string, words: readonly string[], answer: string) {
  const files = {
    answer,
    tool: TOOL,
    "script.bash": completionScript("bash", "tool"),
    "recipe one.yaml": "",
    "records/x": "",
  };
  return withDirectory(files, async (cwd) => {
    await chmod(join(cwd, "tool"), 0o755);
    await writeFile(
      join(cwd, "drive.bash"),
      `source ./script.bash
COMP_LINE=$1 COMP_POINT=\${#1}; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_tool_complete
printf '%s\\n' "\${COMPREPLY[@]}"
`,
    );
    const out = execFileSync("bash", ["drive.bash", line, ...words], {
      cwd,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return {
      asked: await readFile(join(cwd, "asked"), "utf8"),
      replies: out.split("\n").filter((reply) => reply !== ""),
    };
  });
}

test.each([
  ["./tool re", ["./tool", "re"], "recipe\tmake one\n:4\n", "<__complete><re>", ["recipe"]],
  ["./tool recipe ", ["./tool", "recipe", ""], "list\tshow\n:4\n", "<__complete><recipe><>", ["list"]],
  [
    "./tool recipe --gpu=h",
    ["./tool", "recipe", "--gpu", "=", "h"],
    "--gpu=h100\n--gpu=h200\n:4\n",
    "<__complete><recipe><--gpu=h>",
    ["h100", "h200"],
  ],
  [
    "./tool bundle --set gpu-operator:d",
    ["./tool", "bundle", "--set", "gpu-operator", ":", "d"],
    "gpu-operator:driver\n:6\n",
    "<__complete><bundle><--set><gpu-operator:d>",
    ["driver"],
  ],
  [
    "./tool bundle -r rec",
    ["./tool", "bundle", "-r", "rec"],
    ":0\n",
    "<__complete><bundle><-r><rec>",
    ["recipe one.yaml", "records"],
  ],
  [
    "./tool recipe --data rec",
    ["./tool", "recipe", "--data", "rec"],
    ":16\n",
    "<__complete><recipe><--data><rec>",
    ["records"],
  ],
  ["./tool x", ["./tool", "x"], ":4\n", "<__complete><x>", []],
])("bash completes %j", async (line, words, answer, asked, replies) => {
  const seen = await inBash(line, words, answer);
  expect([seen.asked, seen.replies.sort()]).toEqual([asked, replies]);
});

test("bash runs nothing that stands in a line or in an answer", async () => {
  const seen = await inBash(
    "./tool '$(touch hacked)'",
    ["./tool", "$(touch hacked)"],
    "$(touch hacked)\n`touch hacked`\n:4\n",
  );
  expect(seen).toEqual({ asked: "<__complete><$(touch hacked)>", replies: ["$(touch hacked)", "`touch hacked`"] });
});

test.each(SHELLS)("the whole script for %s", async (shell) => {
  await expect(completionScript(shell, "tool")).toMatchFileSnapshot(`testdata/tool.${shell}`);
});

test("bash takes its script without complaint", () => {
  expect(execFileSync("bash", ["-n"], { input: completionScript("bash", "tool"), encoding: "utf8" })).toBe("");
});
