import { didYouMean } from "@slipway/base";
import { evaluateConstraint, type Constraint, type ConstraintOutcome, type Lookup, type Recipe } from "@slipway/recipe";
import { remedyFor, type Remediation } from "./remediation.ts";
import type { Test } from "./report/model.ts";

/** What was measured on one node. */
export interface NodeReadings {
  /** The node, in a document that holds several. */
  readonly node?: string | undefined;
  readonly lookup: Lookup;
  /** The name of every reading, for naming the nearest one. */
  readonly names: () => Iterable<string>;
}

/**
 * Tests the constraints of a recipe that a snapshot can prove: those of its own, then those of its readiness phase, each
 * on every node. A reading that was not taken is skipped; a constraint that cannot be read is an error.
 */
export function readinessTests(
  recipe: Pick<Recipe, "constraints" | "validation">,
  nodes: readonly NodeReadings[],
  remediations: readonly Remediation[],
): readonly Test[] {
  const constraints = readinessConstraints(recipe);
  return nodes.flatMap((node) => constraints.map((constraint) => constraintTest(constraint, node, remediations)));
}

/** The constraints that {@link readinessTests} tests, in their order. */
export function readinessConstraints(recipe: Pick<Recipe, "constraints" | "validation">): readonly Constraint[] {
  const own = recipe.constraints;
  const more = (recipe.validation.readiness?.constraints ?? []).filter(
    ({ name, value }) => !own.some((constraint) => constraint.name === name && constraint.value === value),
  );
  return [...own, ...more];
}

function constraintTest(constraint: Constraint, node: NodeReadings, remediations: readonly Remediation[]): Test {
  const outcome = evaluateConstraint(constraint, node.lookup);
  const name = constraint.name === "" ? "(a constraint without a name)" : constraint.name;
  const test = {
    name,
    suite: node.node === undefined ? ["readiness"] : ["readiness", node.node],
    durationMs: 0,
    expected: withUnit(outcome.expected, constraint.unit),
    actual: outcome.actual,
  };
  if (outcome.passed) return { ...test, verdict: "passed" };
  const { verdict, message, remedy } = judged(constraint, outcome, node);
  const finding = { name, expected: outcome.expected, actual: outcome.actual };
  const remediation = verdict === "failed" ? (constraint.remediation ?? remedyFor(finding, remediations)) : undefined;
  return { ...test, verdict, message, remediation: remediation ?? remedy };
}

const CORRECT = "Correct the constraint in the recipe: a name such as K8s.server.version, and a value such as >= 1.32.";
const TAKE = "Take a snapshot that has it: aicr snapshot --agent measures on a GPU node.";
const NAME_OR_TAKE =
  "Name the reading in the recipe as the snapshot does. Or take a snapshot that has it: aicr snapshot --agent measures on a GPU node.";
const LOOK =
  "Look at the reading in the snapshot: the constraint compares it in a form that it does not have. Correct the constraint in the recipe, or measure again.";

interface Judged {
  readonly verdict: "failed" | "skipped" | "error";
  readonly message: string;
  /** What to do where the catalog has no say. */
  readonly remedy?: string;
}

/** The codes are those of {@link ConstraintOutcome}: a bad constraint, a bad reading, or none. */
function judged(constraint: Constraint, outcome: ConstraintOutcome, { names }: NodeReadings): Judged {
  const reason = outcome.reason ?? "";
  const [, code, sentence = reason] = /^\[([A-Z_]+)\] (.*)$/s.exec(reason) ?? [];
  if (code === undefined) return { verdict: "failed", message: reason };
  if (code === "NOT_FOUND") {
    const hint = didYouMean(constraint.name, names());
    if (hint === undefined) return { verdict: "skipped", message: "not measured", remedy: TAKE };
    return {
      verdict: "skipped",
      message: `not measured. ${hint}`,
      remedy: NAME_OR_TAKE,
    };
  }
  const isRecipe = code === "INVALID_REQUEST" || sentence.startsWith("the expected value");
  return isRecipe
    ? { verdict: "error", message: sentence, remedy: CORRECT }
    : { verdict: "skipped", message: sentence, remedy: LOOK };
}

function withUnit(value: string, unit: string | undefined): string {
  return unit === undefined ? value : `${value} ${unit}`;
}
