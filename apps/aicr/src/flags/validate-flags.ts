import {
  choiceFlag,
  durationFlag,
  integerFlag,
  listFlag,
  switchFlag,
  textFlag,
  type Suggestion,
} from "@slipway/terminal";
import { CATALOG_FLAGS } from "./catalog-flags.ts";
import { AGENT_FLAGS, AGENT_SWITCHES, SNAPSHOT_FLAGS } from "./snapshot-flags.ts";

const INPUT = "Input";
const CHECKS = "Checks";
const OUTPUT = "Output";
const CONTAINERS = "Checks in containers";

/** The flags of `aicr validate`. */
export const VALIDATE_FLAGS = {
  recipe: textFlag("recipe", {
    summary: "what the cluster should be: a file, - or an address",
    group: INPUT,
    placeholder: "SOURCE",
    short: "r",
    completion: "files",
  }),
  snapshot: textFlag("snapshot", {
    summary:
      "what was measured: a file, - or an address; without it the cluster is asked, with --agent one of its nodes",
    group: INPUT,
    placeholder: "SOURCE",
    short: "s",
    completion: "files",
  }),
  policy: listFlag("policy", {
    summary: "rules of your own: CEL (.yaml), Rego (.rego) or compiled Rego (.wasm)",
    group: INPUT,
    placeholder: "FILE",
    split: false,
    completion: "files",
  }),
  opa: textFlag("opa", {
    summary: "the opa program that evaluates .rego (default opa, on PATH)",
    group: INPUT,
    placeholder: "FILE",
    completion: "files",
  }),
  schema: textFlag("schema", {
    summary: "check DOCUMENT against our JSON Schema and do nothing else: v1, or the kind to take it for",
    group: INPUT,
    placeholder: "v1|KIND",
    completion: schemaNames,
  }),
  phase: listFlag("phase", {
    summary: "readiness, deployment, performance, conformance or all (default all)",
    group: CHECKS,
    placeholder: "PHASE",
    split: true,
    completion: phaseNames,
  }),
  skipCheck: listFlag("skip-check", {
    summary: "withhold a check; it is reported as skipped",
    group: CHECKS,
    placeholder: "NAME",
    split: true,
  }),
  noCluster: switchFlag("no-cluster", { summary: "test the snapshot alone; every check is skipped", group: CHECKS }),
  strict: switchFlag("strict", {
    summary: "fail on warnings, and on constraints that cannot be told",
    group: CHECKS,
  }),
  failOnError: switchFlag("fail-on-error", {
    summary:
      "end with 1 when a check or a policy failed; a failed readiness always does, unless it is asked for with --phase",
    group: CHECKS,
    fallback: true,
  }),
  timeout: durationFlag("timeout", undefined, {
    summary: "limit of each check, in place of the catalog's",
    group: CHECKS,
    placeholder: "DURATION",
  }),
  atOnce: integerFlag("workers", {
    summary: "how many checks run at a time (8)",
    group: CHECKS,
    placeholder: "N",
    repeat: "last",
  }),
  runContainers: switchFlag("run-containers", {
    summary: "run the container of each check that has one, also where the API would tell",
    group: CONTAINERS,
  }),
  namespace: textFlag("namespace", {
    summary: "namespace of the Jobs (default aicr-validation)",
    group: CONTAINERS,
    placeholder: "NAMESPACE",
    short: "n",
  }),
  serviceAccount: textFlag("service-account-name", {
    summary: "service account of the Jobs that is there and has the rights; none are made then",
    group: CONTAINERS,
    placeholder: "NAME",
  }),
  allowClusterAdmin: switchFlag("allow-cluster-admin", {
    summary: "give cluster-admin to the containers of a run when the catalog states no permissions for one of them",
    group: CONTAINERS,
  }),
  imagePullSecret: listFlag("image-pull-secret", {
    summary: "secret to pull the images with",
    group: CONTAINERS,
    placeholder: "NAME",
    split: true,
  }),
  noCleanup: switchFlag("no-cleanup", { summary: "leave what the Jobs made in the cluster", group: CONTAINERS }),
  output: textFlag("output", {
    summary: "file or cm://NAMESPACE/NAME to write the report to; - or nothing is standard output",
    group: OUTPUT,
    placeholder: "TARGET",
    short: "o",
    completion: "files",
  }),
  format: choiceFlag("format", ["ctrf", "junit", "sarif", "table"], "ctrf", {
    summary: "form of the report",
    group: OUTPUT,
    placeholder: "FORMAT",
    short: "t",
  }),
} as const;

/** Flags of the agent that measures a node on the spot; those of its Job are also those of checks in containers. */
export const VALIDATE_AGENT_FLAGS = {
  agent: AGENT_SWITCHES.agent,
  image: AGENT_FLAGS.image,
  jobName: AGENT_FLAGS.jobName,
  nodeSelector: AGENT_FLAGS.nodeSelector,
  toleration: AGENT_FLAGS.toleration,
  runtimeClass: AGENT_FLAGS.runtimeClass,
  requests: AGENT_FLAGS.requests,
  limits: AGENT_FLAGS.limits,
  privileged: AGENT_FLAGS.privileged,
  requireGpu: SNAPSHOT_FLAGS.requireGpu,
} as const;

/** The catalog's flags; here the directory is given once, because the checks of the last one alone would count. */
export const VALIDATE_CATALOG_FLAGS = [
  { ...CATALOG_FLAGS.data, repeat: "refused" } as const,
  CATALOG_FLAGS.noEmbeddedData,
] as const;

async function schemaNames(): Promise<readonly Suggestion[]> {
  const { SCHEMAS, SCHEMA_VERSION } = await import("@slipway/validate/schema");
  return [SCHEMA_VERSION, ...Object.keys(SCHEMAS)].map((value) => ({ value }));
}

async function phaseNames(): Promise<readonly Suggestion[]> {
  const { PHASES } = await import("@slipway/recipe");
  return [...PHASES, "all"].map((value) => ({ value }));
}
