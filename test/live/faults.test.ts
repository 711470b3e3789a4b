import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseYaml, textAt } from "@slipway/base";
import { startFaultProxy, type FaultProxy } from "@slipway/sim/testing";
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Outcome } from "../aicr.ts";
import { eventually, testPrograms } from "../control-plane.ts";
import { playAgents } from "./agent-actor.ts";
import {
  BINARY,
  PROGRAMS,
  SOURCES,
  TEST_MS,
  folder,
  live,
  objectsOf,
  type Folder,
  type Live,
  type Program,
} from "./live.ts";

describe.skipIf((await testPrograms()) === undefined)("an API server", { timeout: TEST_MS }, () => {
  let stand: Live;
  let place: Folder;
  let proxy: FaultProxy;
  let namespace: string;

  beforeAll(async () => {
    stand = await live();
    await BINARY();
  });

  beforeEach(async () => {
    place = await folder(stand);
    [proxy, namespace] = [await startFaultProxy(stand.cluster.controlPlane), await stand.cluster.namespace()];
  });

  afterEach(async () => {
    await Promise.all([proxy.close(), place.close()]);
  });

  async function measure(program: Program, ...flags: readonly string[]): Promise<Outcome> {
    const argv = ["snapshot", "--filter", "k8s,topology", "-o", "out.yaml", ...flags];
    return await place.aicr(program, argv, { kubeconfig: proxy.kubeconfig });
  }

  async function agent(program: Program, job: string): Promise<Outcome> {
    const argv = ["snapshot", "--agent", "-n", namespace, "--job-name", job, "--filter", "gpu", "-o", "out.yaml"];
    return await place.aicr(program, argv, { kubeconfig: proxy.kubeconfig });
  }

  async function isComplete(): Promise<void> {
    expect(textAt(parseYaml(await readFile(join(place.path, "out.yaml"), "utf8")), "kind")).toBe("Snapshot");
  }

  test.for(PROGRAMS)("that is slow is waited for, by %s", async ([, program]) => {
    proxy.delay(300);
    const outcome = await measure(program);
    expect(outcome).toMatchObject({ exit: 0, stdout: "", stderr: expect.not.stringContaining("warning") });
    await isComplete();
  });

  test.for(PROGRAMS)("that is busy is asked again, by %s", async ([, program]) => {
    proxy.refuseNext(3, { retryAfterSeconds: 1 });
    const outcome = await measure(program);
    expect(outcome).toMatchObject({ exit: 0, stdout: "", stderr: expect.not.stringContaining("warning") });
    await isComplete();
  });

  test("that is slow and busy does not keep an agent from its work", async () => {
    const actor = await playAgents(stand, { namespace, program: BINARY });
    onTestFinished(async () => actor.close());
    proxy.delay(300);
    proxy.refuseNext(3, { retryAfterSeconds: 1 });
    expect(await agent(SOURCES, "slow")).toMatchObject({ exit: 0, stdout: "" });
    await isComplete();
    await eventually(async () => expect(await objectsOf(stand, "slow")).toEqual([]));
  });

  test.for(PROGRAMS)("that is gone ends everything that needs it with 6, by %s", async ([, program]) => {
    await writeFile(join(place.path, "out.yaml"), "from before\n");
    await proxy.listen(false);
    const commands = [
      ["snapshot", "--agent", "-n", namespace, "-o", "out.yaml"],
      ["snapshot", "--nodes", "all", "-n", namespace, "-o", "out.yaml"],
      ["recipe", "-s", `cm://${namespace}/x`, "-o", "out.yaml"],
    ];
    const outcomes = await Promise.all(
      commands.map(async (argv) => place.aicr(program, argv, { kubeconfig: proxy.kubeconfig })),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ exit: 6, stdout: "" });
      expect(outcome.stderr).toContain(new URL(proxy.server).host);
    }
    expect(await readFile(join(place.path, "out.yaml"), "utf8")).toBe("from before\n");
    expect(await readdir(place.path)).toEqual(["out.yaml"]);
  });

  test.for(PROGRAMS)("that cuts its answers is asked again by %s", async ([, program]) => {
    proxy.cutNext(3, { afterBytes: 20 });
    expect(await measure(program)).toMatchObject({ exit: 0, stdout: "" });
    await isComplete();
  });

  test.for(PROGRAMS)(
    "that is restarted while an agent measures does not end the wait of %s",
    async ([name, program]) => {
      const restarted = Promise.withResolvers<void>();
      const measuring = Promise.withResolvers<void>();
      const actor = await playAgents(stand, {
        namespace,
        program: BINARY,
        play: async (pod) => {
          measuring.resolve();
          await restarted.promise;
          return await pod.run();
        },
      });
      onTestFinished(async () => actor.close());
      const job = `restart-${name.split(" ")[1] ?? ""}`;
      const running = agent(program, job);
      await Promise.race([measuring.promise, running.then((outcome) => expect(outcome).toBe("at work"))]);
      await stand.cluster.controlPlane.restartApiServer({ abrupt: true });
      await sleep(500);
      restarted.resolve();
      expect(await running).toMatchObject({ exit: 0, stdout: "" });
      await isComplete();
      await eventually(async () => expect(await objectsOf(stand, job)).toEqual([]));
    },
  );
});
