import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeYaml } from "@slipway/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Outcome } from "../aicr.ts";
import { fakeNvidiaSmi } from "./fake-gpu.ts";
import { exampleTool } from "./tools.ts";
import { PATIENT, workplace, type Workplace } from "./workplace.ts";

const ansible = await exampleTool("ansible");
const terraform = await exampleTool("terraform");

let place: Workplace;

// Nodes are programs on this machine: node-NAME runs a command as it would run on that node, with its driver.
beforeEach(async () => {
  place = await workplace();
  await node("good", "570.86.15");
  await node("other", "580.82.07");
  await place.run(["node-good", "aicr", "snapshot", "--filter", "gpu", "-o", "baseline.yaml"]);
});

afterEach(async () => {
  await place.close();
});

async function node(name: string, driver: string): Promise<void> {
  const folder = join(place.folder, "nodes", name);
  await place.write({ [`nodes/${name}/nvidia-smi`]: fakeNvidiaSmi({ driver, gpus: 2 }) });
  await place.run(["chmod", "+x", join(folder, "nvidia-smi")]);
  await place.program(`node-${name}`, `#!/bin/sh\nPATH='${folder}':$PATH exec "$@"\n`);
  await place.program(`aicr-${name}`, `#!/bin/sh\nexec node-${name} aicr "$@"\n`);
}

