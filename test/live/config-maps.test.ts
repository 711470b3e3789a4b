import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson, parseYaml, textAt } from "@slipway/base";
import { RESOURCES } from "@slipway/kube";
import { startFaultProxy } from "@slipway/sim/testing";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { testPrograms } from "../control-plane.ts";
import { BINARY, PROGRAMS, TEST_MS, folder, live, type Folder, type Live } from "./live.ts";

describe.skipIf((await testPrograms()) === undefined)("documents in ConfigMaps", { timeout: TEST_MS }, () => {
  let stand: Live;
  let place: Folder;
  let namespace: string;

  beforeAll(async () => {
    stand = await live();
    await BINARY();
  });

  beforeEach(async () => {
    [place, namespace] = [await folder(stand), await stand.cluster.namespace()];
  });

  afterEach(async () => {
    await place.close();
  });

  test.for(PROGRAMS)("go round through all commands of %s", async ([, program]) => {
    const at = (name: string): string => `cm://${namespace}/${name}`;
    const done = async (...argv: readonly string[]): Promise<string> => {
      const outcome = await place.aicr(program, argv);
      expect({ argv, ...outcome }).toMatchObject({ exit: 0 });
      return outcome.stdout;
    };
    await done("snapshot", "--filter", "k8s,os,gpu", "-o", at("measured"));
    await done("recipe", "-s", at("measured"), "--intent", "training", "-t", "json", "-o", at("wanted"));
    await done("bundle", "-r", at("wanted"), "-o", "bundle");
    await done("validate", "-r", at("wanted"), "-s", at("measured"), "--no-cluster", "-o", at("report"));
    expect(await done("query", "-s", at("measured"), "--selector", "criteria.accelerator")).toBe("h100\n");
    expect(await done("diff", at("measured"), at("measured"), "--exit-code")).toContain("No differences.");
    const shown = await stand.cluster.kubectl([
      "get",
      "cm",
      "-n",
      namespace,
      "-o",
      "name",
      "-l",
      "app.kubernetes.io/name=aicr",
    ]);
    expect(shown.trim().split("\n")).toEqual(["measured", "report", "wanted"].map((name) => `configmap/${name}`));
    const maps = await Promise.all(
      ["measured", "wanted"].map(async (name) => stand.client.get(RESOURCES.configMaps, name, { namespace })),
    );
    const [measured, wanted] = maps;
    expect(measured).toMatchObject({
      metadata: { labels: { "app.kubernetes.io/name": "aicr", "app.kubernetes.io/component": "Snapshot" } },
      data: { format: "yaml", timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) },
    });
    expect(textAt(parseYaml(textAt(measured, "data", "snapshot.yaml")), "kind")).toBe("Snapshot");
    expect(wanted).toMatchObject({ metadata: { labels: { "app.kubernetes.io/component": "Recipe" } } });
    expect(textAt(parseJson(textAt(wanted, "data", "snapshot.json")), "kind")).toBe("RecipeResult");
  });

  test.for(PROGRAMS)("that cannot be had are told apart by %s", async ([, program]) => {
    const proxy = await startFaultProxy(stand.cluster.controlPlane);
    const nobody = await stand.cluster.controlPlane.kubeconfigFor({ user: "nobody" });
    await stand.cluster.kubectl(["create", "configmap", "gpu-snapshot", "-n", namespace]);
    await writeFile(join(place.path, "big.template"), '{{ repeat 1100000 "x" }}');
    const write = ["snapshot", "--filter", "os", "-o"];
    const [forbidden, unwritable, missing, nowhere, big] = await Promise.all([
      place.aicr(program, ["recipe", "-s", `cm://${namespace}/gpu-snapshot`], { kubeconfig: nobody }),
      place.aicr(program, [...write, `cm://${namespace}/mine`], { kubeconfig: nobody }),
      place.aicr(program, ["recipe", "-s", `cm://${namespace}/gpu-snapsho`]),
      place.aicr(program, [...write, `cm://${namespace}x/mine`]),
      place.aicr(program, [...write, `cm://${namespace}/mine`, "--template", "big.template"], {
        kubeconfig: proxy.kubeconfig,
      }),
    ]);
    expect(forbidden).toMatchObject({ exit: 4, stdout: "" });
    expect(forbidden.stderr).toContain(`you may not get configmaps in the namespace ${namespace}`);
    expect(forbidden.stderr).toContain("kubectl auth can-i get configmap/gpu-snapshot");
    expect(unwritable).toMatchObject({ exit: 4, stdout: "" });
    expect(unwritable.stderr).toMatch(/you may not (patch|create) configmaps/);
    expect(missing).toMatchObject({ exit: 3, stdout: "" });
    expect(missing.stderr).toContain('Did you mean "gpu-snapshot"?');
    expect(nowhere).toMatchObject({ exit: 3, stdout: "" });
    expect(nowhere.stderr).toContain(`the namespace ${namespace}x does not exist\n  Did you mean "${namespace}"?`);
    expect(big).toMatchObject({ exit: 2, stdout: "" });
    expect(big.stderr).toMatch(/the document needs [\d,]+ bytes, a ConfigMap holds 1,048,576/);
    // Said before anything is sent.
    expect(proxy.requests.filter((line) => line.startsWith("PATCH"))).toEqual([]);
    await proxy.close();
  });
});
