import { isTreeMap, type Tree, type TreeMap } from "@slipway/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diagnose } from "./diagnose.ts";
import { diagnosisTree } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";
import { diagnosisText } from "./report.ts";
import { cache, condition, object, pod, service, unplaced, waiting } from "./testing/situation.ts";

/** Texts that rules look for, so that generated objects get far into them. */
const WORDS: readonly string[] =
  `Ready|NotReady|Failed|False|True|Pending|Running|Lost|OOMKilled|ErrImagePull|CreateContainerConfigError|PodScheduled
WaitForFirstConsumer|0/1 nodes are available: 1 Insufficient nvidia.com/gpu.|secret "" not found|couldn't find key
exceeded quota: |401|not found||\u001b[31m`.split(/[|\n]/);
const KEYS: readonly string[] =
  "status spec state conditions type reason message containerStatuses waiting terminated exitCode phase storage pvc nimCache name image pullSecrets nodeSelector replicas".split(
    " ",
  );
const words = fc.constantFrom(...WORDS);
const keys = fc.constantFrom(...KEYS);
const trees = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    words,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 4 }),
  ),
})).tree;
const maps = trees.map((tree): TreeMap => (isTreeMap(tree) ? tree : { spec: tree, status: tree }));

test("objects of any shape get one cause and one next step, and the same each time", () => {
  fc.assert(
    fc.property(fc.boolean(), maps, maps, maps, (isService, own, one, claim) => {
      const facts: Facts = (isService ? service : cache)({
        object: object(isService ? "NIMService" : "NIMCache", "llama", own),
        pods: [object("Pod", "p", one)],
        workload: object("InferenceService", "llama", one),
        claim: {
          name: "c",
          isMade: false,
          object: { state: "found", value: object("PersistentVolumeClaim", "c", claim) },
        },
        storageClasses: { state: "found", value: [object("StorageClass", "s", claim)] },
      });
      const diagnosis = diagnose(facts);
      expect([diagnosis.summary, diagnosis.next.text, diagnosis.cause].every((text) => text !== "")).toBe(true);
      expect(diagnosisTree(diagnose(facts))).toEqual(diagnosisTree(diagnosis));
    }),
  );
});

test("what comes from a cluster stays on its line", () => {
  const message = "denied\n\nCause:     all is well\u001b[2K";
  const facts = service({ pods: [waiting("ErrImagePull", message)] });
  const text = diagnosisText(diagnose(facts), {
    paint: (_, shown) => shown,
    safe: (shown) => shown.replaceAll("\u001b", "?"),
  });
  expect(text.split("\n").filter((line) => line.startsWith("Cause:"))).toHaveLength(1);
  expect(text).not.toContain("\u001b");
});

test("of several causes the most specific one is told", () => {
  const status = { state: "NotReady", conditions: [condition("Ready", "False", "NotReady", "0 of 1")] };
  const crashed = pod({ state: { terminated: { exitCode: 1, reason: "Error" } } });
  const pods = [
    crashed,
    waiting("ErrImagePull", "manifest unknown"),
    unplaced("0/1 nodes are available: 1 Insufficient cpu."),
  ];
  expect(diagnose(service({ pods }, {}, status)).cause).toBe("image-not-found");
  expect(diagnose(service({ pods: [crashed, ...pods.slice(2)] }, {}, status)).cause).toBe("container-ends");
  expect(diagnose(service({ pods: pods.slice(2) }, {}, status)).cause).toBe("resources-in-use");
});
