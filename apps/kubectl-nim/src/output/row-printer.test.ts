import { anyTree } from "@slipway/base/testing";
import { kubeObject } from "@slipway/kube";
import fc from "fast-check";
import { expect, test } from "vitest";
import { headerOf, rowOf } from "./row-printer.ts";

const NOW = new Date("2026-01-02T03:04:05Z");

test("no shape of an object keeps its row from being shown, with a cell for each column", () => {
  fc.assert(
    fc.property(fc.constantFrom("NIMService", "NIMCache"), anyTree, anyTree, anyTree, (kind, labels, spec, status) => {
      const object = kubeObject(
        { apiVersion: "apps.nvidia.com/v1alpha1", kind, metadata: { name: "x", labels }, spec, status },
        "a shape",
      );
      const options = {
        kind,
        wide: true,
        headers: true,
        namespaces: true,
        showLabels: true,
        labelColumns: ["a", "__proto__"],
        events: true,
      } as const;
      expect(rowOf(options, object, NOW, "ADDED")).toHaveLength(headerOf(options).length);
    }),
  );
});
