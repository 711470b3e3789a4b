export { diagnose } from "./diagnose.ts";
export { diagnosisTree, type Diagnosis, type Verdict } from "./diagnosis.ts";
export { gatherFacts } from "./gather.ts";
export { diagnosisText } from "./report.ts";
