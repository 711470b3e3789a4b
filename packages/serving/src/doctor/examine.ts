import type { Check, CheckStatus } from "./check.ts";
import {
  definitionChecks,
  kserveCheck,
  namespaceCheck,
  operatorCheck,
  rightsCheck,
  serverCheck,
  webhookCheck,
} from "./cluster-checks.ts";
import { gpuChecks, gpuOperatorCheck, runtimeClassCheck } from "./gpu-checks.ts";
import { quotaChecks, secretChecks, storageCheck } from "./namespace-checks.ts";
import type { World } from "./world.ts";

/** All checks, in the order in which things are set up. Pure: the world is all that counts. */
export function examine(world: World): readonly Check[] {
  return [
    serverCheck(world),
    ...definitionChecks(world),
    operatorCheck(world),
    webhookCheck(world),
    ...kserveCheck(world),
    gpuOperatorCheck(world),
    runtimeClassCheck(world),
    ...gpuChecks(world),
    storageCheck(world),
    ...namespaceCheck(world),
    ...secretChecks(world),
    ...quotaChecks(world),
    rightsCheck(world),
  ];
}

/** The checks by how they came out: `12 ok, 1 warning`. */
export function checkCounts(checks: readonly Check[]): string {
  const order: readonly CheckStatus[] = ["failed", "warning", "unknown", "ok"];
  return order
    .map((status) => [checks.filter((check) => check.status === status).length, status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `${count} ${status === "warning" && count > 1 ? "warnings" : status}`)
    .join(", ");
}
