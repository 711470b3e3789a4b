import { mapAt, textAt } from "@slipway/base";
import { readdir } from "node:fs/promises";
import type { KubeObject } from "@slipway/kube";
import { KWOK_RESOURCES, waitingStage } from "@slipway/sim";
import { agentObjects, printRbac, runNames, targetNames, type AgentOptions } from "@slipway/snapshot/agent";
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Outcome } from "../aicr.ts";
import { eventually, testPrograms } from "../control-plane.ts";
import { playAgents } from "./agent-actor.ts";
import { BINARY, SOURCES, TEST_MS, folder, live, objectsOf, type Folder, type Live, type Program } from "./live.ts";

const LEVEL = "pod-security.kubernetes.io/enforce";

/** What the cases need differs, and what starts is the same: half of them run each of the programs. */
describe.skipIf((await testPrograms()) === undefined)("an agent on a real cluster", { timeout: TEST_MS }, () => {
  let stand: Live;
  let place: Folder;

  beforeAll(async () => {
    stand = await live();
    await BINARY();
  });

  beforeEach(async () => {
    place = await folder(stand);
  });

  afterEach(async () => {
    await place.close();
  });

  async function start(program: Program, namespace: string, ...flags: readonly string[]): Promise<Outcome> {
    return await place.aicr(program, ["snapshot", "--agent", "-n", namespace, "-o", "out.yaml", ...flags]);
  }

  /** Nothing in the cluster, and no file, also none that is half-written. */
  async function nothingIsLeft(prefix: string): Promise<void> {
    await eventually(async () => expect(await objectsOf(stand, prefix)).toEqual([]));
    expect(await readdir(place.path)).toEqual([]);
  }

  for (const [level, privileged] of [
    ["privileged", true],
    ["restricted", false],
  ] as const) {
    test(`is accepted in a namespace of the level ${level}, with strict validation and no warning`, async () => {
      const namespace = await stand.cluster.namespace({ [LEVEL]: level, "pod-security.kubernetes.io/warn": level });
      const options: AgentOptions = {
        namespace,
        image: "ghcr.io/nvidia/aicr:latest",
        jobName: "aicr",
        imagePullSecrets: ["registry"],
        requests: { cpu: "500m" },
        privileged,
        timeoutMs: 60_000,
      };
      const targets = [targetNames("aicr", "00000001"), targetNames("aicr", "00000001", "gpu-1.example.com")];
      const plan = { options, names: runNames("aicr", "00000001"), targets, expires: "2026-01-01T00:00:00Z" };
      const objects = agentObjects(plan, { kind: "nodes", names: ["live-gpu-0"] }).filter(
        ({ kind }) => kind !== "Namespace",
      );
      const pods = objects.flatMap((object) => (object.kind === "Job" ? [podOf(object)] : []));
      const list = { apiVersion: "v1", kind: "List", items: [...objects, ...pods] };
      const flags = ["--dry-run=server", "--validate=strict", "--warnings-as-errors", "-f", "-"];
      const told = await stand.cluster.kubectl(["apply", ...flags], JSON.stringify(list));
      expect(told.trim().split("\n")).toHaveLength(11);
      const rights = await stand.cluster.kubectl(["apply", ...flags], printRbac({ namespace }));
      expect(rights.trim().split("\n")).toHaveLength(7);
    });
  }

  /** The pod that a Job makes: only pods are held against the level of a namespace. */
  function podOf({ metadata, spec }: KubeObject): KubeObject {
    const template = mapAt(spec, "template", "spec");
    const account = { serviceAccountName: "default", imagePullSecrets: [] };
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `${metadata.name}-pod`, namespace: metadata.namespace ?? "" },
      spec: { ...template, ...account },
    };
  }

  test("runs under the level restricted without privileges, and says what to do with them", async () => {
    const namespace = await stand.cluster.namespace({ [LEVEL]: "restricted" });
    const refused = await start(BINARY, namespace, "--job-name", "strict");
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toMatch(/the pod is refused: .*violates PodSecurity "restricted/);
    expect(refused.stderr).toContain("Run it with --privileged=false, in another namespace");
    await nothingIsLeft("strict");
    const actor = await playAgents(stand, { namespace, program: BINARY });
    onTestFinished(async () => actor.close());
    const allowed = await start(SOURCES, namespace, "--job-name", "strict", "--privileged=false", "--filter", "gpu");
    expect(allowed).toMatchObject({ exit: 0, stdout: "" });
    expect(await readdir(place.path)).toEqual(["out.yaml"]);
  });

  test("says why no node takes it, within its time", async () => {
    const namespace = await stand.cluster.namespace();
    const flags = [
      "--job-name",
      "taint",
      "--node-selector",
      "live-pool=yes",
      "--toleration",
      "other",
      "--timeout",
      "4s",
    ];
    const outcome = await start(SOURCES, namespace, ...flags);
    expect(outcome.exit).toBe(5);
    expect(outcome.stderr).toMatch(/not done within 4 s: no node takes the pod: .*untolerated taint/);
    expect(outcome.stderr).toContain("olerate the taint with --toleration");
    await nothingIsLeft("taint");
  });

  test("says that its image cannot be pulled", async () => {
    const namespace = await stand.cluster.namespace();
    const message = 'Back-off pulling image "nowhere.test/aicr:1"';
    await stand.client.create(KWOK_RESOURCES.stages, waitingStage({ namespace, reason: "ImagePullBackOff", message }));
    const flags = ["--image", "nowhere.test/aicr:1", "--job-name", "image", "--timeout", "5s"];
    const outcome = await start(BINARY, namespace, ...flags);
    expect(outcome.exit).toBe(6);
    expect(outcome.stderr).toContain(`the image nowhere.test/aicr:1 cannot be pulled (ImagePullBackOff: ${message})`);
    expect(outcome.stderr).toContain("--image-pull-secret");
    await nothingIsLeft("image");
  });

  test("says what is not there before it makes anything", async () => {
    const namespace = await stand.cluster.namespace();
    const cases = [
      [["--runtime-class", "nvidia-gone"], 'there is no runtime class "nvidia-gone"'],
      [["--service-account-name", "nobody"], `there is no service account "nobody" in the namespace ${namespace}`],
      [["--node-selector", "live-pool=no"], "no node has the labels live-pool=no"],
      [["--nodes", "live-gpu-00"], "there is no node live-gpu-00"],
    ] as const;
    for (const [flags, message] of cases) {
      const outcome = await start(BINARY, namespace, "--job-name", "absent", ...flags);
      expect(outcome).toMatchObject({ exit: 3, stdout: "" });
      expect(outcome.stderr).toContain(message);
    }
    await nothingIsLeft("absent");
  });

  test("uses a service account that is there as it is, and leaves it", async () => {
    const namespace = await stand.cluster.namespace();
    const rights = await place.aicr(SOURCES, [
      "snapshot",
      "--print-rbac",
      "-n",
      namespace,
      "--service-account-name",
      "own",
    ]);
    await stand.cluster.kubectl(["apply", "-f", "-"], rights.stdout);
    const before = await objectsOf(stand, "own");
    const seen: KubeObject[] = [];
    const actor = await playAgents(stand, {
      namespace,
      program: BINARY,
      play: async (agent) => {
        seen.push(agent.pod);
        return await agent.run();
      },
    });
    onTestFinished(async () => actor.close());
    const flags = ["--service-account-name", "own", "--job-name", "verbatim", "--filter", "gpu,k8s"];
    expect(await start(BINARY, namespace, ...flags)).toMatchObject({ exit: 0 });
    expect(seen.map((pod) => textAt(pod, "spec", "serviceAccountName"))).toEqual(["own"]);
    expect(await objectsOf(stand, "own")).toEqual(before);
    await eventually(async () => expect(await objectsOf(stand, "verbatim")).toEqual([]));
  });

  test("leaves everything if told, and says how to remove it", async () => {
    const namespace = await stand.cluster.namespace();
    const actor = await playAgents(stand, { namespace, program: BINARY });
    onTestFinished(async () => actor.close());
    const outcome = await start(BINARY, namespace, "--job-name", "stays", "--no-cleanup", "--filter", "gpu");
    expect(outcome.exit).toBe(0);
    const kinds = (await objectsOf(stand, "stays")).map((text) => text.split(" ")[0]);
    expect(new Set(kinds)).toEqual(
      new Set([
        "ClusterRole",
        "ClusterRoleBinding",
        "ConfigMap",
        "Job",
        "Pod",
        "Role",
        "RoleBinding",
        "ServiceAccount",
      ]),
    );
    const commands = outcome.stderr.split("\n").filter((line) => line.trim().startsWith("kubectl delete"));
    expect(commands).toHaveLength(2);
    for (const command of commands) await stand.cluster.kubectl(command.trim().split(" ").slice(1));
    await eventually(async () => expect(await objectsOf(stand, "stays")).toEqual([]));
  });

  test("ends as the agent did, with its last words", async () => {
    const namespace = await stand.cluster.namespace();
    const actor = await playAgents(stand, {
      namespace,
      program: BINARY,
      play: async (agent) => {
        await agent.log("measuring");
        return { exitCode: 4, message: "error: configmaps is forbidden\n" };
      },
    });
    onTestFinished(async () => actor.close());
    const outcome = await start(BINARY, namespace, "--job-name", "fails");
    expect(outcome.exit).toBe(4);
    expect(outcome.stderr).toContain("measuring");
    expect(outcome.stderr).toContain("the agent ended with exit status 4: error: configmaps is forbidden");
    await nothingIsLeft("fails");
  });

  test("is given up when its time is over", async () => {
    const namespace = await stand.cluster.namespace();
    const actor = await playAgents(stand, { namespace, program: BINARY, play: async () => undefined });
    onTestFinished(async () => actor.close());
    const outcome = await start(SOURCES, namespace, "--job-name", "late", "--timeout", "3s");
    expect(outcome.exit).toBe(5);
    expect(outcome.stderr).toContain("the agent was not done within 3 s");
    expect(outcome.stderr).toContain("--timeout");
    await nothingIsLeft("late");
  });
});
