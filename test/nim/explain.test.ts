import type { TreeMap } from "@slipway/base";
import type { Play } from "@slipway/sim";
import { beforeAll, describe, expect, test } from "vitest";
import { eventually, testPrograms } from "../control-plane.ts";
import { cacheSpec, serviceSpec } from "./specs.ts";
import { TEST_MS, nimWorld, type NimWorld, type Place } from "./world.ts";

describe.skipIf((await testPrograms()) === undefined)("kubectl nim explain", { timeout: TEST_MS }, () => {
  let world: NimWorld;

  beforeAll(async () => {
    world = await nimWorld("head");
  }, TEST_MS);

  /** The exit status, what is the matter, what to do about it, and the command for that. */
  async function explained(place: Place, line: string): Promise<readonly unknown[]> {
    const { exit, stdout } = await place.nim(`explain ${line}`);
    const [, , matter = "", advice = "", command = ""] = stdout
      .replaceAll(place.namespace, "NS")
      .replaceAll(/my-llm-[0-9a-z]+-[0-9a-z]{5}/g, "POD")
      .split("\n");
    return [exit, matter, advice, command.trim()];
  }

  /** What it says in the end, as far as that is expected. */
  async function inTheEnd(place: Place, line: string, expected: readonly unknown[]): Promise<readonly unknown[]> {
    return await eventually(async () => {
      const said = (await explained(place, line)).slice(0, expected.length);
      expect(said).toEqual(expected);
      return said;
    });
  }

  test.each<[title: string, play: Play | undefined, spec: TreeMap, expected: readonly unknown[]]>([
    ["is well", undefined, {}, [0, "State:     The service is ready.", "Next:      Talk to it."]],
    [
      "whose image cannot be pulled",
      "image-pull-error",
      {},
      [
        1,
        'Cause:     nvcr.io does not accept the key in the pull secret "ngc-secret".',
        "Next:      Make a key at NGC that may use this image (accept its licence there), and put it into the secret.",
        "kubectl nim secret ngc --only pull --replace -n NS",
      ],
    ],
    [
      "whose secret lacks the key",
      "missing-secret-key",
      {},
      [
        1,
        'Cause:     The secret "ngc-api-secret" has no key NGC_API_KEY.',
        "Next:      Put NGC_API_KEY into the secret; it is asked for.",
      ],
    ],
    [
      "that crashes",
      "crash",
      {},
      [
        1,
        "Cause:     Container my-llm-ctr ends with exit status 1.",
        "Next:      Read the log.",
        "kubectl nim log stream nimservice my-llm --previous --no-follow -n NS",
      ],
    ],
    [
      "that has too little memory",
      "out-of-memory",
      {},
      [1, "Cause:     Container my-llm-ctr of pod POD wanted more memory than its limit and was ended (OOMKilled)."],
    ],
    [
      "that asks for more GPUs than there are",
      "unschedulable",
      {},
      [
        1,
        "Cause:     The pod asks for 64 GPUs on one node, and no node has more than 8.",
        "Next:      Ask for at most 8, with a profile that needs no more.",
      ],
    ],
    [
      "that loads its model",
      "slow",
      {},
      [
        0,
        "State:     Container my-llm-ctr runs and is not ready yet: it loads the model, which takes up to 20 minutes.",
      ],
    ],
    [
      "that the operator cannot make",
      "fail",
      {},
      [1, "Cause:     The operator reports a failure: failed to create my-llm: admission webhook denied it"],
    ],
  ])("a service %s", async (_, play, spec, expected) => {
    const place = await world.place();
    if (play !== undefined) place.play("my-llm", play);
    await place.make("NIMService", "my-llm", serviceSpec(spec));
    expect(await inTheEnd(place, "my-llm", expected)).toEqual(expected);
  });

  test("a service whose storage class is not there", async () => {
    const place = await world.place();
    const pvc = { create: true, size: "10Gi", storageClass: "nowhere" };
    await place.make("NIMService", "my-llm", serviceSpec({ storage: { pvc } }));
    const expected = [
      1,
      'Cause:     The claim "my-llm-pvc" asks for the storage class "nowhere", which does not exist.',
    ];
    expect(await inTheEnd(place, "my-llm", expected)).toEqual(expected);
  });

  test("a service whose cache is not there", async () => {
    const place = await world.place();
    await place.make("NIMService", "my-llm", serviceSpec({ storage: { nimCache: { name: "llama" } } }));
    const expected = [
      1,
      'Cause:     The service takes its model from the NIMCache "llama", which does not exist in namespace "NS".',
    ];
    expect(await inTheEnd(place, "my-llm", expected)).toEqual(expected);
  });

  test.each<[title: string, play: Play, expected: readonly [exit: number, matter: string]]>([
    [
      "whose image cannot be pulled",
      "image-pull-error",
      [1, 'Cause:     nvcr.io does not accept the key in the pull secret "ngc-secret".'],
    ],
    ["whose Job fails", "fail", [1, "Cause:     Container nim-cache-ctr ends with exit status 1."]],
    [
      "whose Job finds no node",
      "unschedulable",
      [1, "Cause:     The pod asks for 64 GPUs on one node, and no node has more than 8."],
    ],
    ["that is being filled", "slow", [0, "State:     Container nim-cache-ctr downloads the model."]],
    [
      "that the operator cannot fill",
      "reconcile-error",
      [1, "Cause:     The operator cannot do what the spec asks for: failed to get the model manifest: not found"],
    ],
  ])("a cache %s, and a service that waits for it", async (_, play, [exit, matter]) => {
    const expected = [exit, matter];
    const place = await world.place();
    place.play("llama", play);
    await place.make("NIMCache", "llama", cacheSpec());
    expect(await inTheEnd(place, "nimcache llama", expected)).toEqual(expected);
    await place.make("NIMService", "my-llm", serviceSpec({ storage: { nimCache: { name: "llama" } } }));
    const waits = [exit, matter.replace(/^\w+: +/, '$&The service waits for the NIMCache "llama": ')];
    expect(await inTheEnd(place, "my-llm", waits)).toEqual(waits);
  });
});
