// Reports
export * from "./report/model.ts";
export { ctrfTree } from "./report/ctrf.ts";
export { junitText } from "./report/junit.ts";
export { sarifTree } from "./report/sarif.ts";
export { REPORT_COLUMNS, remedies, reportRows } from "./report/rows.ts";

// Constraints
export { readinessConstraints, readinessTests, type NodeReadings } from "./readiness.ts";
export { remedyFor, type Finding, type Remediation } from "./remediation.ts";

// Checks
export { CHECK_NAMES, isCheckName, type CheckName } from "./check-names.ts";
export { isFailing, skippedTest, testsOfPhases, testsWithoutCluster, type Judging } from "./planned-tests.ts";
export { CHECK_PHASES, planPhase, requireKnownChecks, selectPhases, type PlannedCheck } from "./select-checks.ts";
export {
  VALIDATOR_CATALOG_FILE,
  decodeValidatorCatalog,
  loadValidatorCatalog,
  parseValidatorCatalog,
  type EnvironmentVariable,
  type Permission,
  type Validator,
  type ValidatorCatalog,
  type ValidatorSource,
} from "./validators.ts";
