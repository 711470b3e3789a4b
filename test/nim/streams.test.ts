import { appendFile, readFile, readdir, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { nameOf } from "@slipway/kube";
import { podsOf } from "@slipway/serving";
import { KWOK_RESOURCES, logLine, podLogs, podPort, startModelServer } from "@slipway/sim";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { eventually, testPrograms } from "../control-plane.ts";
import { cacheSpec, serviceSpec } from "./specs.ts";
import { TEST_MS, nimWorld, type NimWorld, type Place } from "./world.ts";

describe.skipIf((await testPrograms()) === undefined)(
  "kubectl nim, listening and talking",
  { timeout: TEST_MS },
  () => {
    let world: NimWorld;
    let place: Place;

    beforeAll(async () => {
      world = await nimWorld("head");
    }, TEST_MS);

    beforeEach(async () => {
      place = await world.place();
    });

    /** Makes a service with two pods whose logs the test writes. @returns the pods and the files */
    async function talkative(): Promise<readonly { readonly pod: string; readonly file: string }[]> {
      await place.make("NIMService", "my-llm", serviceSpec({ replicas: 2 }));
      await place.until("NIMService", "my-llm", "Ready");
      const address = { kind: "NIMService", namespace: place.namespace, name: "my-llm" } as const;
      const pods = (await podsOf(world.client, address)).map(nameOf);
      return await Promise.all(pods.map(logged));
    }

    async function logged(pod: string): Promise<{ readonly pod: string; readonly file: string }> {
      const { namespace } = place;
      const file = join(place.path, `${pod}.log`);
      await writeFile(file, logLine(`${pod} starts`));
      await world.client.create(KWOK_RESOURCES.logs, podLogs({ namespace, pod, file }));
      return { pod, file };
    }

    test("log stream follows all pods at once, each with its prefix, and Ctrl-C ends it within a second", async () => {
      const pods = await talkative();
      const child = place.start("log stream nimservice my-llm");
      let [stdout, stderr] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      const lines = (): readonly string[] => stdout.split("\n").filter((line) => line !== "");
      await eventually(async () => {
        expect(lines().toSorted()).toEqual(pods.map(({ pod }) => `[${pod}/my-llm-ctr] ${pod} starts`).toSorted());
      });
      for (const { pod, file } of pods) await appendFile(file, logLine(`${pod} goes on`));
      await eventually(async () => expect(lines()).toHaveLength(4));
      const pressed = performance.now();
      child.kill("SIGINT");
      const [exit] = await once(child, "close");
      expect([exit, lines().length, stderr]).toEqual([130, 4, expect.any(String)]);
      expect(performance.now() - pressed).toBeLessThan(1000);
    });

    test("log stream --no-follow --tail prints the end and stops; logs is the same as log", async () => {
      const [first] = await talkative();
      const { pod = "", file = "" } = first ?? {};
      await appendFile(file, logLine("the last line"));
      const { exit, stdout } = await place.nim("logs stream nimservices/my-llm --no-follow --tail 1");
      expect([exit, stdout.split("\n").includes(`[${pod}/my-llm-ctr] the last line`)]).toEqual([0, true]);
      expect(stdout).not.toContain(`${pod} starts`);
    });

    test("log stream of a cache shows the pods of its Job", async () => {
      place.play("llama", "slow");
      await place.make("NIMCache", "llama", cacheSpec());
      await place.until("NIMCache", "llama", "InProgress");
      const [pod] = await podsOf(world.client, { kind: "NIMCache", namespace: place.namespace, name: "llama" });
      const name = pod === undefined ? "" : nameOf(pod);
      await logged(name);
      const { exit, stdout } = await place.nim("log stream nimcache llama --no-follow");
      expect([exit, stdout]).toEqual([0, `[${name}/nim-cache-ctr] ${name} starts\n`]);
    });

    test("log collect gathers objects, events and logs, and no secret", async () => {
      const [first] = await talkative();
      const { exit, stdout } = await place.nim("log collect --output-directory bundle");
      expect([exit, stdout]).toEqual([0, expect.stringContaining("bundle")]);
      const files = (await readdir(join(place.path, "bundle"), { recursive: true })).map(String);
      expect(files).toEqual(
        expect.arrayContaining([
          "index.json",
          "cluster/k8s_version.yaml",
          "nim/nimservices.yaml",
          "nim/nimcaches.yaml",
          "nim/pvcs.yaml",
          "storage/storageclasses.yaml",
        ]),
      );
      const texts = await Promise.all(
        files
          .filter((name) => /\.\w+$/.test(name))
          .map(async (name) => await readFile(join(place.path, "bundle", name), "utf8")),
      );
      expect(texts.join("")).toContain(`${first?.pod} starts`);
      expect(texts.join("")).not.toContain("nvapi-test");
    });

    test("chat asks the model of a service through a forwarded port", async () => {
      const model = await startModelServer({
        models: ["meta/llama3-8b-instruct"],
        answer: () => "I am well, thank you.",
      });
      onTestFinished(async () => await model.close());
      await place.make("NIMService", "my-llm", serviceSpec());
      await place.until("NIMService", "my-llm", "Ready");
      const { namespace } = place;
      const [pod] = await podsOf(world.client, { kind: "NIMService", namespace, name: "my-llm" });
      const forward = podPort({ namespace, pod: pod === undefined ? "" : nameOf(pod), port: model.port });
      await world.client.create(KWOK_RESOURCES.portForwards, forward);
      const { exit, stdout, stderr } = await place.nim('chat my-llm "How are you?"');
      expect({ exit, stdout }).toEqual({ exit: 0, stdout: "I am well, thank you.\n" });
      expect(stderr).toMatch(/first token after [\d.]+ s, [\d.]+ tokens\/s, 5 tokens in [\d.]+ s\n$/);
      expect(model.calls.map(({ path }) => path)).toEqual(["/v1/models", "/v1/chat/completions"]);
      const piped = await place.nim("chat my-llm", { stdin: "And now?\n" });
      expect(piped).toMatchObject({ exit: 0, stdout: "I am well, thank you.\n" });
      expect(model.calls.at(-1)?.body).toContain("And now?");
    });
  },
);
