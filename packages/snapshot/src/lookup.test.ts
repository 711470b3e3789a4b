import { expect, test } from "vitest";
import { snapshotLookup } from "./lookup.ts";
import type { Snapshot } from "./model.ts";

const SNAPSHOT: Snapshot = {
  metadata: {},
  measurements: [
    {
      type: "SystemD",
      subtypes: [
        {
          name: "containerd.service",
          data: new Map([
            ["ActiveState", "active"],
            ["a.b", "1"],
          ]),
        },
        { name: "containerd", data: new Map([["service.SubState", "running"]]) },
        { name: "containerd", data: new Map([["later", "no"]]) },
      ],
    },
    { type: "OS", subtypes: [{ name: "sysctl", data: new Map([["/proc/sys/net.d/x.y", 7]]) }] },
    { type: "OS", subtypes: [{ name: "later", data: new Map([["key", "no"]]) }] },
  ],
};

test.each([
  ["SystemD.containerd.service.ActiveState", "active"],
  ["SystemD.containerd.service.a.b", "1"],
  ["SystemD.containerd.service.SubState", "running"],
  ["OS.sysctl./proc/sys/net.d/x.y", "7"],
  ["SystemD.containerd.later", undefined],
  ["OS.later.key", undefined],
  ["SystemD.containerd.service", undefined],
  ["SystemD", undefined],
  ["", undefined],
])("%s is %s", (name, reading) => {
  expect(snapshotLookup(SNAPSHOT)(name)).toBe(reading);
});
