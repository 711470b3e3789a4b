import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { chooseCollectors, parseCollectorNames } from "./collector-names.ts";
import type { Collector, CollectorName } from "./collector.ts";

function collector(name: CollectorName): Collector {
  return { name, type: "OS", collect: async () => ({ subtypes: [], notes: [] }) };
}

test.each([
  ["gpu,os", ["gpu", "os"]],
  [" GPU , K8s,gpu,", ["gpu", "k8s"]],
  ["NodeTopology,SystemD", ["topology", "systemd"]],
])("%j are the collectors %j", (text, names) => {
  expect(parseCollectorNames(text, "--filter")).toEqual(names);
});

test.each([
  ["", "--filter: names no collector\nCollectors are os, systemd, k8s, gpu, topology."],
  [" , ", "--filter: names no collector\nCollectors are os, systemd, k8s, gpu, topology."],
  [
    "os,gpus",
    '--filter: there is no collector "gpus"\nDid you mean "gpu"? Collectors are os, systemd, k8s, gpu, topology.',
  ],
  ["network-thing", '--filter: there is no collector "network-thing"\nCollectors are os, systemd, k8s, gpu, topology.'],
])("%j is refused", (text, message) => {
  const error = errorOf(() => parseCollectorNames(text, "--filter"));
  expect([error.code, error.describe()]).toEqual(["USAGE", message]);
});

const ALL = [collector("os"), collector("gpu"), collector("k8s")];

test.each([
  [{}, ["os", "gpu", "k8s"]],
  [{ filter: ["k8s", "os"] }, ["os", "k8s"]],
  [{ exclude: ["k8s"] }, ["os", "gpu"]],
  [{ filter: ["gpu", "k8s"], exclude: ["k8s"] }, ["gpu"]],
] as const)("the choice %j leaves %j", (choice, names) => {
  expect(chooseCollectors(ALL, choice).map(({ name }) => name)).toEqual(names);
});

test("a choice that leaves nothing is refused", () => {
  const error = errorOf(() => chooseCollectors(ALL, { filter: ["gpu"], exclude: ["gpu"] }));
  expect([error.code, error.describe()]).toEqual([
    "USAGE",
    "--filter and --exclude leave no collector to run\nCollectors that can run here are os, gpu, k8s.",
  ]);
});
