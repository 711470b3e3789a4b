export type { AgentDeps, AgentProgress } from "./deps.ts";
export { checkAgentOptions, type AgentOptions, type Toleration } from "./options.ts";
export { runNames, targetNames, type RunNames, type TargetNames } from "./names.ts";
export { agentObjects, type RunPlan } from "./objects.ts";
export type { Placement } from "./placement.ts";
export { printRbac } from "./print-rbac.ts";
export { requiredRights, type Right } from "./rights.ts";
export { AgentFailure } from "./job-wait.ts";
export { parseNodeChoice, type NodeChoice } from "./node-choice.ts";
export type { AgentSnapshot } from "./result.ts";
export { runAgent, type AgentResult, type RunAgentOptions } from "./run-agent.ts";
export {
  runFleet,
  type FleetFailure,
  type FleetResult,
  type FleetSnapshot,
  type RunFleetOptions,
} from "./run-fleet.ts";
