import type { TreeMap } from "@slipway/base";
import { expect, test } from "vitest";
import { POLICIES, policyReadings } from "./policies.ts";

function readings(...policies: readonly { name: string; spec: TreeMap; state?: string; created?: string }[]) {
  const state = POLICIES.start();
  for (const { name, spec, state: status = "ready", created = "2026-01-01T00:00:00Z" } of policies) {
    const metadata = { name, creationTimestamp: created };
    POLICIES.add(state, {
      apiVersion: "nvidia.com/v1",
      kind: "ClusterPolicy",
      metadata,
      spec,
      status: { state: status },
    });
  }
  const { data, followed } = policyReadings(state);
  return { data: Object.fromEntries(data), followed };
}

test("a spec is flattened with dots, lists are JSON, everything is text", () => {
  const spec = {
    driver: { enabled: true, version: "580.82.07", manager: { env: [{ name: "ENABLE_AUTO_DRAIN", value: "true" }] } },
    mig: { strategy: "single" },
    daemonsets: { tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }], updateStrategy: null },
    port: 9400,
    validator: {},
  };
  expect(readings({ name: "cluster-policy", spec })).toEqual({
    followed: "cluster-policy",
    data: {
      "daemonsets.tolerations": '[{"key":"nvidia.com/gpu","operator":"Exists"}]',
      "daemonsets.updateStrategy": "null",
      "driver.enabled": "true",
      "driver.manager.env": '[{"name":"ENABLE_AUTO_DRAIN","value":"true"}]',
      "driver.version": "580.82.07",
      "mig.strategy": "single",
      port: "9400",
    },
  });
});

test("the policy that the operator follows has the plain names, others stand below their own", () => {
  const found = readings(
    { name: "a-new", spec: { mig: { strategy: "mixed" } }, state: "ignored" },
    { name: "z-younger", spec: { mig: { strategy: "none" } }, created: "2026-03-01T00:00:00Z" },
    { name: "m-old", spec: { mig: { strategy: "single" } } },
  );
  expect(found).toEqual({
    followed: "m-old",
    data: { "mig.strategy": "single", "a-new/mig.strategy": "mixed", "z-younger/mig.strategy": "none" },
  });
});

test("fields that hold or name secrets are left out, and values of variables are withheld", () => {
  const spec = {
    driver: {
      imagePullSecrets: ["ngc"],
      env: [
        { name: "HTTPS_PROXY", value: "http://me:hunter2@proxy:3128" },
        { name: "NGC_API_KEY", value: "nvapi-1" },
        { name: "X", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
        { name: "DEBUG", value: "false" },
      ],
      licensingConfig: { secretName: "license", nlsEnabled: true },
      args: [["nested", 1, null]],
    },
    apiKey: "planted",
  };
  expect(readings({ name: "p", spec }).data).toEqual({
    "driver.args": '[["nested",1,null]]',
    "driver.env":
      '[{"name":"HTTPS_PROXY","value":"(redacted)"},{"name":"NGC_API_KEY","value":"(redacted)"},' +
      '{"name":"X","valueFrom":{}},{"name":"DEBUG","value":"false"}]',
    "driver.licensingConfig.nlsEnabled": "true",
  });
});

test("no policy, and one without a spec", () => {
  expect(readings()).toEqual({ data: {}, followed: undefined });
  expect(policyReadings([{ name: "p", state: "", created: "", settings: new Map() }])).toEqual({
    data: new Map(),
    followed: "p",
  });
});
