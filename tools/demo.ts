/** `npm run demo`: the main job of Slipway on this machine, each command printed with what it prints. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNimDocsCluster } from "./docs/nim-cluster.ts";

const apps = join(import.meta.dirname, "..", "apps");

interface Step {
  readonly say: string;
  /** What a user would type, word by word. */
  readonly command: readonly string[];
  /** How many lines of the output to show; the rest is counted. */
  readonly lines?: number;
  /** The exit status that the step shows; 0 unless told. */
  readonly exit?: number;
}

const CLUSTER = ["--service", "eks", "--accelerator", "h100", "--intent", "training", "--os", "ubuntu"];

const STEPS: readonly Step[] = [
  { say: "What is covered?", command: ["aicr", "recipe", "list", "--service", "eks"], lines: 8 },
  {
    say: "A version-locked recipe for one kind of cluster.",
    command: ["aicr", "recipe", ...CLUSTER, "--platform", "kubeflow", "-o", "recipe.yaml"],
  },
  {
    say: "The same as a table for people.",
    command: ["aicr", "recipe", ...CLUSTER, "--platform", "kubeflow", "--format", "table"],
    lines: 32,
  },
  {
    say: "One value of it, bare, for scripts.",
    command: ["aicr", "query", ...CLUSTER, "--selector", "components.gpu-operator.version"],
  },
  {
    say: "Which layer set a value, and what did it replace?",
    command: ["aicr", "query", ...CLUSTER, "--selector", "components.gpu-operator.dependencyRefs", "--explain"],
  },
  {
    say: "The same for a value that the command line sets.",
    command: [
      "aicr",
      "query",
      ...CLUSTER,
      "--set",
      "gpuoperator:driver.version=570.86.16",
      "--selector",
      "components.gpu-operator.values.driver.version",
      "--explain",
    ],
  },
  {
    say: "All that installs it, for Helm (argocd, flux and helmfile likewise).",
    command: ["aicr", "bundle", "-r", "recipe.yaml", "-o", "bundle", "--set", "gpuoperator:driver.version=570.86.16"],
  },
  { say: "Is it what was made?", command: ["aicr", "verify", "bundle"] },
  { say: "A rehearsal of the installation: nothing is run.", command: ["./bundle/deploy.sh", "--dry-run"], lines: 12 },
  {
    say: "The same cluster for inference, and what that changes.",
    command: [
      "aicr",
      "recipe",
      "--service",
      "eks",
      "--accelerator",
      "h100",
      "--intent",
      "inference",
      "--os",
      "ubuntu",
      "-o",
      "inference.yaml",
    ],
  },
  { say: "", command: ["aicr", "diff", "recipe.yaml", "inference.yaml"], lines: 30 },
  { say: "Somebody changes a file.", command: ["cp", "inference.yaml", "bundle/gpu-operator/values.yaml"] },
  { say: "", command: ["aicr", "verify", "bundle"], exit: 1 },
  {
    say: "What is this machine? (a GPU node, a pod, your laptop)",
    command: ["aicr", "snapshot", "--exclude", "k8s,topology", "-o", "before.yaml"],
  },
  {
    say: "Does it meet the recipe? Each failure says what to do.",
    command: [
      "aicr",
      "validate",
      "-r",
      "recipe.yaml",
      "-s",
      "before.yaml",
      "--no-cluster",
      "--phase",
      "readiness",
      "--fail-on-error=false",
      "-t",
      "table",
    ],
  },
  {
    say: "Later it has another kernel (played with sed): what changed?",
    command: ["sh", "-c", 'sed "/osrelease:/s/: .*/: 6.8.0-9999-demo/" before.yaml > after.yaml'],
  },
  { say: "", command: ["aicr", "diff", "before.yaml", "after.yaml"], lines: 12 },
  { say: "A misspelt word names the right one.", command: ["aicr", "recipe", "--accelerator", "h1000"], exit: 2 },
];

/** With a cluster: the API server of the tests, which has two GPU nodes, a NIM service that runs and one that does not. */
const CLUSTER_STEPS: readonly Step[] = [
  { say: "A cluster (played by the tests' API server): is it ready for NIM?", command: ["kubectl", "nim", "doctor"] },
  { say: "Which model services are there?", command: ["kubectl", "nim", "get", "nimservice"] },
  { say: "One does not come up. Why?", command: ["kubectl", "nim", "explain", "llama-next"], exit: 1 },
  { say: "The other one answers.", command: ["kubectl", "nim", "chat", "llama", "What is a NIM?"] },
  {
    say: "A new one, checked before anything is sent.",
    command: [
      "kubectl",
      "nim",
      "create",
      "nimservice",
      "mixtral",
      "--image-repository=nvcr.io/nim/mistralai/mixtral-8x7b-instruct-v01",
      "--tag=1.8.4",
      "--nimcache-storage-name=llama-cache",
      "--gpu-limit=2",
    ],
  },
];

const work = await mkdtemp(join(tmpdir(), "slipway-demo-"));
try {
  for (const step of STEPS) await show(step, {});
  const nim = await startNimDocsCluster();
  for (const step of CLUSTER_STEPS) await show(step, { KUBECONFIG: nim.cluster.kubeconfig });
  await nim.close();
} finally {
  await rm(work, { recursive: true, force: true });
}

async function show(step: Step, more: Readonly<Record<string, string>>): Promise<void> {
  if (step.say !== "") console.log(`\n# ${step.say}`);
  console.log(`$ ${step.command.map((word) => (/^[\w./:=,-]+$/.test(word) ? word : `'${word}'`)).join(" ")}`);
  const { output, exit } = await run(step.command, more);
  const lines = output.trimEnd().split("\n");
  const shown = lines.slice(0, step.lines ?? lines.length);
  if (output.trim() !== "") console.log(shown.join("\n"));
  if (lines.length > shown.length) console.log(`… ${lines.length - shown.length} more lines`);
  if (exit !== (step.exit ?? 0)) throw new Error(`expected exit status ${step.exit ?? 0}, got ${exit}`);
  if (exit !== 0) console.log(`[exit status ${exit}]`);
}

function run(
  command: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<{ output: string; exit: number }> {
  const [program = "", ...args] = command;
  const ours: Readonly<Record<string, readonly string[]>> = {
    aicr: [join(apps, "aicr/src/main.ts"), ...args],
    // kubectl finds the plugin by its name; here there may be no kubectl.
    kubectl: [join(apps, "kubectl-nim/src/main.ts"), ...args.slice(1)],
  };
  const words = ours[program] ?? args;
  const file = program in ours ? process.execPath : program;
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, {
      cwd: work,
      env: { ...process.env, ...more },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (part: string): void => void (output += part);
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", reject).on("close", (code) => resolve({ output, exit: code ?? 1 }));
  });
}
