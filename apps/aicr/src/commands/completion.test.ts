import { expect, test } from "vitest";
import { inWorkplace } from "../testing/aicr.ts";

test.each([
  ["re", "recipe\twrite the recipe for a kind of cluster\n:4\n"],
  ["recipe ''", "list\tshow what the catalog covers\n:4\n"],
  ["recipe --service g", "gke\n:4\n"],
  ["recipe --gpu=gb", "--gpu=gb200\n:4\n"],
  ["query --os ''", "amazonlinux\ncos\nrhel\ntalos\nubuntu\nany\n:4\n"],
  ["bundle -d h", "helm\nhelmfile\n:4\n"],
  ["bundle --set gpu", "gpu-operator:\tNVIDIA GPU Operator\ngpuoperator:\tNVIDIA GPU Operator\n:6\n"],
  ["bundle -r ''", ":0\n"],
  ["recipe --data ''", ":16\n"],
  ["verify --min-trust-level u", "unknown\nunverified\n:4\n"],
  ["verify ''", ":0\n"],
  ["diff a ''", ":0\n"],
  ["completion ''", "bash\nzsh\nfish\npowershell\n:4\n"],
])("aicr %s is completed", async (line, out) => {
  await inWorkplace({}, async ({ run }) => {
    expect(await run(`__complete ${line}`)).toEqual({ exit: 0, out, err: "" });
  });
});

test.each(["bash", "zsh", "fish", "powershell"])("aicr completion %s prints a script", async (shell) => {
  await inWorkplace({}, async ({ both }) => {
    const { exit, out, err } = await both(`completion ${shell}`);
    expect([exit, err]).toEqual([0, ""]);
    expect(out).toContain("__complete");
  });
});

test.each([
  ["completion", "error: SHELL is missing: bash, zsh, fish or powershell\n  Usage: aicr completion SHELL\n"],
  [
    "completion bash zsh",
    'error: aicr completion takes one SHELL; what is "zsh"?\n' +
      "  Usage: aicr completion SHELL. For more than one, run it once for each.\n",
  ],
  [
    "completion bsh",
    'error: "bsh" is no shell that aicr completes: bash, zsh, fish or powershell\n  Did you mean "bash"?\n',
  ],
])("aicr %s", async (line, err) => {
  await inWorkplace({}, async ({ both }) => {
    expect(await both(line)).toEqual({ exit: 2, out: "", err });
  });
});
