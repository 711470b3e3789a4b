/**
 * `npm run docs`: runs every command of the ```console blocks in the README and in docs/, and puts what it printed below
 * it. `npm run docs -- --check` changes nothing and ends with 1 when a page says something else.
 *
 * A command stands behind `$ ` and may go on over lines that end with a backslash, or up to `END` after `<<'END'`. A `…` as the last line of an output
 * means that only the lines before it are shown. Each page has a folder of its own, in which its commands run in order.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(import.meta.dirname, "..");

/** The page with the output of each command as it is now. */
export function renderPage(page: string): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-docs-"));
  try {
    writeFileSync(
      join(folder, ".aicr"),
      `#!/bin/sh\nexec "${process.execPath}" "${root}/apps/aicr/src/main.ts" "$@"\n`,
      { mode: 0o755 },
    );
    const run = (command: string): string => runIn(folder, command);
    return page.replaceAll(
      /^```console\n([^]*?)^```$/gm,
      (_, block: string) => `\`\`\`console\n${renderBlock(block, run)}\`\`\``,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pages that hold commands, as paths from the root. */
export function pages(): readonly string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "README.md", "docs/*.md"],
    { cwd: root, encoding: "utf8" },
  );
  return listed
    .split("\n")
    .filter((path) => path !== "" && readFileSync(join(root, path), "utf8").includes("```console\n"));
}

function renderBlock(block: string, run: (command: string) => string): string {
  return commandsOf(block)
    .map(({ command, shown }) => {
      const output = run(command.replace(/^\$ /, ""));
      const lines = output.trimEnd() === "" ? [] : output.trimEnd().split("\n");
      const kept = shown.at(-1) === "…" ? [...lines.slice(0, shown.length - 1), "…"] : lines;
      return `${[command, ...kept].join("\n")}\n`;
    })
    .join("");
}

interface Shown {
  readonly command: string;
  readonly shown: readonly string[];
}

function commandsOf(block: string): readonly Shown[] {
  const found: { command: string; shown: string[] }[] = [];
  for (const line of block.split("\n").slice(0, -1)) {
    const last = found.at(-1);
    if (last !== undefined && goesOn(last.command)) last.command += `\n${line}`;
    else if (line.startsWith("$ ")) found.push({ command: line, shown: [] });
    else last?.shown.push(line);
  }
  return found;
}

/** Whether the next line belongs to a command too: after a backslash, and up to the END of a document given with it. */
function goesOn(command: string): boolean {
  return command.endsWith("\\") || (command.includes("<<'END'") && !command.endsWith("\nEND"));
}

/** What a command prints, standard error included, and its exit status when that is not 0. */
function runIn(folder: string, command: string): string {
  const script = `aicr() { "${folder}/.aicr" "$@"; }\n${command}`;
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, LANG: "C.UTF-8" };
  const { stdout, status } = spawnSync("bash", ["-c", `exec 2>&1\n${script}`], { cwd: folder, env, encoding: "utf8" });
  const shown = stdout.replaceAll(folder, "~/gpu");
  return status === 0 ? shown : `${shown.trimEnd()}\n[exit status ${status}]\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes("--check");
  for (const path of pages()) {
    const before = readFileSync(join(root, path), "utf8");
    const after = renderPage(before);
    if (after === before) continue;
    if (check) {
      console.error(`${path} does not say what its commands print: run "npm run docs"`);
      process.exitCode = 1;
    } else {
      writeFileSync(join(root, path), after);
      console.error(`${path}: written anew`);
    }
  }
}
