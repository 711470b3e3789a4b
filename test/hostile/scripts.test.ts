import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call } from "../aicr.ts";
import { built } from "../built.ts";
import { lay } from "./case.ts";
import { ALONE, data } from "./data.ts";

// Whatever a recipe holds reaches the programs that scripts call as the text that it is, and no shell reads it.

let binary: readonly string[];
let work: string;

beforeAll(async () => {
  binary = [(await built()).binary];
});

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), "slipway-scripts-"));
});

afterEach(async () => {
  await rm(work, { recursive: true, force: true });
});

/** Notes its arguments, and prints nothing. */
const RECORDER = `#!/bin/bash\n{ printf '%s\\0' "\${0##*/}" "$@"; echo; } >>"$RECORD"\n`;

/** A recipe in which a text is, each in a component of its own, all that reaches a command. */
function recipeWith(text: string): string {
  const components = [
    { name: "a-source", source: text },
    { name: "a-version", source: "https://charts.example.com", version: text },
    { name: "a-chart", source: "https://charts.example.com", chart: text },
    { name: "a-namespace", source: "https://charts.example.com", namespace: text },
    { name: "an-oci-source", source: `oci://${text}`, version: text },
    { name: "a-kustomization", type: "Kustomize", source: text, path: text, tag: text },
    { name: "a-manifest", manifestFiles: [manifestOf(text)], namespace: "a" },
    ...(/[/\\]/.test(text) ? [] : [{ name: text, source: "https://charts.example.com" }]),
  ];
  return JSON.stringify({ componentRefs: components, deploymentOrder: components.map(({ name }) => name) });
}

function manifestOf(text: string): string {
  return `components/one/${text.replaceAll(/[/\\]/g, "_")}.yaml`;
}

async function bundle(text: string): Promise<void> {
  const manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
  await lay(work, { ...data({ files: { [`d/${manifestOf(text)}`]: manifest } }), "r.json": recipeWith(text) });
  const outcome = await call(binary, ["bundle", "-r", "r.json", "-o", "out", ...ALONE], { cwd: work });
  expect(outcome).toMatchObject({ exit: 0 });
}

async function scripts(): Promise<readonly string[]> {
  const names = await readdir(join(work, "out"), { recursive: true });
  return names.filter((name) => name.endsWith(".sh"));
}

/** Runs a script of the bundle in the bundle's folder; gives the calls that it made, each with its arguments. */
async function calls(script: string, ...args: readonly string[]): Promise<readonly (readonly string[])[]> {
  for (const program of ["helm", "kubectl", "sleep"]) {
    await writeFile(join(work, program), RECORDER);
    await chmod(join(work, program), 0o755);
  }
  const record = join(work, "record");
  await writeFile(record, "");
  const env = { PATH: `${work}:${process.env["PATH"]}`, RECORD: record };
  const outcome = await call(["bash", `./${script}`], args, { cwd: join(work, "out"), env });
  expect({ exit: outcome.exit, stderr: outcome.stderr }).toEqual({ exit: 0, stderr: "" });
  const lines = (await readFile(record, "utf8")).split("\0\n").slice(0, -1);
  return lines.map((line) => line.split("\0"));
}

async function marks(): Promise<readonly string[]> {
  const names = await readdir(work, { recursive: true });
  return names.filter((name) => name.split("/").at(-1) === "MARK");
}

describe.each([
  "$(touch MARK)",
  "`touch MARK`",
  "';touch MARK;'",
  '";touch MARK;"',
  "\\';touch MARK;\\'",
  "x; touch MARK",
  "x && touch MARK",
  "x | touch MARK",
  "<(touch MARK)",
  "${IFS}touch${IFS}MARK",
  "{touch,MARK}",
  "a b  c",
  "*",
  "~",
  "#x",
  "!!",
  "%s%n",
  "=x",
  "END",
])("the text %j", (text) => {
  test("stays inert in every script", async () => {
    await bundle(text);
    const files = await scripts();
    expect(files.length).toBeGreaterThan(15);
    const syntax = await call(["bash", "-c", 'for file; do bash -n "$file" || exit 1; done', "bash"], files, {
      cwd: join(work, "out"),
    });
    expect(syntax).toMatchObject({ exit: 0, stderr: "" });
    expect(await calls("deploy.sh", "--dry-run")).toEqual([]);
    expect(await calls("undeploy.sh", "--dry-run")).toEqual([]);
    const installs = (await calls("deploy.sh")).filter(([program, verb]) => program === "helm" && verb === "upgrade");
    expect(installs.map((args) => args.slice(1, 9)).filter((args) => args.includes(text)).length).toBeGreaterThan(2);
    const kustomized = (await calls("a-kustomization/install.sh"))
      .flat()
      .filter((arg) => arg.includes(`${text}//${text}`));
    expect(kustomized.length).toBeGreaterThan(0);
    await calls("undeploy.sh");
    expect(await marks()).toEqual([]);
  });
});

test.each([
  ["source", "--post-renderer=./x"],
  ["version", "-x"],
  ["chart", "--debug"],
  ["namespace", "-n"],
])("a %s that a program would take for an option is refused", async (field, text) => {
  const component = { name: "one", source: "https://charts.example.com", [field]: text };
  await lay(work, { ...data(), "r.json": JSON.stringify({ componentRefs: [component] }) });
  expect(await call(binary, ["bundle", "-r", "r.json", "-o", "out", ...ALONE], { cwd: work })).toMatchObject({
    exit: 2,
    stdout: "",
    stderr: `error: one.${field}: "${text}" starts with a dash, so a program would take it for an option\n`,
  });
});

test.each(["source", "version", "chart", "namespace", "name"])("a line break in a %s is refused", async (field) => {
  const component = { name: "one", source: "https://charts.example.com", [field]: "a\ntouch MARK\n" };
  await lay(work, { ...data(), "r.json": JSON.stringify({ componentRefs: [component] }) });
  const { exit, stdout, stderr } = await call(binary, ["bundle", "-r", "r.json", "-o", "out", ...ALONE], { cwd: work });
  expect({ exit, stdout }).toEqual({ exit: 2, stdout: "" });
  expect(stderr).toMatch(/control character/);
});
