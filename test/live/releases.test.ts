import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { listAt, parseJson, textAt } from "@slipway/base";
import { KWOK_RESOURCES, waitingStage } from "@slipway/sim";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Outcome } from "../aicr.ts";
import { fill } from "../charts.ts";
import { eventually, testPrograms } from "../control-plane.ts";
import { helmBinary } from "../tools.ts";
import { playAgents, type ActorOptions } from "./agent-actor.ts";
import { interrupt } from "./interrupt.ts";
import { BINARY, PROGRAMS, SOURCES, TEST_MS, folder, ownLive, type Folder, type Live, type Program } from "./live.ts";

const helm = await helmBinary();

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels:
    app.kubernetes.io/instance: {{ .Release.Name }}
    app.kubernetes.io/managed-by: {{ .Release.Service }}
    helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "docker.io/library/nginx:1.29"}]}
`;

const VALIDATORS = `kind: ValidatorCatalog
validators:
  - {name: smi, phase: deployment, image: "registry.test/smi:v1", remediation: Look at the driver.}
  - {name: fabric, phase: deployment, image: "registry.test/fabric:v1"}
  - {name: nccl, phase: performance, image: "registry.test/nccl:v1"}
`;

const SNAPSHOT = `kind: Snapshot
apiVersion: aicr.nvidia.com/v1alpha1
measurements:
  - {type: K8s, subtypes: [{subtype: server, data: {version: v1.34.5}}]}
`;

describe.skipIf((await testPrograms()) === undefined || helm === undefined)(
  "a release of the real Helm",
  { timeout: TEST_MS },
  () => {
    let stand: Live;
    let place: Folder;
    let namespace: string;

    beforeAll(async () => {
      stand = await ownLive();
      await BINARY();
    }, TEST_MS);

    afterAll(async () => {
      stand.client.close();
      await stand.cluster.controlPlane.stop();
    });

    beforeEach(async () => {
      [place, namespace] = [await folder(stand), await stand.cluster.namespace()];
      await fill(place.path, {
        "snapshot.yaml": SNAPSHOT,
        "data/registry.yaml": "components: []\n",
        "data/validators/catalog.yaml": VALIDATORS,
      });
      await install("install", "1.0.0");
    });

    afterEach(async () => {
      // A release of another namespace would be taken for one that is in the wrong place.
      await helmOf("uninstall", "web", "--ignore-not-found");
      await place.close();
    });

    async function install(verb: "install" | "upgrade", version: string): Promise<void> {
      const chart = join(place.path, "web");
      await rm(chart, { recursive: true, force: true });
      await mkdir(chart);
      await fill(chart, {
        "Chart.yaml": `apiVersion: v2\nname: web\nversion: ${version}\n`,
        "templates/deployment.yaml": DEPLOYMENT,
      });
      await helmOf(verb, "web", chart);
      await stand.cluster.kubectl(["rollout", "status", "deployment/web", "-n", namespace, "--timeout=60s"]);
    }

    async function helmOf(...argv: readonly string[]): Promise<void> {
      const { kubeconfig } = stand.cluster.controlPlane;
      const flags = ["--namespace", namespace, "--kubeconfig", kubeconfig];
      await promisify(execFile)(helm ?? "", [...argv, ...flags], { env: { HOME: place.path } });
    }

    /** A recipe that has the release, and the checks that are given. */
    async function recipe(version: string, checks: readonly string[] = []): Promise<void> {
      await writeFile(
        join(place.path, "recipe.yaml"),
        `kind: RecipeResult
apiVersion: aicr.nvidia.com/v1alpha1
constraints:
  - {name: K8s.server.version, value: ">= 1.32"}
