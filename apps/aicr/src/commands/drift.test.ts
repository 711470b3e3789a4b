import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { helmSecret, workload } from "@slipway/snapshot/testing";
import { expect, test } from "vitest";
import { configMap, documentOf, inCluster, type ClusterPlace } from "../testing/in-cluster.ts";

/** A cluster, and the recipe for EKS in `r.yaml`. */
function withRecipe(action: (place: ClusterPlace) => Promise<void>): Promise<void> {
  return inCluster({}, async (place) => {
    await place.run("recipe --service eks -o r.yaml");
    await action(place);
  });
}

function install(
  { cluster }: ClusterPlace,
  name: string,
  version: string,
  status = "deployed",
  namespace = name,
): void {
  const chart = { name, version, appVersion: version };
  cluster.put(helmSecret({ namespace, name, revision: 1, status, chart }));
}

/** A Deployment of a release, with so many of two pods ready. */
function deploy({ cluster }: ClusterPlace, name: string, version: string, readyReplicas = 2): void {
  const labels = { "app.kubernetes.io/instance": name, "helm.sh/chart": `${name}-${version}` };
  const managed = { ...labels, "app.kubernetes.io/managed-by": "Helm" };
  const deployment = workload("Deployment", `${name}/${name}`, managed);
  cluster.put({ ...deployment, spec: { replicas: 2 }, status: { replicas: 2, readyReplicas } });
}

/** The same as the recipe asks for. */
function installAll(place: ClusterPlace): void {
  install(place, "cert-manager", "v1.17.2");
  install(place, "gpu-operator", "v25.10.1");
}

test("a cluster that is in step", async () => {
  await withRecipe(async (place) => {
    installAll(place);
    deploy(place, "gpu-operator", "v25.10.1");
    expect(await place.both("drift -r r.yaml")).toEqual({
      exit: 0,
      out: `COMPONENT      WANTED     INSTALLED   RUNNING   READY   VERDICT
cert-manager   v1.17.2    v1.17.2     -         -       in step
gpu-operator   v25.10.1   v25.10.1    -         1/1     in step

All components are in step.
`,
      err: "",
    });
  });
});

test("what is missing, behind, not ready, and not in the recipe", async () => {
  await withRecipe(async (place) => {
    install(place, "gpu-operator", "v25.3.0");
    install(place, "other", "1.0.0", "deployed", "apps");
    expect(await place.both("drift -r r.yaml")).toEqual({
      exit: 1,
      out: `COMPONENT      WANTED     INSTALLED   RUNNING   READY   VERDICT
cert-manager   v1.17.2    -           -         -       missing
gpu-operator   v25.10.1   v25.3.0     -         -       behind
other          -          1.0.0       -         -       not in recipe

cert-manager: no release of cert-manager v1.17.2 is installed.
  Install it: make a bundle of the recipe and deploy cert-manager from it.

gpu-operator: v25.3.0 is installed, and the recipe wants v25.10.1.
  Deploy gpu-operator from a bundle of the recipe to upgrade it.

2 of 2 components are not in step.
`,
      err: "error: the cluster is not in step with the recipe: 1 missing, 1 behind\n",
    });
    installAll(place);
    deploy(place, "cert-manager", "v1.17.2", 1);
    const { exit, out } = await place.both("drift -r r.yaml --fail-on-error=false");
    expect([exit, out.split("\n")[1]]).toEqual([
      0,
      "cert-manager   v1.17.2    v1.17.2     -         0/1     not ready",
    ]);
  });
});

test.each([
  ["failed", "failed release", "Helm says that the release gpu-operator is failed"],
  ["pending-upgrade", "in progress", "Helm says that the release gpu-operator is pending-upgrade"],
])("a release that is %s", async (status, verdict, reason) => {
  await withRecipe(async (place) => {
    installAll(place);
    install(place, "gpu-operator", "v25.10.1", status);
    const { exit, out, err } = await place.both("drift -r r.yaml -t json");
    expect(exit).toBe(1);
    expect(err).toBe(`error: the cluster is not in step with the recipe: 1 ${verdict}\n`);
    expect(JSON.parse(out)).toMatchObject({
      kind: "Drift",
      inStep: false,
      components: [
        { component: "cert-manager", verdict: "in step" },
        { component: "gpu-operator", verdict, reason, remedy: expect.stringContaining("helm") },
      ],
    });
  });
});

test("what runs is not what Helm has installed", async () => {
  await withRecipe(async (place) => {
    installAll(place);
    deploy(place, "gpu-operator", "v25.3.0");
    const { exit, err } = await place.both("drift -r r.yaml");
    expect([exit, err]).toEqual([1, "error: the cluster is not in step with the recipe: 1 runs something else\n"]);
  });
});

