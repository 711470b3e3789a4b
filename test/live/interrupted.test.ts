import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { startFaultProxy } from "@slipway/sim/testing";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { eventually, testPrograms } from "../control-plane.ts";
import { playAgents } from "./agent-actor.ts";
import { interrupt } from "./interrupt.ts";
import { PROGRAMS, SOURCES, TEST_MS, folder, live, objectsOf } from "./live.ts";

/** Milliseconds that every request takes, so that there is time to interrupt it. */
const REQUEST_MS = 40;
/** The program ends by itself within a second; the rest is what a busy machine takes to notice. */
const END_MS = 3000;

/** What is seen of a run so far. */
interface Seen {
  readonly requests: readonly string[];
  readonly stderr: string;
}

/** Moments of a run: the first at which this is true. */
const STAGES: readonly (readonly [stage: string, isThere: (seen: Seen) => boolean])[] = [
  ["before anything is made", asked("POST", "selfsubjectaccessreviews")],
  ["while its ClusterRole is made", asked("POST", "clusterroles?")],
  ["while its service account is made", asked("POST", "serviceaccounts?")],
  ["while its ClusterRoleBinding is made", asked("POST", "clusterrolebindings?")],
  ["while its Role is made", asked("POST", "/roles?")],
  ["while its RoleBinding is made", asked("POST", "/rolebindings?")],
  ["while its ConfigMap is made", asked("POST", "configmaps?")],
  ["while its Job is made", asked("POST", "/jobs?")],
  ["while it waits", asked("GET", "/jobs/")],
  ["while the log streams", ({ stderr }) => stderr.includes("halfway")],
  ["while it reads the result", asked("GET", "/configmaps/aicr-int")],
  ["while it tidies up", asked("DELETE", "")],
];

function asked(method: string, part: string): (seen: Seen) => boolean {
  return ({ requests }) => requests.some((line) => line.startsWith(`${method} `) && line.includes(part));
}

const FEW = new Set([
  "before anything is made",
  "while its ClusterRoleBinding is made",
  "while its Job is made",
  "while the log streams",
]);

describe.skipIf((await testPrograms()) === undefined).for(PROGRAMS)(
  "Ctrl-C ends %s and leaves nothing",
  { timeout: TEST_MS },
  ([, program]) => {
    beforeAll(async () => {
      await Promise.all([live(), program()]);
    });

    const stages = STAGES.filter(([stage]) => program !== SOURCES || FEW.has(stage));

    // A machine may be so busy that a second is too short for the requests that tidy up: a stage may try again.
    test.for(stages)("%s", { retry: 2 }, async ([stage, isThere]) => {
      const stand = await live();
      const place = await folder(stand);
      const namespace = await stand.cluster.namespace();
      const proxy = await startFaultProxy(stand.cluster.controlPlane);
      proxy.delay(REQUEST_MS);
      const actor = await playAgents(stand, { namespace, program, play: playHalf });
      onTestFinished(async () => {
        await Promise.all([actor.close(), proxy.close(), place.close()]);
      });
      // A name that no other test has, so that what is left can be told.
      const job = `aicr-int-${STAGES.findIndex(([name]) => name === stage)}-${namespace.slice(-5)}`;
      const argv = ["snapshot", "--agent", "-n", namespace, "--job-name", job, "-o", "out.yaml"];
      const options = { cwd: place.path, env: { KUBECONFIG: proxy.kubeconfig } };
      const ended = await interrupt(await program(), argv, options, async (stderr) =>
        until(() => isThere({ requests: proxy.requests, stderr: stderr() })),
      );
      expect(ended).toMatchObject({ exit: 130, stdout: "" });
      expect(ended.afterMs).toBeLessThan(END_MS);
      expect(await readdir(place.path)).toEqual([]);
      await eventually(async () => expect(await objectsOf(stand, job)).toEqual([]));
    });
  },
);

/** Says a line, stays until somebody can have interrupted it, and ends well. */
async function playHalf(agent: { log(line: string): Promise<void> }): Promise<{ readonly exitCode: number }> {
  await agent.log("halfway");
  await sleep(1500);
  return { exitCode: 0 };
}

async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error("it never came to that");
    await sleep(5);
  }
}
