import { expect, test } from "vitest";
import { readinessTests, type NodeReadings } from "./readiness.ts";

const READINGS: Readonly<Record<string, string>> = {
  "K8s.server.version": "v1.33.1-eks-1",
  "OS.release.ID": "rhel",
  "OS.release.NAME": "Red Hat",
};

function node(readings = READINGS, name?: string): NodeReadings {
  return {
    ...(name === undefined ? {} : { node: name }),
    lookup: (key) => readings[key],
    names: () => Object.keys(readings),
  };
}

const recipeOf = (...constraints: readonly (readonly [string, string])[]): Parameters<typeof readinessTests>[0] => ({
  constraints: constraints.map(([name, value]) => ({ name, value })),
  validation: {},
});

test("what is met, what is not with what to do, what was not measured, and what cannot be read", () => {
  const recipe = recipeOf(
    ["K8s.server.version", ">= 1.32"],
    ["OS.release.ID", "ubuntu"],
    ["OS.release.IDs", "ubuntu"],
    ["GPU.smi.driver", ">= 570"],
    ["OS.release.NAME", ">= 1"],
    ["K8s.server.version", ">= "],
    ["K8s", "1"],
    ["K8s.server.version", "> x.y"],
  );
  const remediations = [{ match: "OS.release.ID", text: "Use {expected}." }];
  expect(
    readinessTests(recipe, [node()], remediations).map(({ verdict, message, remediation }) => [
      verdict,
      message,
      remediation,
    ]),
  ).toEqual([
    ["passed", undefined, undefined],
    ["failed", "expected ubuntu, got rhel", "Use ubuntu."],
    [
      "skipped",
      'not measured. Did you mean "OS.release.ID"?',
      expect.stringMatching(/^Name the reading in the recipe .* Or take a snapshot that has it: /),
    ],
    ["skipped", "not measured", TAKE],
    [
      "skipped",
      'the measured value "Red Hat" is not a version',
      expect.stringMatching(/^Look at the reading in the snapshot: /),
    ],
    ["error", "the constraint has no value to compare with", CORRECT],
    ["error", '"K8s" is not of the form Type.subtype.key', CORRECT],
    ["error", 'the expected value "x.y" is not a version', CORRECT],
  ]);
});

const TAKE = "Take a snapshot that has it: aicr snapshot --agent measures on a GPU node.";
const CORRECT = "Correct the constraint in the recipe: a name such as K8s.server.version, and a value such as >= 1.32.";

test("a constraint's own remedy comes first, its unit behind the value", () => {
  const constraint = { name: "OS.release.ID", value: "ubuntu", remediation: "Ask Ann.", unit: "system" };
  expect(readinessTests({ constraints: [constraint], validation: {} }, [node()], [])).toEqual([
    {
      name: "OS.release.ID",
      suite: ["readiness"],
      verdict: "failed",
      durationMs: 0,
      expected: "ubuntu system",
      actual: "rhel",
      message: "expected ubuntu, got rhel",
      remediation: "Ask Ann.",
    },
  ]);
});

test("every node is tested, and the readiness phase adds what the recipe does not have", () => {
  const recipe = {
    constraints: [{ name: "OS.release.ID", value: "ubuntu" }],
    validation: {
      readiness: {
        constraints: [
          { name: "OS.release.ID", value: "ubuntu" },
          { name: "K8s.server.version", value: ">= 1.33" },
        ],
      },
    },
  };
  const nodes = [node({ ...READINGS, "OS.release.ID": "ubuntu" }, "a"), node(READINGS, "b")];
  expect(readinessTests(recipe, nodes, []).map(({ name, suite, verdict }) => [name, suite.join("/"), verdict])).toEqual(
    [
      ["OS.release.ID", "readiness/a", "passed"],
      ["K8s.server.version", "readiness/a", "passed"],
      ["OS.release.ID", "readiness/b", "failed"],
      ["K8s.server.version", "readiness/b", "passed"],
    ],
  );
});
