/** `npm run bench aicr`, first half: whole processes, as ratios to an empty program compiled alike and to `node -e 0`. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureInTurn, type Measured } from "./measure.ts";

const root = join(import.meta.dirname, "..");
const aicr = join(root, "dist/bin/aicr");
const CLUSTER = [
  "--service",
  "eks",
  "--accelerator",
  "h100",
  "--intent",
  "training",
  "--os",
  "ubuntu",
  "--platform",
  "kubeflow",
];
const SELECTOR = "components.gpu-operator.values.driver.version";
const DEPLOYERS = ["helm", "argocd", "flux", "helmfile"];

/** Measures and prints the table. Needs `dist/bin/aicr` (`npm run build`). */
export function benchProcesses(runs: number): void {
  const work = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  try {
    const empty = join(work, "empty");
    writeFileSync(`${empty}.ts`, "");
    const bun = join(root, "node_modules/.bin/bun");
    execFileSync(bun, ["build", "--compile", "--minify", "--bytecode", `${empty}.ts`, "--outfile", empty], {
      stdio: "ignore",
    });
    const recipe = join(work, "recipe.yaml");
    execFileSync(aicr, ["recipe", ...CLUSTER, "-o", recipe], { stdio: "ignore" });
    const programs = new Map<string, Measured>([
      ["empty program", { command: [empty] }],
      ["node -e 0", { command: [process.execPath, "-e", "0"] }],
      ["aicr --version", { command: [aicr, "--version"] }],
      ["aicr recipe", { command: [aicr, "recipe", ...CLUSTER] }],
      ["aicr query", { command: [aicr, "query", ...CLUSTER, "--selector", SELECTOR] }],
      ...DEPLOYERS.flatMap((deployer) => bundles(deployer, recipe, join(work, deployer))),
    ]);
    print(measureInTurn(programs, runs));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Into a folder that is not there yet, then into the one that this made. */
function bundles(deployer: string, recipe: string, folder: string): readonly [string, Measured][] {
  const command = [aicr, "bundle", "-r", recipe, "-o", folder, "-d", deployer];
  const before = (): void => rmSync(folder, { recursive: true, force: true });
  return [
    [`aicr bundle ${deployer}`, { command, before }],
    [`aicr bundle ${deployer}, again`, { command }],
  ];
}

function print(costs: ReturnType<typeof measureInTurn>): void {
  const empty = costs.get("empty program")?.wall ?? Number.NaN;
  const node = costs.get("node -e 0")?.wall ?? Number.NaN;
  console.log("PROGRAM                      MEDIAN ms   LEAST ms   x EMPTY   x NODE   PEAK MiB");
  for (const [name, { wall, least, peak }] of costs) {
    const figures = [wall.toFixed(1).padStart(9), least.toFixed(1).padStart(10), (wall / empty).toFixed(1).padStart(9)];
    console.log(
      `${name.padEnd(29)}${figures.join(" ")} ${(wall / node).toFixed(2).padStart(8)} ${peak.toFixed(0).padStart(10)}`,
    );
  }
}
