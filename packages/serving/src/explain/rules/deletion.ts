import { textAt, textsAt } from "@slipway/base";
import { kubectl, readOperatorLog, runDoctor } from "../advice.ts";
import { shellWord } from "../../shell.ts";
import type { Rule } from "./rule.ts";

/** Seconds that a running operator needs at most to take its finalizer away. */
const PATIENCE = 60;

/** An object that is deleted waits for the operator, which must take its finalizer away. */
export const deletion: Rule = (found) => {
  const since = Date.parse(textAt(found.object, "metadata", "deletionTimestamp"));
  if (Number.isNaN(since)) return undefined;
  const seconds = Math.max(0, Math.round((found.now.getTime() - since) / 1000));
  const finalizers = textsAt(found.object, "metadata", "finalizers");
  const evidence = [`deletion was asked for ${seconds} s ago; finalizers: ${finalizers.join(", ") || "none"}`];
  if (finalizers.length > 0 && (found.operator.state === "missing" || found.operator.state === "not ready"))
    return {
      cause: "deletion-stuck",
      verdict: "problem",
      summary: `It cannot go: the NIM Operator must take its finalizer away, and the operator is ${found.operator.state}.`,
      next: {
        text: "Start the operator again, or take the finalizer away by force (what the operator made may stay behind).",
        command: kubectl(`nim delete ${found.target.replace("/", " ")} --force`, found),
      },
      evidence,
    };
  if (finalizers.length > 0 && seconds > PATIENCE)
    return {
      cause: "deletion-slow",
      verdict: "problem",
      summary: `It has been waiting for ${seconds} s for its finalizers to be taken away.`,
      next: readOperatorLog(found.operator.namespace),
      evidence,
    };
  return {
    cause: "being-deleted",
    verdict: "under way",
    summary: "It is being deleted.",
    next: {
      text: "Wait until it is gone.",
      command: kubectl(`wait --for=delete ${shellWord(found.target)}`, found),
    },
    evidence,
  };
};

/** Nothing that this object wants is done while no operator runs. */
export const operatorMissing: Rule = (found) => {
  const { operator, state, conditions } = found;
  if (operator.state !== "missing" && operator.state !== "not ready") return undefined;
  if (state !== "" || conditions.length > 0) return undefined;
  return {
    cause: operator.state === "missing" ? "operator-missing" : "operator-not-ready",
    verdict: "problem",
    summary:
      operator.state === "missing"
        ? "The NIM Operator does not run in this cluster, so nobody looks at the object."
        : "The NIM Operator is not ready, so nobody looks at the object.",
    next:
      operator.state === "missing"
        ? runDoctor(found, "See what is missing, and install the operator.")
        : readOperatorLog(operator.namespace),
  };
};
