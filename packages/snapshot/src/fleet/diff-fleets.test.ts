import { expect, test } from "vitest";
import type { Snapshot } from "../model.ts";
import { diffFleets, fleetDifferenceText, fleetDifferenceTree, isSameFleet } from "./diff-fleets.ts";
import { mergeFleet } from "./merge-fleet.ts";

function snapshotOf(node: string, driver: string): Snapshot {
  const data = new Map([["driver", driver]]);
  return { metadata: { sourceNode: node }, measurements: [{ type: "GPU", subtypes: [{ name: "smi", data }] }] };
}

function fleetOf(drivers: Readonly<Record<string, string>>): ReturnType<typeof mergeFleet> {
  return mergeFleet(Object.entries(drivers).map(([node, driver]) => ({ node, snapshot: snapshotOf(node, driver) })));
}

const BEFORE = fleetOf({ "gpu-1": "570.1", "gpu-2": "570.1", "gpu-3": "570.1", "gpu-9": "570.1" });
const AFTER = fleetOf({ "gpu-1": "580.2", "gpu-2": "580.2", "gpu-3": "560.0", "gpu-10": "580.2" });

test("nodes that changed alike are told together, the most frequent change first", () => {
  expect(fleetDifferenceText(diffFleets(BEFORE, AFTER))).toBe(
    `+ nodes gpu-10

- nodes gpu-9

On 2 nodes: gpu-1, gpu-2
GPU driver
  ~ GPU.smi.driver: 570.1 -> 580.2 (upgrade)

1 difference: 1 changed.

On gpu-3
GPU driver
  ~ GPU.smi.driver: 570.1 -> 560.0 (downgrade)

1 difference: 1 changed.
`,
  );
});

test("as a document", () => {
  const tree = fleetDifferenceTree(diffFleets(BEFORE, AFTER));
  expect([tree["added"], tree["removed"]]).toEqual([["gpu-10"], ["gpu-9"]]);
  expect(tree["changed"]).toMatchObject([{ nodes: ["gpu-1", "gpu-2"] }, { nodes: ["gpu-3"] }]);
});

test("what is ignored does not count; a pattern that matches nothing on any node is told", () => {
  const same = diffFleets(BEFORE, fleetOf({ "gpu-1": "1", "gpu-2": "2", "gpu-3": "3", "gpu-9": "4" }), {
    ignore: ["GPU.smi", "OS.nothing"],
  });
  expect([isSameFleet(same), fleetDifferenceText(same)]).toEqual([true, "No differences.\n"]);
  expect(same.notes).toEqual([expect.stringContaining('--ignore "OS.nothing" matches no reading')]);
});
