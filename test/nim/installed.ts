import { spawnSync } from "node:child_process";

/**
 * Whether a program that tests want is on this machine. Where it is not, that is said loudly; with CI=true it is an error.
 */
export function isInstalled(program: string): boolean {
  const { status } = spawnSync("sh", ["-c", 'command -v "$1"', "sh", program], { stdio: "ignore" });
  if (status === 0) return true;
  if (process.env["CI"] === "true") throw new Error(`${program} is not installed`);
  process.stderr.write(`\n*** ${program} is not installed: the tests that need it are not run\n\n`);
  return false;
}
