import { SlipwayError, type ExitName } from "@slipway/base";
import { decodeRecipe, recipeTree, type Catalog, type Phase, type Recipe } from "@slipway/recipe";
import {
  countVerdicts,
  isFailing,
  loadValidatorCatalog,
  readinessTests,
  requireKnownChecks,
  selectPhases,
  testsOfPhases,
  testsWithoutCluster,
  verdictText,
  type Test,
  type ValidatorCatalog,
} from "@slipway/validate";
import type { Policy } from "@slipway/validate/policy";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { checkSchema } from "../actions/check-schema.ts";
import { clusterOnce, type ClusterOnce } from "../actions/cluster-once.ts";
import { openCatalog } from "../actions/open-catalog.ts";
import { readReadings, type Readings } from "../actions/read-readings.ts";
import { reportText } from "../actions/validation-report.ts";
import { withDocuments } from "../actions/with-documents.ts";
import { VALIDATE_AGENT_FLAGS, VALIDATE_FLAGS } from "../flags/validate-flags.ts";

/** What `aicr validate` does: readiness, policies, phases, and the report of them all. */
export async function validate(given: CommandDeps, context: CommandContext): Promise<ExitName> {
  const { read, args } = context;
  // A flag with a value that it cannot have is refused before anything is read or asked.
  for (const flag of Object.values(VALIDATE_FLAGS)) read<unknown>(flag);
  const sources = [read(VALIDATE_FLAGS.recipe), read(VALIDATE_FLAGS.snapshot), ...args];
  const target = read(VALIDATE_FLAGS.output);
  const cluster = clusterOnce(given, context);
  const deps = await withDocuments(given, context, [...sources, target], cluster);
  const schema = read(VALIDATE_FLAGS.schema);
  if (schema !== undefined) return checkSchema(deps, context, schema, documentOf(context));
  refuseMixes(context);
  const phases = selectPhases(read(VALIDATE_FLAGS.phase));
  const { checkTarget, writeDocument } = await import("@slipway/terminal/documents");
  const place = checkTarget(target, deps);
  const start = deps.clock.now().getTime();
  const subject = await readSubject(deps, context, cluster);
  const tests = await runTests(deps, context, subject, phases);
  const tool = { name: "aicr", version: deps.build.version };
  const report = { tool, start, stop: deps.clock.now().getTime(), tests };
  context.progress.done();
  const format = read(VALIDATE_FLAGS.format);
  const text = reportText(report, format, place === undefined ? deps.io.stdout : FILE, subject.source);
  await writeDocument(deps, target, text, {
    kind: "Report",
    format: TEXT_FORMATS[format],
    version: deps.build.version,
  });
  return verdict(context, tests, phases);
}

/** Flags that mean nothing beside each other, and a number that cannot mean anything. */
function refuseMixes({ read, isGiven, args }: CommandContext): void {
  const { snapshot, noCluster, runContainers, allowClusterAdmin, atOnce } = VALIDATE_FLAGS;
  const workers = read(atOnce) ?? 1;
  const idle = [runContainers, allowClusterAdmin, atOnce].find((flag) => isGiven(flag) && read(noCluster));
  if (idle !== undefined)
    throw new SlipwayError("USAGE", `--${idle.name} means nothing with --no-cluster, which runs no check`);
  if (read(VALIDATE_AGENT_FLAGS.agent) && ((read(snapshot) ?? "") !== "" || args.length > 0))
    throw new SlipwayError("USAGE", "--agent measures a node, and a snapshot says what was measured: give one of them");
  if (workers < 1) throw new SlipwayError("USAGE", `${workers} workers check nothing: --workers is 1 or more`);
}

/** What a ConfigMap calls the form of a report. */
const TEXT_FORMATS = { ctrf: "json", junit: "table", sarif: "json", table: "table" } as const;

/** A file holds the aligned form of a table: it is read by people. */
const FILE = { isTerminal: true } as const;

function documentOf({ args, read }: CommandContext): string {
  const source = args[0] ?? read(VALIDATE_FLAGS.snapshot) ?? read(VALIDATE_FLAGS.recipe);
  if (source !== undefined && source !== "") return source;
  throw new SlipwayError("USAGE", "--schema needs a document to check: aicr validate --schema v1 DOCUMENT");
}

