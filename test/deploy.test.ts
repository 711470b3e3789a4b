import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listAt, parseYaml, parseYamlDocuments, textAt, valueAt, type Tree } from "@slipway/base";
import { startCluster, type Cluster, type Write } from "@slipway/kube/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call, type Outcome } from "./aicr.ts";
import { built } from "./built.ts";
import { fill, serveCharts, type ChartRepository } from "./charts.ts";
import { CHARTS, dataDirectory } from "./deploy/data.ts";
import { helmBinary, kubectlBinary } from "./tools.ts";

/** The namespaces that every cluster has. */
const CLUSTER_NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

const tools = { helm: await helmBinary(), kubectl: await kubectlBinary() };

// The real helm and kubectl run the scripts of a bundle against a small API server; `sleep` only says that it was called.
describe.skipIf(tools.helm === undefined || tools.kubectl === undefined)("a bundle with scripts", () => {
  let work: string;
  let cluster: Cluster;
  let charts: ChartRepository;
  let order: readonly string[];

  beforeAll(async () => {
    charts = await serveCharts(tools.helm ?? "", CHARTS);
  });

  afterAll(async () => {
    await charts.close();
  });

  beforeEach(async () => {
    work = await mkdtemp(join(tmpdir(), "slipway-deploy-"));
    cluster = await startCluster();
    await mkdir(join(work, "bin"));
    for (const [name, path] of Object.entries(tools)) await symlink(path ?? "", join(work, "bin", name));
    await writeFile(join(work, "bin/sleep"), `#!/bin/sh\necho "$1" >>'${work}/slept'\n`, { mode: 0o755 });
    await fill(join(work, "data"), dataDirectory(charts.url));
    await aicr("recipe", "-o", "recipe.yaml");
    await aicr("bundle", "-r", "recipe.yaml", "-o", "bundle");
    order = listAt(parseYaml(await readFile(join(work, "recipe.yaml"), "utf8")), "deploymentOrder").map(String);
  });

  afterEach(async () => {
    await cluster.close();
    await rm(work, { recursive: true, force: true });
  });

  /** Calls the compiled program with the data of the test alone. */
  async function aicr(...argv: readonly string[]): Promise<void> {
    const { binary } = await built();
    const env = { PATH: `${join(work, "bin")}:${process.env["PATH"]}` };
    const outcome = await call([binary], [...argv, "--data", "data", "--no-embedded-data"], { cwd: work, env });
    if (outcome.exit !== 0) throw new Error(`aicr ${argv.join(" ")}: ${outcome.stderr}`);
  }

  async function script(name: string, ...args: readonly string[]): Promise<Outcome> {
    const path = `${join(work, "bin")}:${process.env["PATH"]}`;
    const env = { PATH: path, HOME: cluster.home, KUBECONFIG: cluster.kubeconfig };
    return await call(["bash", join(work, "bundle", name)], args, { cwd: work, env, limit: 100_000 });
  }

  /** What was changed of some kinds, in order. */
  function changed(verbs: readonly Write["verb"][], ...kinds: readonly string[]): readonly string[] {
    return cluster.writes
      .filter(({ verb, kind }) => verbs.includes(verb) && kinds.includes(kind))
      .map(({ kind, namespace, name }) => `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`);
  }

  function namespaces(): readonly string[] {
    return cluster.objects("Namespace").map((object) => textAt(object, "metadata", "name"));
  }

  function settings(): Readonly<Record<string, unknown>> {
    const objects = cluster.objects("ConfigMap");
    return Object.fromEntries(objects.map((object) => [textAt(object, "metadata", "name"), valueAt(object, "data")]));
  }

  test("installs every component in order, with its values, its namespace and its manifests", async () => {
    expect(order).toEqual(["zulu", "operator", "alpha", "node-agent"]);
    const { exit, stdout, stderr } = await script("deploy.sh");
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(stdout.split("\n").filter((line) => /^\[|^All/.test(line))).toEqual([
      "[1/4] zulu",
      "[2/4] operator",
      "[3/4] alpha",
      "[4/4] node-agent",
      "All components are installed.",
    ]);
    expect(changed(["create", "apply"], "ConfigMap", "CustomResourceDefinition", "Widget")).toEqual([
      "ConfigMap zulu/zulu-settings",
      "CustomResourceDefinition widgets.example.com",
      "ConfigMap operators/operator-settings",
      "Widget operators/first",
      "ConfigMap alpha/alpha-settings",
      "ConfigMap kube-system/node-agent-settings",
    ]);
    expect(namespaces()).toEqual([...CLUSTER_NAMESPACES, "alpha", "operators", "zulu"].toSorted());
    expect(settings()).toEqual({
      "zulu-settings": { color: "red", size: "small" },
      "operator-settings": { color: "green", size: "small" },
      "alpha-settings": { color: "$(touch /tmp/never) and 'quotes'", size: "small" },
      "node-agent-settings": { color: "none", size: "small" },
    });
    expect(cluster.objects("Widget").map((object) => valueAt(object, "spec"))).toEqual([{ color: "green" }]);
    expect(cluster.objects("Deployment").map((object) => valueAt(object, "spec", "replicas"))).toEqual([2]);
  });

  test("says that the kind of a manifest is not there yet, and goes on", async () => {
    const { exit, stderr } = await script("deploy.sh");
    expect(exit).toBe(0);
    expect(stderr).toContain('no matches for kind "Widget" in version "example.com/v1"');
    expect(stderr).toContain("Some kinds are not there yet; the manifests are applied again later.\n");
  });

  test("can be run again, which changes nothing but helm's records", async () => {
    await script("deploy.sh");
    const before = settings();
    const count = cluster.writes.length;
    expect(await script("deploy.sh")).toMatchObject({ exit: 0 });
    expect(settings()).toEqual(before);
    const again = cluster.writes.slice(count).filter(({ kind }) => kind !== "Secret");
    expect(again).toEqual([]);
  });

  test("--dry-run prints the commands and writes nothing", async () => {
    const asked = charts.requests.length;
    const { exit, stdout, stderr } = await script("deploy.sh", "--dry-run");
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
    expect(stdout.split("\n").filter((line) => line.startsWith("+ helm"))).toEqual([
      `+ helm upgrade --install zulu settings --repo ${charts.url} --version 1.2.0 --namespace zulu --values ${work}/bundle/zulu/values.yaml --wait --timeout 10m`,
      `+ helm upgrade --install operator operator --repo ${charts.url} --version v0.3.1 --namespace operators --values ${work}/bundle/operator/values.yaml --wait --timeout 10m`,
      `+ helm upgrade --install alpha settings --repo ${charts.url} --version 1.2.0 --namespace alpha --values ${work}/bundle/alpha/values.yaml --wait --timeout 10m`,
      `+ helm upgrade --install node-agent settings --repo ${charts.url} --version 1.2.0 --namespace kube-system --values ${work}/bundle/node-agent/values.yaml --wait --timeout 10m`,
    ]);
    expect((await script("undeploy.sh", "--dry-run")).exit).toBe(0);
    expect(cluster.writes).toEqual([]);
    expect(charts.requests).toHaveLength(asked);
  });

  test("stops at a component that fails, after as many tries as were asked for", async () => {
    cluster.refuse((method, path) => method === "PATCH" && path.includes("/namespaces/operators/configmaps"));
    const { exit, stdout, stderr } = await script("deploy.sh", "--retries", "2");
    expect(exit).toBe(1);
    expect(stderr).toContain("operator failed; trying again in 5 seconds (1 of 2).\n");
    expect(stderr).toContain("operator failed; trying again in 20 seconds (2 of 2).\n");
    expect(stderr.endsWith("Not installed: operator\n")).toBe(true);
    expect(await readFile(join(work, "slept"), "utf8")).toBe("5\n20\n");
    expect(stdout).not.toContain("alpha");
    expect(Object.keys(settings())).toEqual(["zulu-settings"]);
  });

  test("with --best-effort goes on, and still says what is not installed", async () => {
    cluster.refuse((method, path) => method === "PATCH" && path.includes("/namespaces/operators/configmaps"));
    const { exit, stderr } = await script("deploy.sh", "--best-effort", "--retries", "0");
    expect(exit).toBe(1);
    expect(stderr.endsWith("Not installed: operator\n")).toBe(true);
    expect(Object.keys(settings())).toEqual(["alpha-settings", "node-agent-settings", "zulu-settings"]);
  });

  test("a try that fails once is followed by one that succeeds", async () => {
    let left = 1;
    cluster.refuse((method, path) => method === "PATCH" && path.includes("/alpha/configmaps") && left-- > 0);
    expect(await script("deploy.sh")).toMatchObject({ exit: 0 });
    expect(await readFile(join(work, "slept"), "utf8")).toBe("5\n");
    expect(Object.keys(settings())).toContain("alpha-settings");
  });

  test("a cluster that does not answer, and a wrong flag, are said at once", async () => {
    await rm(cluster.kubeconfig);
    const none = await script("deploy.sh");
    expect([none.exit, none.stdout]).toEqual([1, ""]);
    expect(none.stderr).toContain(
      "The cluster does not answer. Check KUBECONFIG, or choose one with --kube-context.\n",
    );
    const wrong = await script("deploy.sh", "--retries", "many");
    expect(wrong).toMatchObject({ exit: 2, stdout: "" });
    expect(wrong.stderr).toContain("deploy.sh: --retries needs a whole number\n");
  });

  test("undeploy.sh removes everything, the last component first, and keeps the namespaces of the cluster", async () => {
    await script("deploy.sh");
    const { exit, stdout } = await script("undeploy.sh");
    expect(exit).toBe(0);
    expect(stdout.split("\n").filter((line) => order.includes(line))).toEqual(order.toReversed());
    expect(changed(["delete"], "ConfigMap", "Widget", "Deployment", "CustomResourceDefinition", "Namespace")).toEqual([
      "ConfigMap kube-system/node-agent-settings",
      "ConfigMap alpha/alpha-settings",
      "Widget operators/first",
      "Deployment operators/operator",
      "ConfigMap operators/operator-settings",
      "CustomResourceDefinition widgets.example.com",
      "ConfigMap zulu/zulu-settings",
      "Namespace alpha",
      "Namespace operators",
      "Namespace zulu",
    ]);
    expect(namespaces()).toEqual(CLUSTER_NAMESPACES);
    expect(cluster.objects("Secret")).toEqual([]);
  });

  test("undeploy.sh can keep namespaces, and can be run where nothing is installed", async () => {
    await script("deploy.sh");
    expect(await script("undeploy.sh", "--keep-namespaces")).toMatchObject({ exit: 0 });
    expect(cluster.objects("Namespace")).toHaveLength(7);
    expect(await script("undeploy.sh")).toMatchObject({ exit: 0 });
    expect(namespaces()).toEqual(CLUSTER_NAMESPACES);
  });

  test("undeploy.sh keeps a namespace with volume claims, unless told to delete them", async () => {
    await script("deploy.sh");
    const claim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data" } };
    const path = "/api/v1/namespaces/alpha/persistentvolumeclaims";
    await fetch(cluster.url + path, { method: "POST", body: JSON.stringify(claim) });
    const kept = await script("undeploy.sh");
    expect(kept.stderr).toContain("The namespace alpha is kept: it holds volume claims.");
    expect(cluster.objects("PersistentVolumeClaim")).toHaveLength(1);
    expect(await script("undeploy.sh", "--delete-pvcs")).toMatchObject({ exit: 0 });
    expect(cluster.objects("PersistentVolumeClaim")).toEqual([]);
    expect(namespaces()).toEqual(CLUSTER_NAMESPACES);
  });

  test("with its charts inside, a bundle is installed without a chart repository", async () => {
    await aicr("bundle", "-r", "recipe.yaml", "-o", "bundle", "--vendor-charts");
    const asked = charts.requests.length;
    expect(await script("deploy.sh")).toMatchObject({ exit: 0 });
    expect(Object.keys(settings())).toEqual([
      "alpha-settings",
      "node-agent-settings",
      "operator-settings",
      "zulu-settings",
    ]);
    expect(await script("undeploy.sh")).toMatchObject({ exit: 0 });
    expect(namespaces()).toEqual(CLUSTER_NAMESPACES);
    expect(charts.requests).toHaveLength(asked);
  });

  test("the kustomizations of a bundle for Flux build with kubectl, and carry the values", async () => {
    await aicr("bundle", "-r", "recipe.yaml", "-o", "flux", "-d", "flux", "--repo", "https://git.example.com/a.git");
    const build = async (folder: string): Promise<readonly Tree[]> => {
      const { exit, stdout, stderr } = await call([tools.kubectl ?? ""], ["kustomize", join("flux", folder)], {
        cwd: work,
      });
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
      return parseYamlDocuments(stdout);
    };
    const names = (await build(".")).map((object) => `${textAt(object, "kind")} ${textAt(object, "metadata", "name")}`);
    expect(names.filter((name) => name.startsWith("Kustomization")).map((name) => name.split(" ")[1])).toEqual(
      expect.arrayContaining([...order]),
    );
    const objects = await build("zulu");
    const values = objects.find((object) => textAt(object, "kind") === "ConfigMap");
    expect(parseYaml(textAt(values, "data", "values.yaml"))).toEqual({ color: "red" });
    const release = objects.find((object) => textAt(object, "kind") === "HelmRelease");
    expect(listAt(release, "spec", "valuesFrom")).toEqual([
      { kind: "ConfigMap", name: textAt(values, "metadata", "name") },
    ]);
  });

  test.each(["settings", "operator"])(
    "helm lints and renders the chart %s with the values of the bundle",
    async (chart) => {
      const component = chart === "settings" ? "zulu" : chart;
      const values = join(work, "bundle", component, "values.yaml");
      const helm = [tools.helm ?? ""];
      const options = { cwd: charts.folder };
      const lint = await call(helm, ["lint", "--strict", chart, "--values", values], options);
      expect({ exit: lint.exit, out: lint.stdout }).toMatchObject({ exit: 0 });
      expect(lint.stdout).toContain("1 chart(s) linted, 0 chart(s) failed");
      const rendered = await call(helm, ["template", component, chart, "--values", values], options);
      expect(rendered).toMatchObject({ exit: 0, stderr: "" });
      expect(rendered.stdout).toContain(`color: "${component === "zulu" ? "red" : "green"}"`);
    },
  );
});
