import { readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { listAt, parseJson, parseYaml, parseYamlDocuments, textAt, valueAt } from "@slipway/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AICR_SOURCE, type Outcome } from "../aicr.ts";
import { exampleTool } from "./tools.ts";
import { EXAMPLES, PATIENT, workplace, type Workplace } from "./workplace.ts";

const SUCCESS = { exit: 0, stdout: "", stderr: "" };
const files = (await readdir(EXAMPLES, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(EXAMPLES.length + 1))
  .sort();
const scripts = files.filter((file) => file.endsWith(".sh"));
const shellcheck = await exampleTool("shellcheck");
const actionlint = await exampleTool("actionlint");
const promtool = await exampleTool("promtool");
const systemdAnalyze = await exampleTool("systemdAnalyze");
const ansible = await exampleTool("ansible");

let place: Workplace;

beforeEach(async () => {
  place = await workplace();
  await place.take(".", "examples");
});

afterEach(async () => {
  await place.close();
});

/** Runs a linter in the copy of the examples; what it used of memory is of no interest. */
async function lint(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { exit, stdout, stderr } = await place.run(command, env);
  return { exit, stdout, stderr };
}

test("every folder has a README that the index names, and the index names no other", async () => {
  const folders = [...new Set(files.filter((file) => file.includes("/")).map((file) => file.split("/")[0] ?? ""))];
  const index = await readFile(join(EXAMPLES, "README.md"), "utf8");
  const named = [...index.matchAll(/\]\(([a-z-]+)\/README\.md\)/g)].map(([, name = ""]) => name);
  expect([...named].sort()).toEqual(folders);
  expect(folders.filter((folder) => !files.includes(`${folder}/README.md`))).toEqual([]);
});

test.each(files.filter((file) => /\.ya?ml$/.test(file)))("%s is YAML", async (file) => {
  expect(parseYamlDocuments(await readFile(join(EXAMPLES, file), "utf8"), file).length).toBeGreaterThan(0);
});

test.each(scripts)("sh can read %s, and it stops at the first failure", async (file) => {
  expect(await lint(["sh", "-n", join("examples", file)])).toEqual(SUCCESS);
  const text = await readFile(join(EXAMPLES, file), "utf8");
  expect(text.split("\n").filter((line) => /^(#!|set -eu)/.test(line))).toEqual(["#!/bin/sh", "set -eu"]);
});

test.skipIf(shellcheck === undefined)("shellcheck has nothing to say", async () => {
  const paths = scripts.map((file) => join("examples", file));
  expect(await lint([shellcheck ?? "", "--enable=all", "--exclude=SC2154,SC2250,SC2310,SC2312", ...paths])).toEqual(
    SUCCESS,
  );
});

test.skipIf(actionlint === undefined)("actionlint has nothing to say about the GitHub workflow", async () => {
  await place.write({ "labels.yaml": "self-hosted-runner:\n  labels: [gpu]\n" });
  const command = [actionlint ?? "", "-config-file", "labels.yaml", "examples/github-actions/gpu-config.yml"];
  expect(await lint(command)).toEqual(SUCCESS);
});

describe("the GitLab pipeline", PATIENT, () => {
  /** What GitLab's schema and a reader of pipelines say of it. */
  async function read(): Promise<Outcome> {
    const [node = ""] = AICR_SOURCE;
    const reader = createRequire(import.meta.url).resolve("gitlab-ci-local");
    const author = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.com" };
    const committer = { GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.com" };
    await place.run(["git", "init", "--quiet", "--initial-branch=main"]);
    await place.run(["git", "remote", "add", "origin", "https://gitlab.example.com/gpu/config.git"]);
    await place.run(["git", "commit", "--quiet", "--allow-empty", "--message=x"], { ...author, ...committer });
    return await place.run([node, reader, "--list-json", "--file", "examples/gitlab-ci/gitlab-ci.yml"]);
  }

  test("meets GitLab's schema", async () => {
    const { exit, stdout } = await read();
    expect(exit).toBe(0);
    expect(listAt(parseJson(stdout)).map((job) => textAt(job, "name"))).toEqual(["gpu-config"]);
  });

  test("would not, were a key misspelt", async () => {
    const path = join(place.folder, "examples/gitlab-ci/gitlab-ci.yml");
    await writeFile(path, (await readFile(path, "utf8")).replace("expire_in", "expires_in"));
    const { exit, stdout, stderr } = await read();
    expect(exit).toBe(1);
    expect(stdout + stderr).toContain("expires_in");
  });
});

describe.skipIf(promtool === undefined)("the Prometheus rules", () => {
  test("are rules, and raise what their tests say", async () => {
    expect(await place.run([promtool ?? "", "check", "rules", "examples/prometheus/rules.yml"])).toMatchObject({
      exit: 0,
    });
    const outcome = await place.run([promtool ?? "", "test", "rules", "examples/prometheus/rules.test.yml"]);
    expect(outcome).toMatchObject({ exit: 0, stderr: "" });
  });

  test("are covered: every alert is raised by a test", async () => {
    const rules = parseYaml(await readFile(join(EXAMPLES, "prometheus/rules.yml"), "utf8"));
    const alerts = listAt(rules, "groups").flatMap((group) =>
      listAt(group, "rules").map((rule) => textAt(rule, "alert")),
    );
    const cases = listAt(parseYaml(await readFile(join(EXAMPLES, "prometheus/rules.test.yml"), "utf8")), "tests");
    const raised = cases
      .flatMap((one) => listAt(one, "alert_rule_test"))
      .filter((one) => valueAt(one, "exp_alerts") !== undefined)
      .map((one) => textAt(one, "alertname"));
    expect([...raised].sort()).toEqual([...alerts].sort());
  });
});

describe.skipIf(systemdAnalyze === undefined)("the systemd units", () => {
  beforeEach(async () => {
    // The program of the unit must be there for the check.
    const path = join(place.folder, "examples/systemd/aicr-audit.service");
    const text = await readFile(path, "utf8");
    await writeFile(
      path,
      text.replace("/usr/local/lib/aicr/audit.sh", join(place.folder, "examples/systemd/audit.sh")),
    );
  });

  test("are read without a complaint", async () => {
    const units = ["aicr-audit.service", "aicr-audit.timer"].map((unit) => join("examples/systemd", unit));
    expect(await lint([systemdAnalyze ?? "", "verify", "--man=no", ...units])).toEqual(SUCCESS);
  });

  test("give the service little: exposure below 1 of 10", async () => {
    const command = [systemdAnalyze ?? "", "security", "--offline=true", "--threshold=10", "--no-pager"];
    const outcome = await place.run([...command, "examples/systemd/aicr-audit.service"]);
    expect({ exit: outcome.exit, stderr: outcome.stderr }).toEqual({ exit: 0, stderr: "" });
  });
});

test.skipIf(ansible === undefined)("ansible-lint has nothing to say, at its strictest", PATIENT, async () => {
  const bin = dirname(ansible ?? "");
  const flags = ["--offline", "--nocolor", "--profile=production", "--project-dir=examples/ansible"];
  const command = [join(bin, "ansible-lint"), ...flags, "examples/ansible/check-fleet.yml"];
  const outcome = await place.run(command, { PATH: `${bin}:${place.env["PATH"]}` });
  expect({ exit: outcome.exit, stdout: outcome.stdout }).toEqual({ exit: 0, stdout: "" });
});