/** What is validated, and against what. */
interface Subject {
  /** What the report names where a test has no place of its own. */
  readonly source: string;
  readonly recipe: Recipe | undefined;
  readonly catalog: Catalog;
  readonly validators: ValidatorCatalog;
  readonly cluster: ClusterOnce;
  readonly readings: Readings | undefined;
  readonly policies: readonly Policy[];
}

async function readSubject(deps: CommandDeps, context: CommandContext, cluster: ClusterOnce): Promise<Subject> {
  const { read } = context;
  const [recipeSource, snapshotSource] = [read(VALIDATE_FLAGS.recipe) ?? "", snapshotOf(context)];
  const policies = read(VALIDATE_FLAGS.policy);
  if (recipeSource === "" && policies.length === 0)
    throw new SlipwayError("USAGE", "--recipe is missing: what should the cluster be?", {
      hint: "Make a recipe with aicr recipe, or give rules of your own with --policy.",
    });
  if (recipeSource === "-" && snapshotSource === "-")
    throw new SlipwayError("USAGE", "only one document can come from standard input");
  const recipe = recipeSource === "" ? undefined : await readRecipe(deps, recipeSource);
  const { catalog, layers } = await openCatalog(deps, context);
  const validators = await loadValidatorCatalog(layers);
  requireKnown(validators, recipe, read(VALIDATE_FLAGS.skipCheck), recipeSource);
  // What is wrong with a policy is said before anything is measured.
  const ready = await readPolicies(deps, context);
  const readings = await measured(deps, context, snapshotSource, cluster, recipe);
  return { source: recipeSource || snapshotSource, recipe, catalog, validators, cluster, readings, policies: ready };
}

async function readPolicies(deps: CommandDeps, { read }: CommandContext): Promise<readonly Policy[]> {
  const paths = read(VALIDATE_FLAGS.policy);
  if (paths.length === 0) return [];
  const { readPolicy } = await import("@slipway/validate/policy");
  const { execOf } = await import("../actions/exec-of.ts");
  const opa = read(VALIDATE_FLAGS.opa) ?? "opa";
  const policyDeps = { files: deps.files, exec: await execOf(deps), opa, signal: deps.io.signal };
  const policies: Policy[] = [];
  for (const path of paths) policies.push(await readPolicy(policyDeps, path));
  return policies;
}

function snapshotOf({ read, log, args: [positional] }: CommandContext): string {
  const given = read(VALIDATE_FLAGS.snapshot) ?? "";
  if (given !== "" && positional !== undefined) log.warn("ignored, because --snapshot is given", { word: positional });
  return given === "" ? (positional ?? "") : given;
}

/** A document of another kind has no constraints that fail. */
async function readRecipe(deps: CommandDeps, source: string): Promise<Recipe> {
  const { readDocument } = await import("@slipway/terminal/documents");
  return readDocument(deps, source, "--recipe", (cursor) => {
    const recipe = decodeRecipe(cursor);
    if (!OTHER_KINDS.test(recipe.kind)) return recipe;
    throw new SlipwayError("INVALID_INPUT", `expected a recipe, found a document of kind "${recipe.kind}"`, {
      place: { field: "kind" },
      hint: "Make a recipe with aicr recipe.",
    });
  });
}

const OTHER_KINDS =
  /^(?:(?:Fleet)?Snapshot|RecipeCriteria|RecipeMetadata|ComponentRegistry|Validat(?:orCatalog|ionPolicy))$/;

function requireKnown(
  validators: ValidatorCatalog,
  recipe: Recipe | undefined,
  skipped: readonly string[],
  source: string,
): void {
  try {
    requireKnownChecks(validators, recipe ?? { validation: {} }, skipped);
  } catch (error) {
    throw error instanceof SlipwayError && error.code === "INVALID_INPUT" ? error.at({ file: source }) : error;
  }
}

async function measured(
  deps: CommandDeps,
  context: CommandContext,
  source: string,
  cluster: ClusterOnce,
  recipe: Recipe | undefined,
): Promise<Readings | undefined> {
  if (source !== "") return readReadings(deps, source, "--snapshot");
  if (recipe === undefined) return undefined;
  if (context.read(VALIDATE_FLAGS.noCluster))
    throw new SlipwayError("USAGE", "--no-cluster needs --snapshot: without either nothing was measured", {
      hint: "Take one with aicr snapshot.",
    });
  const { takeReadings } = await import("../actions/take-readings.ts");
  return takeReadings(deps, context, cluster);
}

