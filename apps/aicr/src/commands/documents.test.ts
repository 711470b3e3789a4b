import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isTreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { agentSnapshot } from "../testing/agents.ts";
import { configMap, inCluster, putConfigMap } from "../testing/in-cluster.ts";
import { NODE_ROOT } from "../testing/node-tree.ts";

// Documents in ConfigMaps, with every command that reads or writes them.

const SNAPSHOT = agentSnapshot("gpu-1");

test("a recipe goes into a ConfigMap, and what is made of it is what a file gives", async () => {
  await inCluster({}, async ({ both, run, cluster, cwd }) => {
    expect(await both("recipe --service eks -o cm://gpu/recipe")).toEqual({
      exit: 0,
      out: "",
      err: "[cli] recipe written: file=cm://gpu/recipe components=2\n",
    });
    const { out } = await run("recipe --service eks");
    expect(configMap(cluster, "recipe")).toMatchObject({
      metadata: {
        labels: {
          "app.kubernetes.io/name": "aicr",
          "app.kubernetes.io/component": "Recipe",
          "app.kubernetes.io/version": "1.2.3",
        },
      },
      data: { "snapshot.yaml": out, format: "yaml", timestamp: "2026-01-02T03:04:05Z" },
    });
    await writeFile(join(cwd, "r.yaml"), out);
    expect((await run("bundle -r cm://gpu/recipe -o from-map")).exit).toBe(0);
    expect((await run("bundle -r r.yaml -o from-file")).exit).toBe(0);
    expect(await run("diff from-map from-file --exit-code")).toMatchObject({ exit: 0, out: "No differences.\n" });
  });
});

test("the document that was there is replaced, and labels of others stay", async () => {
  await inCluster({}, async ({ run, cluster }) => {
    await run("recipe -o cm://gpu/recipe");
    const before = configMap(cluster, "recipe");
    const { metadata } = before;
    const labels = { "example.com/team": "a" };
    cluster.put({ ...before, metadata: { ...(isTreeMap(metadata) ? metadata : {}), labels } });
    await run("recipe --service eks -t json -o cm://gpu/recipe");
    const after = configMap(cluster, "recipe");
    expect(after).toMatchObject({ metadata: { labels }, data: { format: "json" } });
    expect(await run("query -s cm://gpu/recipe --selector criteria")).toMatchObject({ exit: 2 });
    expect((await run("diff cm://gpu/recipe cm://gpu/recipe --exit-code")).exit).toBe(0);
  });
});

test("criteria come from a snapshot in a ConfigMap", async () => {
  await inCluster({ "s.yaml": SNAPSHOT }, async ({ both, run, cluster }) => {
    putConfigMap(cluster, "snapshot", { "snapshot.yaml": SNAPSHOT });
    for (const line of ["recipe --service eks -s", "query --service eks --selector components.gpu-operator -s"]) {
      const seen = await both(`${line} cm://gpu/snapshot`);
      expect(seen.exit).toBe(0);
      expect(seen).toEqual(await run(`${line} s.yaml`));
    }
  });
});

test("the cluster is that of --kubeconfig and --context", async () => {
  await inCluster({}, async ({ run, cluster }) => {
    const env = { KUBECONFIG: "/nowhere/at/all" };
    const line = "recipe -o cm://gpu/recipe";
    expect(await run(line, { env })).toMatchObject({
      exit: 3,
      err: expect.stringMatching(/^error: cm:\/\/gpu\/recipe: there is no kubeconfig at \/nowhere\/at\/all\n/),
    });
    expect((await run(`${line} -k ${cluster.kubeconfig}`, { env })).exit).toBe(0);
    const { exit, err } = await run(`${line} --context production`);
    expect([exit, err]).toEqual([
      3,
      `error: ${cluster.kubeconfig}: the kubeconfig has no context "production"\n  It has: test.\n`,
    ]);
  });
});

