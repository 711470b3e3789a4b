import { expect, test } from "vitest";
import { bundleAll } from "./matrix/bundles.ts";

test.each(["argocd", "flux"] as const)("every recipe bundles with %s, and its objects are sound", async (deployer) => {
  const { bundles, faults } = await bundleAll(deployer);
  expect(faults).toEqual([]);
  expect(bundles).toBeGreaterThan(500);
});