describe.skipIf(ansible === undefined)("the Ansible playbook", PATIENT, () => {
  async function play(hosts: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<Outcome> {
    const inventory = Object.entries(hosts).map(([host, program]) => [host, { aicr_path: program }]);
    const vars = {
      ansible_connection: "local",
      ansible_python_interpreter: "{{ ansible_playbook_python }}",
      ansible_remote_tmp: join(place.folder, "remote"),
      ansible_async_dir: join(place.folder, "async"),
      aicr_filter: "gpu",
      aicr_baseline: join(place.folder, "baseline.yaml"),
      aicr_results: join(place.folder, "results"),
    };
    await place.write({ "inventory.yml": writeYaml({ gpu_nodes: { hosts: Object.fromEntries(inventory), vars } }) });
    const settings = {
      ANSIBLE_NOCOLOR: "1",
      ANSIBLE_HOME: join(place.folder, "ansible"),
      TMPDIR: join(place.folder, "tmp"),
    };
    await place.run(["mkdir", "-p", "tmp"]);
    const bin = dirname(ansible ?? "");
    const command = [ansible ?? "", "-i", "inventory.yml", ...flags, "examples/ansible/check-fleet.yml"];
    return await place.run(command, { ...settings, PATH: `${place.env["PATH"]}:${bin}` });
  }

  beforeEach(async () => {
    await place.take("ansible", "examples/ansible");
  });

  test("is read by ansible-playbook", async () => {
    expect(await play({ a: "aicr-good" }, "--syntax-check")).toMatchObject({ exit: 0, stderr: "" });
  });

  test("measures every node, changes nothing, fetches the snapshots, and leaves nothing on a node", async () => {
    const outcome = await play({ a: "aicr-good", b: "aicr-good", c: "aicr-good" }, "-e", "aicr_batch=2");
    expect(outcome).toMatchObject({ exit: 0 });
    expect(outcome.stdout).toContain("3 nodes are like the baseline");
    expect(outcome.stdout).not.toMatch(/changed=[1-9]/);
    expect(await readdir(join(place.folder, "results"))).toEqual(["a.yaml", "b.yaml", "c.yaml"]);
    expect((await readdir(join(place.folder, "tmp"))).filter((name) => name.startsWith("aicr."))).toEqual([]);
  });

  test("names the node that differs, and one that cannot be measured does not hold up the others", async () => {
    await place.program("aicr-broken", "#!/bin/sh\necho 'no such driver' >&2\nexit 6\n");
    const outcome = await play({ a: "aicr-broken", b: "aicr-other", c: "aicr-good" }, "-e", '{"aicr_batch": [1, 2]}');
    expect(outcome.exit).toBe(2);
    expect(outcome.stdout.replaceAll(/\s+/g, " ")).toContain("different: b; not measured: a");
    expect(outcome.stdout).toContain("Measure the node: no such driver");
    expect(outcome.stdout).toContain("580.82.07");
    expect(await readdir(join(place.folder, "results"))).toEqual(["b.yaml", "c.yaml"]);
    expect((await readdir(join(place.folder, "tmp"))).filter((name) => name.startsWith("aicr."))).toEqual([]);
  });

  test("takes paths that are to be ignored", async () => {
    const flags = ["-e", '{"aicr_ignore": ["GPU"]}'];
    expect(await play({ b: "aicr-other" }, ...flags)).toMatchObject({ exit: 0 });
  });
});

describe.skipIf(terraform === undefined)("the Terraform module", PATIENT, () => {
  const env = { CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_CLI_CONFIG_FILE: "/dev/null" };

  async function run(...argv: readonly string[]): Promise<Outcome> {
    return await place.run([terraform ?? "", "-chdir=gpu", ...argv], env);
  }

  async function apply(nodes: Readonly<Record<string, { address: string; instance_id: string }>>): Promise<Outcome> {
    const variables = { nodes, baseline: join(place.folder, "baseline.yaml"), reports: join(place.folder, "reports") };
    await place.write({ "gpu/test.auto.tfvars.json": JSON.stringify(variables) });
    return await run("apply", "-auto-approve", "-no-color");
  }

  beforeEach(async () => {
    await place.take("terraform", "gpu");
    // ssh -o A -o B -- ADDRESS COMMAND...: what comes after the address runs "there"; the filter keeps to what is the test's.
    await place.program(
      "ssh",
      `#!/bin/sh
echo "$*" >>'${place.folder}/ssh.log'
while [ "$1" != -- ]; do shift; done
host=\${2#*@}
shift 2
exec "node-$host" "$@"
`,
    );
    await place.run(["sed", "-i", "s/--filter os,systemd,gpu/--filter gpu/", "gpu/check-node.sh"]);
    await run("init", "-no-color");
  });

  test("is valid, and formatted as terraform fmt does", async () => {
    expect(await run("validate", "-no-color")).toMatchObject({ exit: 0, stderr: "" });
    expect(await run("fmt", "-check", "-diff")).toMatchObject({ exit: 0, stdout: "" });
  });

  test("measures each node once, and again when the baseline changes", async () => {
    const nodes = { a: { address: "ubuntu@good", instance_id: "i-1" }, b: { address: "good", instance_id: "i-2" } };
    const calls = async (): Promise<readonly string[]> =>
      (await readFile(join(place.folder, "ssh.log"), "utf8")).trimEnd().split("\n").sort();
    expect(await apply(nodes)).toMatchObject({ exit: 0 });
    expect(await readdir(join(place.folder, "reports"))).toEqual(["a.yaml", "b.yaml"]);
    const options = "-o BatchMode=yes -o ConnectTimeout=10 --";
    const expected = ["good", "ubuntu@good"].map((host) => `${options} ${host} aicr snapshot --filter gpu`);
    expect(await calls()).toEqual(expected);
    expect(await apply(nodes)).toMatchObject({ exit: 0 });
    expect(await calls()).toEqual(expected);
    await place.run(["sh", "-c", "echo '# looked at again' >>baseline.yaml"]);
    expect(await apply(nodes)).toMatchObject({ exit: 0 });
    expect(await calls()).toHaveLength(4);
  });

  test("fails when a node differs, measures it again next time, and keeps nothing measured in the state", async () => {
    const nodes = { b: { address: "other", instance_id: "i-2" } };
    const outcome = await apply(nodes);
    expect(outcome.exit).toBe(1);
    expect(outcome.stdout).toContain("580.82.07");
    const state = await readFile(join(place.folder, "gpu/terraform.tfstate"), "utf8");
    expect(state).toContain("tainted");
    expect(state).not.toContain("580.82.07");
    await node("other", "570.86.15");
    expect(await apply(nodes)).toMatchObject({ exit: 0 });
  });

  test.each([
    [{ a: { address: "-oProxyCommand=touch pwned", instance_id: "i" } }, "An address is a host name"],
    [{ "../a": { address: "good", instance_id: "i" } }, "A node's name becomes the name of a file"],
  ])("refuses %j", async (nodes, message) => {
    const outcome = await apply(nodes);
    expect(outcome.exit).toBe(1);
    expect(outcome.stderr.replaceAll(/\s+/g, " ")).toContain(message);
    expect(await readdir(place.folder)).not.toContain("ssh.log");
  });
});