test("a document that is too large for a ConfigMap is refused before anything is sent", async () => {
  const files = { ...NODE_ROOT, "large.tmpl": '{{ repeat 1048577 "x" }}', "fits.tmpl": '{{ repeat 1000000 "x" }}' };
  await inCluster(files, async ({ both, cluster }) => {
    const line = "snapshot --host-root root --filter os -o cm://gpu/snapshot --template";
    expect(await both(`${line} large.tmpl`)).toEqual({
      exit: 2,
      out: "",
      err:
        "error: cm://gpu/snapshot: the document needs 1,048,601 bytes, a ConfigMap holds 1,048,576\n" +
        "  Write it to a file.\n",
    });
    expect(cluster.requests).toEqual([]);
    expect((await both(`${line} fits.tmpl`)).exit).toBe(0);
  });
});

test.each([
  [
    "recipe -s cm://gpu/snapsht",
    3,
    'error: cm://gpu/snapsht: there is no ConfigMap snapsht in the namespace gpu\n  Did you mean "snapshot"?\n',
  ],
  [
    "recipe -s cm://gp/snapshot",
    3,
    'error: cm://gp/snapshot: the namespace gp does not exist\n  Did you mean "gpu"?\n',
  ],
  [
    "recipe -o cm://nowhere/recipe",
    3,
    "error: cm://nowhere/recipe: the namespace nowhere does not exist\n" +
      "  Make it with: kubectl create namespace nowhere\n",
  ],
  [
    "bundle -r cm://gpu/empty -o b",
    2,
    "error: cm://gpu/empty: the ConfigMap holds no document: it is empty\n" +
      "  Expected snapshot.yaml, snapshot.json, recipe.yaml or recipe.json, or a single key.\n",
  ],
  ["bundle -r cm://gpu/two -o b", 2, /^error: cm:\/\/gpu\/two: the ConfigMap holds no document: its keys are a, b\n/],
  ["bundle -r cm://gpu/broken -o b", 2, "error: cm://gpu/broken:2:1: not valid YAML: deficient indentation\n"],
  [
    "bundle -r cm://gpu/snapshot -o b",
    2,
    /^error: cm:\/\/gpu\/snapshot:1:1: componentRefs: the recipe has no components/,
  ],
  ["recipe -s cm://gpu/table", 2, "error: cm://gpu/table: a table cannot be read back: write YAML or JSON there\n"],
  ["recipe -s cm://GPU/x", 2, /^error: cm:\/\/GPU\/x: "GPU" cannot be the name of a namespace/],
  ["recipe -s cm://gpu/a/b", 2, 'error: "cm://gpu/a/b" does not name a ConfigMap: write cm://NAMESPACE/NAME\n'],
])("%s", async (line, exit, err) => {
  await inCluster({}, async ({ both, cluster, cwd }) => {
    putConfigMap(cluster, "snapshot", { "snapshot.yaml": SNAPSHOT });
    putConfigMap(cluster, "empty", {});
    putConfigMap(cluster, "two", { a: "1", b: "2" });
    putConfigMap(cluster, "broken", { "recipe.yaml": "a: [\n" });
    putConfigMap(cluster, "table", { "snapshot.txt": "NODE gpu-1\n", format: "table" });
    const seen = await both(line);
    expect([seen.exit, seen.out]).toEqual([exit, ""]);
    expect(seen.err).toMatch(err);
    expect(await readdir(cwd)).toEqual([]);
  });
});

test("a right that is missing is named, with what shows it", async () => {
  await inCluster({}, async ({ both, cluster }) => {
    cluster.allow(({ resource }) => resource !== "configmaps");
    expect(await both("recipe -s cm://gpu/snapshot")).toEqual({
      exit: 4,
      out: "",
      err:
        "error: cm://gpu/snapshot: you may not get configmaps in the namespace gpu\n" +
        "  Check with: kubectl auth can-i get configmap/snapshot -n gpu\n",
    });
    expect(await both("recipe -o cm://gpu/recipe")).toEqual({
      exit: 4,
      out: "",
      err:
        "error: cm://gpu/recipe: you may not patch configmaps in the namespace gpu\n" +
        "  Check with: kubectl auth can-i patch configmap/recipe -n gpu\n",
    });
  });
});
