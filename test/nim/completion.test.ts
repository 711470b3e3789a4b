import { execFileSync } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startCluster, type Cluster } from "@slipway/kube/testing";
import { NIM_RESOURCES } from "@slipway/serving";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../aicr.ts";
import { built } from "../built.ts";
import { kubectlBinary } from "../tools.ts";
import { isInstalled } from "./installed.ts";

// The shells themselves complete lines, with kubectl in front of the plugin and without.

let cluster: Cluster;
let home: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  const { kubectlNim, completer } = await built();
  const kubectl = (await kubectlBinary()) ?? "";
  home = await mkdtemp(join(tmpdir(), "slipway-completion-"));
  for (const [name, target] of Object.entries({
    kubectl,
    "kubectl-nim": kubectlNim,
    "kubectl_complete-nim": completer,
  }))
    await symlink(target, join(home, name));
  cluster = await startCluster({
    namespaces: ["nim", "lab"],
    contextNamespace: "nim",
    resources: Object.values(NIM_RESOURCES),
  });
  for (const [kind, namespace, name] of [
    ["NIMService", "nim", "llama"],
    ["NIMService", "nim", "mixtral"],
    ["NIMCache", "nim", "llama-cache"],
    ["NIMService", "lab", "phi"],
  ] as const)
    cluster.put({ apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata: { namespace, name } });
  env = { PATH: `${home}:${process.env["PATH"] ?? ""}`, KUBECONFIG: cluster.kubeconfig, TERM: "xterm", HOME: home };
});

afterAll(async () => {
  await cluster.close();
  await rm(home, { recursive: true, force: true });
});

const LINES = [
  ["get nims", ["nimservice"]],
  ["get nimservice ", ["llama", "mixtral"]],
  ["get nimservice -n lab ", ["phi"]],
  ["get nimservice/ll", ["nimservice/llama"]],
  ["get nimcache --igno", ["--ignore-not-found"]],
  ["delete nimservice llama mi", ["mixtral"]],
  ["create ", ["nimservice", "nimcache"]],
  ["create nimservice x --service-type ", ["ClusterIP", "NodePort", "LoadBalancer"]],
  ["create nimservice x --nimcache-storage-name ", ["llama-cache"]],
  ["logs ", ["stream", "collect"]],
  ["status nimcache ll", ["llama-cache"]],
  ["explain ll", ["llama", "llama-cache"]],
] as const;

async function inFish(script: string, line: string): Promise<readonly string[]> {
  const command = `${script} | source; complete -C "$argv[1]"`;
  const { stdout, stderr } = await call(["fish", "--no-config", "-c"], [command, line], { cwd: home, env });
  expect(stderr).toBe("");
  return stdout.split("\n").flatMap((row) => (row === "" ? [] : [row.split("\t")[0] ?? ""]));
}

test.for(LINES)("kubectl asks the plugin what may follow: kubectl nim %s", async ([line, expected]) => {
  const words = line.split(" ");
  const { exit, stdout } = await call(["kubectl"], ["__complete", "nim", ...words], { cwd: home, env });
  expect(exit).toBe(0);
  const rows = stdout.split("\n").filter((row) => row !== "" && !row.startsWith(":"));
  expect(rows.map((row) => row.split("\t")[0])).toEqual(expected);
});

test.skipIf(!isInstalled("fish")).for(LINES)("fish, behind kubectl: kubectl nim %s", async ([line, expected]) => {
  const found = await inFish("kubectl completion fish", `kubectl nim ${line}`);
  expect([...found].sort()).toEqual([...expected].sort());
});

test.skipIf(!isInstalled("fish")).for(LINES)("fish: kubectl-nim %s", async ([line, expected]) => {
  const found = await inFish("kubectl-nim completion fish", `kubectl-nim ${line}`);
  expect([...found].sort()).toEqual([...expected].sort());
});

test.for(LINES)("bash: kubectl-nim %s", async ([line, expected]) => {
  const words = ["kubectl-nim", ...line.split(" ")];
  const script = `source <(kubectl-nim completion bash)
COMP_LINE="kubectl-nim $1" COMP_POINT=$((\${#1} + 12)); shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_kubectl-nim_complete
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await call(["bash", "-c"], [script, "bash", line, ...words], { cwd: home, env });
  expect(stderr).toBe("");
  expect(stdout.split("\n").filter((reply) => reply !== "")).toEqual(expected);
});

test.skipIf(!isInstalled("zsh") || !isInstalled("tmux"))("zsh, in a terminal", async () => {
  await writeFile(
    join(home, ".zshrc"),
    "PS1='$ '; autoload -Uz compinit; compinit -u -D; source <(kubectl-nim completion zsh)\n",
  );
  const socket = join(home, "tmux");
  const tmux = (...args: readonly string[]): string =>
    execFileSync("tmux", ["-S", socket, ...args], { env, encoding: "utf8" });
  tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", "zsh -i");
  try {
    await screen(tmux, (text) => text.startsWith("$"));
    for (const [typed, completed] of [
      ["kubectl-nim get nimservice -n lab ", "kubectl-nim get nimservice -n lab phi"],
      ["kubectl-nim del", "$ kubectl-nim delete"],
      ["kubectl-nim create nimservice x --service-type Node", "--service-type NodePort"],
    ] as const) {
      tmux("send-keys", "C-u", `${typed}\t`);
      expect(await screen(tmux, (text) => text.includes(completed))).toContain(completed);
    }
  } finally {
    tmux("kill-server");
  }
});

async function screen(
  tmux: (...args: readonly string[]) => string,
  isThere: (text: string) => boolean,
): Promise<string> {
  const end = Date.now() + 20_000;
  let text = "";
  while (Date.now() < end) {
    text = tmux("capture-pane", "-p");
    if (isThere(text)) return text;
    await sleep(50);
  }
  throw new Error(`the terminal shows something else:\n${text}`);
}
