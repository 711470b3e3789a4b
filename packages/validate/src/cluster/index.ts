export { CLUSTER_CHECKS } from "./checks/index.ts";
export { readingsOf } from "./checks/node-constraints.ts";
export type { Check, CheckContext, Outcome } from "./context.ts";
export { imageOf, runId, type ImageChoice, type NameSource } from "./jobs/names.ts";
export type { RunIdentity } from "./jobs/objects.ts";
export { JobRun, type JobDeps, type JobRunOptions } from "./jobs/runner.ts";
export { runPhases, type ContainerChecks, type PhaseDeps, type PhaseOptions } from "./run-phases.ts";
