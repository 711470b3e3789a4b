/**
 * `npm run docs`: runs every command of the ```console blocks in the README and in docs/, and puts what it printed below
 * it, on all pages or those named. `npm run docs -- --check` changes nothing and ends with 1 when a page says something else.
 *
 * A command stands behind `$ ` and may go on over lines that end with a backslash, or up to `END` after `<<'END'`. A `…` as the last line of an output
 * means that only the lines before it are shown. Each page has a folder of its own, in which its commands run in order. A
 * comment in the page gives them a GPU node to measure or a cluster: see docs/workplace.ts.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workplaceFor } from "./docs/workplace.ts";

const root = join(import.meta.dirname, "..");

/** The page with the output of each command as it is now. */
export async function renderPage(page: string): Promise<string> {
  const workplace = await workplaceFor(page);
  try {
    const parts: string[] = [];
    let done = 0;
    for (const match of page.matchAll(/^```console\n([^]*?)^```$/gm)) {
      const block = await renderBlock(match[1] ?? "", (command) => workplace.run(command));
      parts.push(page.slice(done, match.index), `\`\`\`console\n${block}\`\`\``);
      done = match.index + match[0].length;
    }
    return [...parts, page.slice(done)].join("");
  } finally {
    await workplace.close();
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

async function renderBlock(block: string, run: (command: string) => Promise<string>): Promise<string> {
  const rendered: string[] = [];
  for (const { command, shown } of commandsOf(block)) {
    const output = await run(command.replace(/^\$ /, ""));
    const lines = output.trimEnd() === "" ? [] : output.trimEnd().split("\n");
    const kept = shown.at(-1) === "…" ? [...lines.slice(0, shown.length - 1), "…"] : lines;
    rendered.push(`${[command, ...kept].join("\n")}\n`);
  }
  return rendered.join("");
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes("--check");
  const named = process.argv.slice(2).filter((word) => !word.startsWith("-"));
  for (const path of pages().filter((page) => named.length === 0 || named.includes(page))) {
    const before = readFileSync(join(root, path), "utf8");
    const after = await renderPage(before);
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