test("-o writes the document to a file or a ConfigMap, whatever it says", async () => {
  await withRecipe(async (place) => {
    const { both, cluster, cwd } = place;
    install(place, "cert-manager", "v1.17.2");
    const wrong = "error: the cluster is not in step with the recipe: 1 missing\n";
    expect(await both("drift -r r.yaml -t yaml -o d.yaml")).toEqual({
      exit: 1,
      out: "",
      err: `[cli] drift written: file=d.yaml inStep=false\n${wrong}`,
    });
    expect(documentOf(await readFile(join(cwd, "d.yaml"), "utf8"))).toMatchObject({ kind: "Drift", inStep: false });
    expect((await both("drift -r r.yaml -t json -o cm://gpu/drift")).err).toBe(
      `[cli] drift written: file=cm://gpu/drift inStep=false\n${wrong}`,
    );
    expect(configMap(cluster, "drift")).toMatchObject({
      metadata: { labels: { "app.kubernetes.io/component": "Drift" } },
      data: { format: "json" },
    });
  });
});

test("recipe and snapshot from the cluster", async () => {
  await withRecipe(async (place) => {
    installAll(place);
    await place.run("recipe --service eks -o cm://gpu/recipe");
    await place.run("snapshot --filter k8s -o cm://gpu/snapshot");
    // What is there now is not asked.
    install(place, "gpu-operator", "v25.3.0");
    const { exit, out, err } = await place.both("drift -r cm://gpu/recipe -s cm://gpu/snapshot");
    expect([exit, out.split("\n").at(-2), err]).toEqual([
      0,
      "All components are in step.",
      "[cli] warning: --snapshot tells what Helm has installed, and not whether it runs\n",
    ]);
  });
});

test("without the right to Helm's Secrets, labels tell what they can, and the rest is unknown", async () => {
  await withRecipe(async (place) => {
    installAll(place);
    deploy(place, "cert-manager", "v1.17.2");
    place.cluster.allow(({ resource }) => resource !== "secrets");
    const { exit, out, err } = await place.both("drift -r r.yaml");
    expect([exit, out]).toEqual([
      1,
      `COMPONENT      WANTED     INSTALLED   RUNNING   READY   VERDICT
cert-manager   v1.17.2    v1.17.2     -         1/1     in step
gpu-operator   v25.10.1   -           -         -       unknown

gpu-operator: nothing is seen of gpu-operator, and not all that Helm has installed could be read.
  Run it as somebody who may read Helm's Secrets.

1 of 2 components are not in step.
`,
    ]);
    expect(err).toBe(
      "[cli] warning: The releases of Helm are known by the labels of workloads alone, which tell no status and no revision: " +
        "reading Helm's own Secrets needs the rights get and list on secrets in all namespaces.\n" +
        "error: the cluster is not in step with the recipe: 1 unknown\n",
    );
  });
});

test("without any right", async () => {
  await withRecipe(async ({ both, cluster }) => {
    cluster.allow(() => false);
    const { exit, out, err } = await both("drift -r r.yaml -o d.yaml");
    expect([exit, out]).toEqual([4, ""]);
    expect(err).toMatch(/^error: .* is forbidden: .*\n {2}Check with: kubectl auth can-i list /);
  });
});

test("values of releases never come out", async () => {
  await withRecipe(async ({ run, cluster }) => {
    const [chart, config] = [{ name: "gpu-operator", version: "v25.10.1" }, { password: "hunter2-SECRET" }];
    const release = { namespace: "gpu-operator", name: "gpu-operator", revision: 1, status: "deployed", chart, config };
    cluster.put(helmSecret(release));
    const { out, err } = await run("--debug drift -r r.yaml -t json");
    expect(`${out}${err}`).not.toContain("hunter2");
  });
});

test.each([
  ["drift", 2, "error: --recipe is missing: what should the cluster be?\n  Make a recipe with aicr recipe.\n"],
  ["drift -r - -s -", 2, "error: only one document can come from standard input\n"],
  ["drift -r none.yaml", 3, "error: none.yaml: no such file or directory\n"],
  ["drift -r r.yaml -s r.yaml", 2, /^error: r\.yaml: expected a Snapshot, found a document without measurements\n/],
  ["drift -r r.yaml -t table", 2, /^error: -t takes text, json or yaml, not "table"\n/],
  ["drift -r r.yaml -k none", 3, /^error: none: there is no such kubeconfig\n/],
  ["drift -r r.yaml -o https://example.com/", 2, /^error: https:\/\/example\.com\/ cannot be written to/],
])("%s", async (line, exit, err) => {
  await withRecipe(async ({ both }) => {
    const seen = await both(line);
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
  });
});
