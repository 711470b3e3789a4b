import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHECK_NAMES } from "./check-names.ts";
import { loadValidatorCatalog, parseValidatorCatalog } from "./validators.ts";

const REFERENCE = `apiVersion: aicr.nvidia.com/v1
kind: ValidatorCatalog
metadata:
  name: aicr-validators
  version: "1.0.0"
validators:
  - name: operator-health
    phase: deployment
    description: "Verify GPU operator pods"
    image: ghcr.io/nvidia/aicr-validators/deployment:latest
    timeout: 2m
    args: ["operator-health"]
    env: []
`;

test("the format of release 0.11.1 is read as it is, with what it leaves to us", () => {
  expect(parseValidatorCatalog(REFERENCE, "c.yaml")).toEqual({
    remediations: [],
    validators: [
      {
        name: "operator-health",
        phase: "deployment",
        description: "Verify GPU operator pods",
        check: undefined,
        image: "ghcr.io/nvidia/aicr-validators/deployment:latest",
        args: ["operator-health"],
        env: [],
        timeoutMs: 120_000,
        resources: { cpu: "1", memory: "1Gi" },
        permissions: undefined,
        components: [],
        always: false,
        remediation: undefined,
      },
    ],
  });
});

test("what we add to it", () => {
  const [validator] = parseValidatorCatalog(
    `validators:
  - name: mine
    phase: conformance
    check: dra-support
    components: [nvidia-dra-driver-gpu]
    always: true
    remediation: Ask Ann.
    resources: {cpu: 500m, memory: 64Mi}
    env: [{name: A, value: 1.50}]
    permissions: [{apiGroups: [""], resources: [pods], verbs: [get]}]
remediations: [{match: "K8s.*", text: Upgrade.}]
`,
    "c.yaml",
  ).validators;
  expect(validator).toMatchObject({
    check: "dra-support",
    always: true,
    timeoutMs: 300_000,
    resources: { cpu: "500m", memory: "64Mi" },
    env: [{ name: "A", value: "1.50" }],
    permissions: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    components: ["nvidia-dra-driver-gpu"],
  });
});

const one = (lines: string): string => `validators:\n  - name: x\n    phase: deployment\n${lines}`;

test.each([
  ["kind: Recipe", 'c.yaml:1:1: kind: expected a ValidatorCatalog, found a document of kind "Recipe"'],
  [
    "validators: [{name: x, phase: deploment, image: i}]",
    'phase: "deploment" is no phase: readiness, deployment, performance, conformance\nDid you mean "deployment"?',
  ],
  [
    one("    check: dra-suport\n"),
    'c.yaml:4:5: validators[0].check: there is no check "dra-suport" in this build\nDid you mean "dra-support"?',
  ],
  [one("    description: y\n"), 'the check "x" has neither an image nor a check: nothing would run'],
  [
    one("    image: i\n    timeout: soon\n"),
    'c.yaml:5:5: validators[0].timeout: expected a duration of at least a second, such as 90s or 5m, found "soon"',
  ],
  ["validators: [{name: A_b, phase: deployment, image: i}]", '"A_b" cannot name a Job'],
  [
    "validators: [{name: x, phase: deployment, image: i}, {name: x, phase: performance, image: i}]",
    'the check "x" is there twice',
  ],
])("refused: %s", (text, message) => {
  const thrown = (): unknown => {
    try {
      return parseValidatorCatalog(text, "c.yaml");
    } catch (error) {
      return error instanceof Error && "describe" in error && typeof error.describe === "function"
        ? error.describe()
        : error;
    }
  };
  expect(thrown()).toContain(message);
});

test("layers merge by name; remedies of the upper layer come first; a layer may have none", async () => {
  const layer = (name: string, text: string | undefined) => ({ name, text: async () => text });
  const catalog = await loadValidatorCatalog([
    layer(
      "low",
      "validators: [{name: a, phase: deployment, image: a:1}, {name: b, phase: deployment, image: b:1}]\nremediations: [{match: x, text: low}]",
    ),
    layer("none", undefined),
    layer(
      "high",
      "validators: [{name: c, phase: performance, image: c:1}, {name: a, phase: deployment, image: a:2}]\nremediations: [{match: x, text: high}]",
    ),
  ]);
  expect(catalog.validators.map(({ name, image }) => `${name} ${image ?? ""}`)).toEqual(["a a:2", "b b:1", "c c:1"]);
  expect(catalog.remediations.map(({ text }) => text)).toEqual(["high", "low"]);
  await expect(loadValidatorCatalog([layer("bad", "validators: 1")])).rejects.toMatchObject({
    place: { file: "bad/validators/catalog.yaml", line: 1, column: 1, field: "validators" },
  });
});

test("our own catalog names every check that looks through the API, once; what it runs as containers states its rights", () => {
  const file = join(import.meta.dirname, "../../../catalog/validators/catalog.yaml");
  const { validators, remediations } = parseValidatorCatalog(readFileSync(file, "utf8"), "catalog.yaml");
  expect(validators.flatMap(({ check }) => check ?? []).toSorted()).toEqual([...CHECK_NAMES]);
  const containers = validators.filter(({ check }) => check === undefined);
  expect(containers.map(({ name, permissions = [] }) => [name, permissions.length])).toEqual([
    ["check-nvidia-smi", 3],
    ["nccl-all-reduce-bw", 7],
  ]);
  const stated = containers
    .flatMap(({ permissions = [] }) => permissions)
    .flatMap((rule) => Object.values(rule).flat());
  expect(stated).not.toContain("*");
  expect(remediations.filter(({ text }) => !/\{actual\}|\{expected\}/.test(text))).toEqual([]);
});