async function runTests(
  deps: CommandDeps,
  context: CommandContext,
  subject: Subject,
  phases: readonly Phase[],
): Promise<readonly Test[]> {
  const strict = context.read(VALIDATE_FLAGS.strict);
  const { recipe, validators, readings } = subject;
  const readiness =
    recipe === undefined || readings === undefined
      ? []
      : readinessTests(recipe, readings.nodes, validators.remediations);
  for (const [node, reason] of readings?.notMeasured ?? []) context.log.warn(`${node} was not measured: ${reason}`);
  warnOfUntold(context, readiness);
  const policies = await runPolicies(deps, context, subject);
  if (recipe === undefined) return policies;
  const isReady = !readiness.some((test) => isFailing(test, { strict }));
  const checks = isReady
    ? await runChecks(deps, context, subject, recipe, phases)
    : testsOfPhases(validators.validators, phases, "skipped - the cluster is not ready");
  return [...readiness, ...policies, ...checks];
}

function warnOfUntold({ log }: CommandContext, tests: readonly Test[]): void {
  for (const { name, suite, verdict, message = "" } of tests) {
    const where = suite.slice(1).map((node) => ` on ${node}`);
    if (verdict === "skipped") log.warn(`${name}${where.join("")} is skipped: ${message}`);
    if (verdict === "error") log.warn(`${name}${where.join("")} cannot be tested: ${message}`);
  }
}

async function runPolicies(deps: CommandDeps, context: CommandContext, subject: Subject): Promise<readonly Test[]> {
  const { recipe, catalog, readings, policies } = subject;
  if (policies.length === 0) return [];
  context.progress.show("Testing the policies");
  const { bundleObjects } = await import("../actions/bundle-objects.ts");
  const input = {
    snapshot: readings?.tree,
    recipe: recipe && recipeTree(recipe),
    objects: recipe && (await bundleObjects(deps, recipe, catalog)),
  };
  const tests: Test[] = [];
  for (const policy of policies) tests.push(...(await policy(input)));
  return tests;
}

async function runChecks(
  deps: CommandDeps,
  context: CommandContext,
  subject: Subject,
  recipe: Recipe,
  phases: readonly Phase[],
): Promise<readonly Test[]> {
  const { validators, cluster, readings } = subject;
  if (context.read(VALIDATE_FLAGS.noCluster)) return testsWithoutCluster(validators, phases);
  const { runClusterChecks } = await import("../actions/run-cluster-checks.ts");
  return runClusterChecks(deps, context, { recipe, validators, phases, cluster, snapshot: readings?.text ?? "" });
}

/** A failed readiness is not softened, unless it is what was asked for: nothing after it was tested. */
function verdict({ read, log }: CommandContext, tests: readonly Test[], phases: readonly Phase[]): ExitName {
  const strict = read(VALIDATE_FLAGS.strict);
  const failing = tests.filter((test) => isFailing(test, { strict }));
  const readiness = failing.filter(({ suite }) => suite[0] === "readiness");
  const softened = !read(VALIDATE_FLAGS.failOnError) && (readiness.length === 0 || phases.includes("readiness"));
  const { passed, warning } = countVerdicts(tests);
  if (failing.length === 0 && passed + warning === 0) {
    log.warn(`nothing was tested: ${verdictText(tests)}`);
    return "DONE";
  }
  if (failing.length === 0 || softened) {
    log.info(`validation ${failing.length === 0 ? "passed" : "failed"}: ${verdictText(tests)}`);
    return "DONE";
  }
  const [first] = failing;
  const about =
    first === undefined ? "" : `${namesOf(failing)}; first ${first.name}: ${first.message ?? first.verdict}`;
  throw new SlipwayError("ANSWER_IS_NO", `validation failed: ${verdictText(tests)}${about}`, {
    hint: first?.remediation,
  });
}

/** Which tests failed, where it is more than one; the report has them all. */
function namesOf(failing: readonly Test[]): string {
  const names = [...new Set(failing.map(({ name }) => name))];
  if (names.length < 2) return "";
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return `; failed: ${names.slice(0, MOST_NAMES).join(", ")}${more}`;
}

const MOST_NAMES = 8;
