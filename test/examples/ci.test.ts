import { access, readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { listAt, mapAt, parseJson, parseYaml, textAt, valueAt, type Tree } from "@slipway/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../aicr.ts";
import { fakeNvidiaSmi } from "./fake-gpu.ts";
import { NODE_RECIPE, nodeSnapshot } from "./snapshots.ts";
import { exampleTool } from "./tools.ts";
import { EXAMPLES, PATIENT, workplace, type Workplace } from "./workplace.ts";

const java = await exampleTool("java");
const groovy = java === undefined ? undefined : await exampleTool("groovy");

let place: Workplace;

// A repository as the READMEs say: the scripts in ci/, the documents in gpu/. SNAPSHOT stands for the GPU.
beforeEach(async () => {
  place = await workplace();
  await place.take("ci", "ci");
  await place.write({
    "gpu/baseline.yaml": nodeSnapshot(),
    "gpu/recipe.yaml": NODE_RECIPE,
    "same.yaml": nodeSnapshot(),
    "newer.yaml": nodeSnapshot({ driver: "580.82.07" }),
    "older.yaml": nodeSnapshot({ driver: "550.54.14", system: "22.04" }),
  });
});

afterEach(async () => {
  await place.close();
});

async function textOf(path: string): Promise<string> {
  return await readFile(join(place.folder, path), "utf8");
}

async function isThere(path: string): Promise<boolean> {
  return await access(join(place.folder, path)).then(
    () => true,
    () => false,
  );
}

describe("check-gpu-node.sh", PATIENT, () => {
  async function check(env: Readonly<Record<string, string>>): Promise<Outcome> {
    return await place.run(["sh", "ci/check-gpu-node.sh"], env);
  }

  test("says yes to a node that is like the baseline and meets the recipe, and keeps a report", async () => {
    const outcome = await check({ SNAPSHOT: "same.yaml" });
    expect(outcome).toMatchObject({ exit: 0 });
    expect(await readdir(join(place.folder, "gpu-report"))).toEqual([
      "changes.txt",
      "report.xml",
      "snapshot.yaml",
      "validation.txt",
    ]);
    expect(outcome.stdout).toContain(await textOf("gpu-report/validation.txt"));
    expect(await textOf("gpu-report/report.xml")).toMatch(/^<\?xml .*<testsuites .*failures="0"/s);
  });

  test("says no to a node that meets the recipe and is not like the baseline; names the driver", async () => {
    const outcome = await check({ SNAPSHOT: "newer.yaml" });
    expect(outcome).toMatchObject({ exit: 1 });
    expect(await textOf("gpu-report/changes.txt")).toMatch(/570\.86\.15.*580\.82\.07/s);
    expect(await textOf("gpu-report/report.xml")).toMatch(/failures="0"/);
  });

  test("takes a difference that is to be ignored for none", async () => {
    expect(await check({ SNAPSHOT: "newer.yaml", IGNORE: "GPU.smi.driver" })).toMatchObject({ exit: 0 });
  });

  test("compares with nothing where there is no baseline", async () => {
    expect(await check({ SNAPSHOT: "newer.yaml", BASELINE: "" })).toMatchObject({ exit: 0 });
    expect(await isThere("gpu-report/changes.txt")).toBe(false);
  });

  test("makes both checks when both say no", async () => {
    expect(await check({ SNAPSHOT: "older.yaml" })).toMatchObject({ exit: 1 });
    expect(await textOf("gpu-report/changes.txt")).toContain("550.54.14");
    expect(await textOf("gpu-report/validation.txt")).toContain("550.54.14");
    expect(await textOf("gpu-report/report.xml")).toMatch(/failures="2"/);
  });

  test("ends with the status of aicr when a document is missing", async () => {
    const outcome = await check({ SNAPSHOT: "same.yaml", RECIPE: "gpu/none.yaml" });
    expect(outcome.exit).toBe(3);
    expect(outcome.stderr).toContain("gpu/none.yaml");
  });

  test("measures the node where it is given no snapshot", async () => {
    await place.program("nvidia-smi", fakeNvidiaSmi({ driver: "570.86.15", gpus: 2 }));
    const outcome = await check({ BASELINE: "" });
    expect([0, 1]).toContain(outcome.exit);
    expect(await textOf("gpu-report/snapshot.yaml")).toMatch(/gpu-count: 2\b/);
    expect(await textOf("gpu-report/validation.txt")).toContain("passed\treadiness\tGPU.smi.driver\t");
  });
});

test("the summary of a run holds what was found, whatever that holds", async () => {
  await place.write({ "gpu-report/changes.txt": "```\nOS.x: a -> b\n" });
  const outcome = await place.run(["sh", "ci/write-summary.sh"], { GITHUB_STEP_SUMMARY: "summary.md" });
  expect(outcome).toMatchObject({ exit: 0, stderr: "" });
  expect(await textOf("summary.md")).toBe("### changes\n\n````text\n```\nOS.x: a -> b\n````\n\n");
});

describe("the pipelines, run as their runners do", PATIENT, () => {
  const variables = (from: Tree | undefined): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.keys(mapAt(from)).map((name) => [name, textAt(from, name)]));

  test.each([
    ["same.yaml", 0],
    ["older.yaml", 1],
  ])("GitLab's job, for %s, ends with %d", async (snapshot, exit) => {
    const job = valueAt(parseYaml(await readFile(join(EXAMPLES, "gitlab-ci/gitlab-ci.yml"), "utf8")), "gpu-config");
    const script = listAt(job, "script").map(String).join("\n");
    const env = { ...variables(valueAt(job, "variables")), SNAPSHOT: snapshot };
    expect(await place.run(["bash", "-eo", "pipefail", "-c", script], env)).toMatchObject({ exit });
    expect(await isThere(textAt(job, "artifacts", "reports", "junit"))).toBe(true);
  });

  test.each([
    ["same.yaml", 0],
    ["older.yaml", 1],
  ])("GitHub's steps, for %s: the check ends with %d, and the summary is written", async (snapshot, exit) => {
    const workflow = parseYaml(await readFile(join(EXAMPLES, "github-actions/gpu-config.yml"), "utf8"));
    const job = valueAt(workflow, "jobs", "check");
    const env = { ...variables(valueAt(job, "env")), SNAPSHOT: snapshot, GITHUB_STEP_SUMMARY: "summary.md" };
    const steps = listAt(job, "steps").filter((step) => textAt(step, "run") !== "");
    const exits = [];
    for (const step of steps) {
      const run = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", textAt(step, "run")];
      exits.push([textAt(step, "name"), textAt(step, "if"), (await place.run(run, env)).exit]);
    }
    expect(exits).toEqual([
      ["Measure and compare", "", exit],
      ["Summary", "always()", 0],
    ]);
    expect(await textOf("summary.md")).toContain("### validation");
  });

  describe.skipIf(java === undefined || groovy === undefined)("Jenkins", PATIENT, () => {
    async function jenkins(snapshot: string): Promise<Outcome> {
      const jars = join(dirname(groovy ?? ""), "*");
      const runner = join(import.meta.dirname, "jenkins.groovy");
      const command = [java ?? "", "-cp", jars, "groovy.ui.GroovyMain", runner, "Jenkinsfile", place.folder];
      return await place.run(command, { SNAPSHOT: snapshot });
    }

    beforeEach(async () => {
      await place.take("jenkins/Jenkinsfile", "Jenkinsfile");
    });

    test.each([
      ["same.yaml", "SUCCESS"],
      ["older.yaml", "FAILURE"],
    ])("runs the pipeline: for %s the result is %s, and the report is kept", async (snapshot, result) => {
      const outcome = await jenkins(snapshot);
      expect(outcome).toMatchObject({ exit: 0, stderr: "" });
      const run = parseJson(outcome.stdout);
      expect(textAt(run, "result")).toBe(result);
      expect(listAt(run, "steps").map((step) => textAt(step, "step"))).toEqual(["sh", "junit", "archiveArtifacts"]);
      expect(await isThere("gpu-report/report.xml")).toBe(true);
    });

    test("refuses a section that Jenkins does not have", async () => {
      await place.write({ Jenkinsfile: (await textOf("Jenkinsfile")).replace("post {", "after {") });
      const outcome = await jenkins("same.yaml");
      expect(outcome.exit).toBe(1);
      expect(outcome.stderr).toContain("pipeline { after }: not allowed here");
    });
  });
});
