import { SHELLS, completionScript } from "@slipway/terminal/completion";
import { expect, test } from "vitest";
import { inWorkplace } from "../testing/aicr.ts";

test.each([
  ["re", "recipe\twrite the recipe for a kind of cluster\n:4\n"],
  ["recipe ''", "list\tshow what the catalog covers\n:4\n"],
  ["recipe --service g", "gke\n:4\n"],
  ["recipe --gpu=gb", "--gpu=gb200\n:4\n"],
  ["query --os ''", "amazonlinux\ncos\nrhel\ntalos\nubuntu\nany\n:4\n"],
  ["query --selector c", "components.\nconstraints\ncriteria\n:6\n"],
  ["query --selector components.gpu", "components.gpu-operator\tNVIDIA GPU Operator\n:6\n"],
  [
    "query --selector components.gpu-operator.v",
    "components.gpu-operator.version\ncomponents.gpu-operator.values\n:6\n",
  ],
  ["bundle -d h", "helm\nhelmfile\n:4\n"],
  ["bundle --set gpu", "gpu-operator:\tNVIDIA GPU Operator\ngpuoperator:\tNVIDIA GPU Operator\n:6\n"],
  ["bundle -r ''", ":0\n"],
  ["recipe --data ''", ":16\n"],
  ["verify --min-trust-level u", "unknown\nunverified\n:4\n"],
  ["verify ''", ":0\n"],
  ["diff a ''", ":0\n"],
  ["sn", "snapshot\tmeasure a node and its cluster\n:4\n"],
  ["snapshot --filter os,t", "os,topology\n:4\n"],
  ["snapshot --exclude k", "k8s\n:4\n"],
  ["snapshot --nodes a", "all\n:4\n"],
  ["snapshot -t t", "table\n:4\n"],
  ["snapshot -o ''", ":0\n"],
  ["snapshot --template ''", ":0\n"],
  ["snapshot --on-change ''", ":0\n"],
  [
    "snapshot --print",
    "--print-rbac\tprint the objects that it needs, for review, and do nothing; no cluster is asked\n:4\n",
  ],
  ["snapshot --host-r", ":4\n"],
  ["drift -r ''", ":0\n"],
  ["drift -t t", "text\n:4\n"],
  ["drift -k ''", ":0\n"],
  ["diff a b --format p", "patch\n:4\n"],
  ["completion ''", "bash\nzsh\nfish\npowershell\n:4\n"],
])("aicr %s is completed", async (line, out) => {
  await inWorkplace({}, async ({ run }) => {
    expect(await run(`__complete ${line}`)).toEqual({ exit: 0, out, err: "" });
  });
});

test.each(SHELLS)(
  "aicr completion %s prints the script of the shell, whatever a configuration file holds",
  async (shell) => {
    await inWorkplace({ "home/.config/aicr/config.yaml": "defaults: [\n" }, async ({ both, cwd }) => {
      expect(await both(`completion ${shell}`, { env: { HOME: `${cwd}/home` } })).toEqual({
        exit: 0,
        out: completionScript(shell, "aicr"),
        err: "",
      });
    });
  },
);

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
