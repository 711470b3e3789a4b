import { mkdir, readFile, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { mapAt, parseYaml } from "@slipway/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../aicr.ts";
import { NODE_RECIPE, nodeSnapshot } from "./snapshots.ts";
import { PATIENT, workplace, type Workplace } from "./workplace.ts";

let place: Workplace;

beforeEach(async () => {
  place = await workplace();
  await place.take(".", "examples");
});

afterEach(async () => {
  await place.close();
});

describe("recipe-matrix/generate.sh", PATIENT, () => {
  async function generate(env: Readonly<Record<string, string>>): Promise<Outcome> {
    const settings = { SERVICES: "eks", ACCELERATORS: "h100", SYSTEMS: "ubuntu", ...env };
    return await place.run(["sh", "examples/recipe-matrix/generate.sh"], settings);
  }

  test("writes a recipe for each kind of cluster, and an index", async () => {
    const outcome = await generate({ WORKLOADS: "training inference/dynamo" });
    expect(outcome).toMatchObject({ exit: 0, stdout: "2 recipes in recipes, 0 kinds not covered\n", stderr: "" });
    expect(await readFile(join(place.folder, "recipes/README.md"), "utf8")).toBe(`# Recipes

| service | accelerator | system | workload | recipe |
| --- | --- | --- | --- | --- |
| eks | h100 | ubuntu | training | [eks-h100-ubuntu-training.yaml](eks-h100-ubuntu-training.yaml) |
| eks | h100 | ubuntu | inference/dynamo | [eks-h100-ubuntu-inference-dynamo.yaml](eks-h100-ubuntu-inference-dynamo.yaml) |
`);
    const recipe = parseYaml(
      await readFile(join(place.folder, "recipes/eks-h100-ubuntu-inference-dynamo.yaml"), "utf8"),
    );
    expect(mapAt(recipe, "criteria")).toMatchObject({
      service: "eks",
      accelerator: "h100",
      intent: "inference",
      os: "ubuntu",
      platform: "dynamo",
    });
  });

  test("names a kind that the catalog does not cover, and leaves it out", async () => {
    const outcome = await generate({ WORKLOADS: "training training/dynamo" });
    expect(outcome).toMatchObject({
      exit: 0,
      stdout: "1 recipes in recipes, 1 kinds not covered\n",
      stderr: "not covered: eks-h100-ubuntu-training-dynamo\n",
    });
    expect(await readdir(join(place.folder, "recipes"))).toEqual(["README.md", "eks-h100-ubuntu-training.yaml"]);
  });

  test("changes nothing when a value is misspelt, and says so", async () => {
    const outcome = await generate({ WORKLOADS: "training", ACCELERATORS: "h100 h1000" });
    expect(outcome).toMatchObject({ exit: 2, stdout: "" });
    expect(outcome.stderr).toContain('Did you mean "h100"?');
    expect(await readdir(join(place.folder, "recipes"))).toEqual([]);
  });
});

describe("security/check-release.sh", PATIENT, () => {
  const SECRET = "correct-horse-battery";

  async function check(env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return await place.run(["sh", "examples/security/check-release.sh"], env);
  }

  beforeEach(async () => {
    const settings = "kernel.keys.maxkeys: 200";
    await place.write({
      "clean.yaml": nodeSnapshot().replace("ID: ubuntu", `ID: ubuntu\n          ${settings}`),
      "leaked.yaml": nodeSnapshot({ kernel: SECRET }),
      "token.yaml": nodeSnapshot({ kernel: "nvapi-0123456789abcdefghijKLMN" }),
      "secrets.txt": `other\n\n${SECRET}\n`,
      "nothing.txt": "\n",
    });
  });

  test("finds nothing wrong with a program without rights and a snapshot without secrets", async () => {
    const outcome = await check({ SNAPSHOTS: "clean.yaml", SECRETS: "secrets.txt" });
    expect(outcome).toMatchObject({ exit: 0, stdout: "all is well\n", stderr: "" });
  });

  test("finds a secret in a snapshot, and does not print it", async () => {
    const outcome = await check({ SNAPSHOTS: "clean.yaml leaked.yaml token.yaml", SECRETS: "secrets.txt" });
    expect(outcome).toMatchObject({ exit: 1, stderr: "" });
    expect(outcome.stdout).toBe(
      "wrong: leaked.yaml holds a secret of secrets.txt in 1 lines\n" +
        "wrong: token.yaml holds what looks like a private key or a token\n",
    );
  });

  test("takes no empty list of secrets, and no snapshot that is not there", async () => {
    expect(await check({ SNAPSHOTS: "clean.yaml", SECRETS: "nothing.txt" })).toMatchObject({ exit: 2 });
    expect(await check({ SNAPSHOTS: "none.yaml", SECRETS: "secrets.txt" })).toMatchObject({ exit: 2 });
    expect(await check({ SNAPSHOTS: "none.yaml" })).toMatchObject({ exit: 2 });
  });

  test.each([
    ["u+s", "has the set-user-id or set-group-id bit"],
    ["o+w", "everyone may write to"],
  ])("finds a program with the mode %s", async (mode, message) => {
    await place.run(["chmod", mode, "bin/aicr"]);
    const outcome = await check();
    expect(outcome).toMatchObject({ exit: 1 });
    expect(outcome.stdout).toContain(message);
  });

  test("finds a bundle that was changed after it was made", async () => {
    await place.run(["aicr", "recipe", "-o", "recipe.yaml"]);
    await place.run(["aicr", "bundle", "-r", "recipe.yaml", "-o", "bundle"]);
    expect(await check({ BUNDLE: "bundle" })).toMatchObject({ exit: 0 });
    await place.run(["sh", "-c", "echo >>bundle/deploy.sh"]);
    const outcome = await check({ BUNDLE: "bundle" });
    expect(outcome).toMatchObject({ exit: 1 });
    expect(outcome.stdout).toContain("deploy.sh");
    expect(outcome.stdout).toContain("wrong: bundle is not what was made");
  });
});

describe("remediation/plan.sh", PATIENT, () => {
  /** Programs that would change a cluster leave a trace when they are run. */
  beforeEach(async () => {
    const documents = {
      "good.yaml": nodeSnapshot(),
      "old.yaml": nodeSnapshot({ system: "22.04", driver: "550.54.14" }),
    };
    await place.write({ "gpu/recipe.yaml": NODE_RECIPE, ...documents });
    for (const name of ["helm", "kubectl"])
      await place.program(name, `#!/bin/sh\necho "${name} $*" >>'${place.folder}/changed'\nexit 1\n`);
  });

  async function plan(snapshot: string, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return await place.run(["sh", "examples/remediation/plan.sh"], { SNAPSHOT: snapshot, CLUSTER: "no", ...env });
  }

  test("has nothing to say of a cluster that is what the recipe wants", async () => {
    const outcome = await plan("good.yaml");
    expect(outcome).toMatchObject({ exit: 0, stdout: "nothing to do: the cluster is what gpu/recipe.yaml wants\n" });
  });

  test("says what is wrong and prints the commands, and runs none", async () => {
    const outcome = await plan("old.yaml");
    expect(outcome).toMatchObject({ exit: 1 });
    expect(outcome.stdout).toContain("failed\treadiness\tOS.release.VERSION_ID\texpected 24.04, got 22.04\n");
    expect(outcome.stdout).toContain("\nOS.release.VERSION_ID: The system has the version 22.04");
    expect(outcome.stdout).toContain("\nGPU.smi.driver: The driver is 550.54.14, and >= 570.86 is asked for.");
    expect(outcome.stdout).toContain("+ helm upgrade --install gpu-operator");
    expect(outcome.stdout).toContain("== nothing was changed");
    expect(await readdir(place.folder)).not.toContain("changed");
  });

  test("writes over no plan", async () => {
    await mkdir(join(place.folder, "elsewhere"));
    await symlink("elsewhere", join(place.folder, "gpu-plan"));
    const outcome = await plan("old.yaml");
    expect(outcome.exit).toBe(2);
    expect(outcome.stderr).toContain("gpu-plan is there already");
    expect(await readdir(join(place.folder, "elsewhere"))).toEqual([]);
  });
});
