import { caseOf, type Case } from "./case.ts";
import type { Diagnosis, Finding } from "./diagnosis.ts";
import { evidenceOf } from "./evidence.ts";
import type { Facts } from "./facts.ts";
import { containerConfig, namedSecretMissing } from "./rules/configuration.ts";
import { deletion, operatorMissing } from "./rules/deletion.ts";
import { cacheNotReady } from "./rules/dependencies.ts";
import { crash, evicted, outOfMemory, probe } from "./rules/endings.ts";
import { imagePull } from "./rules/images.ts";
import { logSign } from "./rules/log-signs.ts";
import { creationRefused, kserveMissing, mount, nodeLost, sandbox } from "./rules/nodes.ts";
import {
  draUnsupported,
  failedBeforePods,
  inferenceService,
  jobFailed,
  noProgress,
  reconcileFailed,
  reportedFailure,
} from "./rules/operator-says.ts";
import type { Rule } from "./rules/rule.ts";
import { scheduling } from "./rules/scheduling.ts";
import { healthy, notSeen, off, starting, underWay } from "./rules/states.ts";
import { claim, profileNotCached } from "./rules/storage.ts";

/**
 * From the most specific cause to the least: what a kubelet, a scheduler or a program says about the pods comes before
 * what the operator makes of it. A claim comes before the placing of pods, because a pod without its volume is not placed
 * either.
 */
const RULES: readonly Rule[] = [
  deletion,
  operatorMissing,
  off,
  nodeLost,
  imagePull,
  containerConfig,
  sandbox,
  mount,
  logSign,
  outOfMemory,
  probe,
  evicted,
  crash,
  kserveMissing,
  draUnsupported,
  cacheNotReady(diagnose),
  creationRefused,
  failedBeforePods,
  profileNotCached,
  claim,
  scheduling,
  inferenceService,
  namedSecretMissing,
  reconcileFailed,
  jobFailed,
  noProgress,
  healthy,
  starting,
  reportedFailure,
  underWay,
  notSeen,
];

/** One cause and one next step for an object, and what tells so. Pure: the facts are all that counts. */
export function diagnose(facts: Facts): Diagnosis {
  const found = caseOf(facts);
  const finding = firstFinding(found) ?? unknown(found);
  const { kind, namespace, name } = facts;
  return { ...finding, kind, namespace, name, evidence: evidenceOf(found, finding) };
}

function firstFinding(found: Case): Finding | undefined {
  for (const rule of RULES) {
    const finding = rule(found);
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function unknown(found: Case): Finding {
  return {
    cause: "unknown",
    verdict: "unknown",
    summary: `It is not ready (${found.state || "no state"}), and nothing that can be seen says why.`,
    next: {
      text: "Collect everything for support.",
      command: `kubectl nim log collect -n ${found.namespace}`,
    },
  };
}
