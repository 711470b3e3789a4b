import { group } from "@slipway/base";
import { NIM_RESOURCES } from "@slipway/serving";
import { beforeAll, describe, expect, test } from "vitest";
import { testPrograms } from "../control-plane.ts";
import { serviceSpec } from "./specs.ts";
import { TEST_MS, nimWorld, type NimWorld, type Place } from "./world.ts";

const COUNT = 5000;
const AT_ONCE = 48;

describe.skipIf((await testPrograms()) === undefined)("5,000 services", { timeout: TEST_MS }, () => {
  let world: NimWorld;
  let place: Place;

  beforeAll(async () => {
    world = await nimWorld("head");
    place = await world.place({ isLookedAfter: false });
    const tasks = Array.from({ length: COUNT }, (_, index) => async (signal: AbortSignal) => {
      const metadata = { name: `llm-${String(index).padStart(4, "0")}`, labels: { half: String(index % 2) } };
      const object = { apiVersion: "apps.nvidia.com/v1alpha1", kind: "NIMService", metadata, spec: serviceSpec() };
      await world.client.create(NIM_RESOURCES.nimServices, object, { namespace: place.namespace, signal });
    });
    await group(AT_ONCE, tasks);
  }, TEST_MS);

  test("are listed as kubectl lists them", async () => {
    const theirs = await place.shell("kubectl get nimservices -o name");
    const ours = await place.nim("get nimservices -o name");
    expect(ours.stdout.split("\n")).toHaveLength(COUNT + 1);
    expect(ours).toMatchObject({ exit: 0, stdout: theirs.stdout, stderr: "" });
    const half = await place.nim("get nimservices -l half=1 --no-headers");
    expect(half.stdout.trimEnd().split("\n")).toHaveLength(COUNT / 2);
  });
});