componentRefs:
  - {name: web, namespace: ${namespace}, type: Helm, source: https://charts.test, chart: web, version: ${version}}
deploymentOrder: [web]
validation:
  deployment: {checks: [${checks.join(", ")}]}
  performance: {checks: [nccl]}
`,
      );
    }

    async function drift(program: Program): Promise<Outcome> {
      return await place.aicr(program, ["drift", "-r", "recipe.yaml", "-t", "json"]);
    }

    async function verdict(program: Program): Promise<readonly [exit: number | string, verdict: string]> {
      const { exit, stdout } = await drift(program);
      const found = listAt(parseJson(stdout), "components").find((item) => textAt(item, "component") === "web");
      return [exit, textAt(found, "verdict")];
    }

    test.for(PROGRAMS)("is in step with its recipe, says %s", async ([, program]) => {
      await recipe("1.0.0");
      expect(await verdict(program)).toEqual([0, "in step"]);
      await recipe("1.2.0");
      expect(await verdict(program)).toEqual([1, "behind"]);
    });

    test("drifts when somebody upgrades, scales or removes it", async () => {
      await recipe("1.0.0");
      await install("upgrade", "1.1.0");
      const ahead = await drift(BINARY);
      expect(ahead).toMatchObject({ exit: 1, stderr: expect.stringContaining(": 1 ahead") });
      await recipe("1.1.0");
      await stand.client.create(KWOK_RESOURCES.stages, waitingStage({ namespace, reason: "ImagePullBackOff" }));
      await stand.cluster.kubectl(["scale", "deployment/web", "-n", namespace, "--replicas=2"]);
      await eventually(async () => expect(await verdict(BINARY)).toEqual([1, "not ready"]));
      await helmOf("uninstall", "web");
      expect(await verdict(SOURCES)).toEqual([1, "missing"]);
    });

    /** What a check's container says and ends with, by its name. */
    const CHECKS: Readonly<Record<string, readonly [exitCode: number, says: string]>> = {
      smi: [0, "8 GPUs answer"],
      fabric: [2, "no fabric on this node"],
      nccl: [1, "12 GB/s, expected 400"],
    };

    async function containers(options: Partial<ActorOptions> = {}): Promise<void> {
      const actor = await playAgents(stand, {
        namespace,
        program: BINARY,
        play: async (pod) => {
          const [container] = listAt(pod.pod, "spec", "containers");
          const check = listAt(container, "env").find((entry) => textAt(entry, "name") === "AICR_VALIDATOR_NAME");
          const [exitCode, says] = CHECKS[textAt(check, "value")] ?? [3, "unknown"];
          await pod.log(says);
          return { exitCode };
        },
        ...options,
      });
      onTestFinished(async () => actor.close());
    }

    async function ownMaps(): Promise<readonly string[]> {
      const told = await stand.cluster.kubectl(["get", "cm", "-n", namespace, "-o", "name"]);
      return told
        .trim()
        .split("\n")
        .filter((name) => !name.includes("kube-root-ca"));
    }

    async function nothingIsLeft(): Promise<void> {
      const kinds = "jobs,pods,configmaps,serviceaccounts,clusterroles,clusterrolebindings";
      const left = ["get", kinds, "-A", "-o", "name", "-l", "app.kubernetes.io/managed-by=aicr,aicr.nvidia.com/run-id"];
      await eventually(async () => expect(await stand.cluster.kubectl([...left])).toBe(""));
      expect(await ownMaps()).toEqual([]);
    }

    const ARGV = ["validate", "-r", "recipe.yaml", "-s", "snapshot.yaml", "--data", "data", "--allow-cluster-admin"];

    test.for(PROGRAMS)("is validated with checks of the API and in containers, by %s", async ([, program]) => {
      await recipe("1.0.0", ["smi", "fabric"]);
      await containers();
      const outcome = await place.aicr(program, [...ARGV, "-n", namespace, "-t", "table", "-o", "report.txt"]);
      const report = await readFile(join(place.path, "report.txt"), "utf8");
      expect(outcome).toMatchObject({ exit: 1 });
      expect(outcome.stderr).toContain("first nccl: 12 GB/s, expected 400");
      for (const line of [
        /passed +readiness +K8s.server.version/,
        /passed +deployment +releases-installed/,
        /passed +deployment +workloads-ready/,
        /passed +deployment +smi +8 GPUs answer/,
        /skipped +deployment +fabric +no fabric on this node/,
        /failed +performance +nccl +12 GB\/s, expected 400/,
      ])
        expect(report).toMatch(line);
      await nothingIsLeft();
    });

    test("leaves its report in the cluster if told", async () => {
      await recipe("1.0.0", ["smi"]);
      await containers();
      const argv = [...ARGV, "-n", namespace, "--phase", "deployment", "--no-cleanup", "-o", "report.json"];
      expect(await place.aicr(BINARY, argv)).toMatchObject({ exit: 0 });
      const kept = (await ownMaps()).find((name) => /aicr-ctrf-.*-deployment$/.test(name)) ?? "";
      const map = parseJson(await stand.cluster.kubectl(["get", kept, "-n", namespace, "-o", "json"]));
      expect(parseJson(textAt(map, "data", "report.json"))).toMatchObject({
        results: { tool: { name: "aicr" }, summary: { failed: 0 } },
      });
      const mine = ["-l", "app.kubernetes.io/managed-by=aicr,aicr.nvidia.com/run-id"];
      await stand.cluster.kubectl(["delete", "jobs,configmaps,serviceaccounts", "-n", namespace, ...mine]);
      await stand.cluster.kubectl(["delete", "clusterroles,clusterrolebindings", ...mine]);
    });

    test.for(PROGRAMS)("is left alone by a validation of %s that Ctrl-C ends", { retry: 2 }, async ([, program]) => {
      await recipe("1.0.0", ["smi"]);
      const runs = Promise.withResolvers<void>();
      await containers({
        play: async () => {
          runs.resolve();
          return undefined;
        },
      });
      const argv = [...ARGV, "-n", namespace, "-o", "report.json"];
      const env = { KUBECONFIG: stand.cluster.controlPlane.kubeconfig };
      const ended = await interrupt(await program(), argv, { cwd: place.path, env }, async () => runs.promise);
      expect(ended).toMatchObject({ exit: 130, stdout: "" });
      expect(ended.afterMs).toBeLessThan(3000);
      await nothingIsLeft();
    });
  },
);
