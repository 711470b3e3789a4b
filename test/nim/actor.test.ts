import { listAt, textAt } from "@slipway/base";
import { RESOURCES, waitFor, type KubeObject } from "@slipway/kube";
import { NIM_RESOURCES, podsOf } from "@slipway/serving";
import type { Play } from "@slipway/sim";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, testPrograms } from "../control-plane.ts";
import { cacheSpec, serviceSpec } from "./specs.ts";
import { TEST_MS, nimWorld, type NimWorld, type Place } from "./world.ts";

describe.skipIf((await testPrograms()) === undefined)("the NIM operator of the sim", { timeout: TEST_MS }, () => {
  let world: NimWorld;

  beforeAll(async () => {
    world = await nimWorld("head");
  });

  function conditions(object: KubeObject): readonly string[] {
    return listAt(object, "status", "conditions").map((condition) =>
      ["type", "status", "reason", "message"].map((key) => textAt(condition, key)).join(" | "),
    );
  }

  test("fills a cache, and serves from it", async () => {
    const place = await world.place();
    await place.make("NIMService", "my-llm", serviceSpec({ storage: { nimCache: { name: "llama" } } }));
    const early = await place.until("NIMService", "my-llm", "Failed");
    expect(conditions(early)).toEqual([
      "Ready | False | NIMCacheNotFound | ",
      "Failed | True | NIMCacheNotFound | NIMCache llama not found",
    ]);
    await place.make("NIMCache", "llama", cacheSpec({ gpus: [{ product: "h100" }], precision: "fp8" }));
    const filled = await place.until("NIMCache", "llama", "Ready");
    expect(textAt(filled, "status", "pvc")).toBe("llama-pvc");
    expect(listAt(filled, "status", "profiles")).toHaveLength(2);
    expect(conditions(filled)).toContain(
      "NIM_CACHE_JOB_COMPLETED | True | JobCompleted | The Job to cache NIM has successfully completed",
    );
    const ready = await place.until("NIMService", "my-llm", "Ready");
    expect(conditions(ready)).toEqual([
      'Ready | True | Ready | deployment "my-llm" successfully rolled out\n',
      "Failed | False | Ready | ",
    ]);
    expect(textAt(ready, "status", "model", "name")).toBe("meta/llama3-8b-instruct");
    const address = { namespace: place.namespace, name: "my-llm", kind: "NIMService" } as const;
    expect(await podsOf(world.client, address)).toHaveLength(1);
  });

  /** What the first container of a service's first pod waits for, or why there is no node for it. */
  async function trouble(place: Place, name: string): Promise<string> {
    const address = { namespace: place.namespace, name, kind: "NIMService" } as const;
    return await eventually(async () => {
      const [pod] = await podsOf(world.client, address);
      const [container] = listAt(pod, "status", "containerStatuses");
      const waits = textAt(container, "state", "waiting", "reason");
      const [condition] = listAt(pod, "status", "conditions").filter((item) => textAt(item, "status") === "False");
      const reason = waits === "" ? textAt(condition, "reason") : waits;
      if (reason === "") throw new Error("no trouble yet");
      return reason;
    });
  }

  test.each<[Play, string]>([
    ["image-pull-error", "ImagePullBackOff"],
    ["missing-secret-key", "CreateContainerConfigError"],
    ["crash", "CrashLoopBackOff"],
    ["out-of-memory", "CrashLoopBackOff"],
    ["unschedulable", "Unschedulable"],
    ["slow", "ContainersNotReady"],
  ])("plays %s", async (play, reason) => {
    const place = await world.place();
    place.play("my-llm", play);
    await place.make("NIMService", "my-llm", serviceSpec());
    expect(await trouble(place, "my-llm")).toBe(reason);
    const waiting = await place.until("NIMService", "my-llm", "NotReady");
    const message = 'Waiting for deployment "my-llm" rollout to finish: 0 of 1 updated replicas are available...\n';
    expect(conditions(waiting)).toEqual([
      `Ready | False | NotReady | ${message}`,
      `Failed | False | Ready | ${message}`,
    ]);
  });

  test.each<[Play, string, string]>([
    ["fail", "Failed", "NIM_CACHE_JOB_COMPLETED | False | JobFailed | The Job to cache NIM has failed"],
    ["slow", "InProgress", "NIM_CACHE_JOB_PENDING | False | JobRunning | The Job to cache NIM is in progress"],
    [
      "unschedulable",
      "Pending",
      "NIM_CACHE_JOB_PENDING | True | JobPending | The Job to cache NIM is in pending state",
    ],
    [
      "reconcile-error",
      "NotReady",
      "NIM_CACHE_RECONCILE_FAILED | True | ReconcileFailed | failed to get the model manifest: not found",
    ],
  ])("plays %s for a cache", async (play, state, condition) => {
    const place = await world.place();
    place.play("llama", play);
    await place.make("NIMCache", "llama", cacheSpec());
    expect(conditions(await place.until("NIMCache", "llama", state))).toContain(condition);
  });

  test("leaves the status of a cache empty while its profiles are read", async () => {
    const place = await world.place();
    place.play("llama", "image-pull-error");
    await place.make("NIMCache", "llama", cacheSpec());
    const isWaiting = (pod: KubeObject | undefined): boolean => listAt(pod, "status", "containerStatuses").length > 0;
    const options = { namespace: place.namespace, until: "to wait", timeoutMs: 60_000 };
    await waitFor(world.client, RESOURCES.pods, "llama-pod", isWaiting, options);
    const found = await world.client.get(NIM_RESOURCES.nimCaches, "llama", place);
    expect(found["status"]).toBeUndefined();
  });

  test("leaves a claim pending whose storage class is not there", async () => {
    const place = await world.place();
    const pvc = { create: true, size: "10Gi", storageClass: "nowhere" };
    await place.make("NIMService", "my-llm", serviceSpec({ storage: { pvc } }));
    expect(await trouble(place, "my-llm")).toBe("Unschedulable");
    const claim = await world.client.get(RESOURCES.persistentVolumeClaims, "my-llm-pvc", place);
    expect(textAt(claim, "status", "phase")).toBe("Pending");
  });

  test("scales: so many, none, and by an autoscaler", async () => {
    const place = await world.place();
    await place.make("NIMService", "my-llm", serviceSpec());
    await place.until("NIMService", "my-llm", "Ready");
    const merge = async (spec: object): Promise<string> =>
      await place.kubectl(`patch nimservice my-llm --type=merge -p ${JSON.stringify({ spec })}`);
    await merge({ replicas: 0 });
    expect(conditions(await place.until("NIMService", "my-llm", "NotReady"))[0]).toBe(
      'Ready | False | NotReady | deployment "my-llm" is scaled down',
    );
    await merge({ replicas: null, scale: { enabled: true, hpa: { minReplicas: 2, maxReplicas: 3 } } });
    await eventually(async () => {
      const told = await place.kubectl("get hpa my-llm -o jsonpath={.spec.minReplicas},{.spec.maxReplicas}");
      expect(told).toBe("2,3");
    });
  });

  // The last one: the garbage collector learns of new kinds every half a minute.
  test("lets go what is deleted, and what it has made goes with it", async () => {
    const place = await world.place();
    await place.make("NIMCache", "llama", cacheSpec());
    await place.make("NIMService", "my-llm", serviceSpec({ storage: { nimCache: { name: "llama" } } }));
    await place.until("NIMService", "my-llm", "Ready");
    await place.kubectl("delete nimservice my-llm --timeout=60s");
    await place.kubectl("delete nimcache llama --timeout=60s");
    await eventually(async () => {
      const kinds = [RESOURCES.deployments, RESOURCES.services, RESOURCES.persistentVolumeClaims, RESOURCES.jobs];
      const left = await Promise.all(kinds.map(async (kind) => await world.client.list(kind, place)));
      expect(left.flatMap(({ items }) => items.map(({ metadata }) => metadata.name))).toEqual([]);
    });
  });
});
