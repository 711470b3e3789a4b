import { SlipwayError, type ExitName } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { shellLine } from "@slipway/serving";
import {
  LLM_NIM,
  answersOf,
  checkDeployName,
  checkObjects,
  creatable,
  deployCommands,
  deployObjects,
  makeObjects,
  planOf,
  planSummary,
  planWarnings,
  readDeployFacts,
  startFlow,
  type Answers,
  type DeployFacts,
  type DeployPlan,
  type DeployState,
  type DeployTarget,
  type Made,
  type MissingSecret,
} from "@slipway/serving/deploy";
import { SECRET_KINDS, secretObject } from "@slipway/serving/secrets";
import { printable, type CommandContext } from "@slipway/terminal";
import { canAsk } from "@slipway/terminal/prompt";
import { clusterOf, type NimCluster } from "../actions/cluster-of.ts";
import { askAll, keyFrom } from "../deploy/ask.ts";
import { followAll } from "../deploy/follow.ts";
import { deployFormat, printManifests, type DeployFormat } from "../deploy/print.ts";
import { leftText, objectText, placeFlags, untoldFlags } from "../deploy/words.ts";
import type { NimDeps } from "../deps.ts";
import { DEPLOY_FLAGS, TEXT_ANSWERS } from "../flags/deploy-flags.ts";

/** What the steps of a deployment share. */
interface Deployment {
  readonly deps: NimDeps;
  readonly context: CommandContext;
  readonly cluster: NimCluster;
  readonly facts: DeployFacts;
  readonly target: DeployTarget;
  readonly format: DeployFormat;
  readonly place: readonly string[];
}

/** What `kubectl nim deploy` does. */
export async function deploy(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { read, progress } = context;
  const name = context.args[0] ?? "";
  checkDeployName(name);
  const format = await deployFormat(deps, context);
  const given = await givenAnswers(deps, context);
  const keys = keysOf(deps, context);
  const cluster = await clusterOf(deps, context);
  const { namespace } = cluster;
  const image = {
    repository: read(DEPLOY_FLAGS.repository) || LLM_NIM.repository,
    tag: read(DEPLOY_FLAGS.tag) || LLM_NIM.tag,
  };
  const target = { name, namespace, image };
  progress.show("Looking at the cluster");
  const facts = await readDeployFacts(cluster.client, target, deps.io.signal).finally(() => progress.done());
  tellUnknown(context, facts);
  const deployment = { deps, context, cluster, facts, target, format, place: placeFlags(context, namespace) };
  const state = await untilCreation(deployment, () => answers(deployment, startFlow(given, facts, keys)));
  if (state.secret.proceed === "no") {
    deps.io.stderr.write("Nothing was created.\n");
    return "ANSWER_IS_NO";
  }
  return carryOut(deployment, state);
}

/** Answers of the file, and those of flags, which count more. */
async function givenAnswers(deps: NimDeps, { read, isGiven }: CommandContext): Promise<Answers> {
  const file = read(DEPLOY_FLAGS.answers) ?? "";
  const { readDocument } = await import("@slipway/terminal/documents");
  const written = file === "" ? {} : await readDocument(deps, file, "--answers", answersOf);
  const { cache } = DEPLOY_FLAGS;
  const typed = TEXT_ANSWERS.flatMap(([key, flag]) => {
    const value = read(flag);
    return value === undefined ? [] : [[key, value.trim()] as const];
  });
  return {
    ...written,
    ...(isGiven(cache) ? { cache: read(cache) ? "yes" : "no" } : {}),
    ...Object.fromEntries(typed),
  };
}

function keysOf({ io }: NimDeps, { read }: CommandContext): DeployState["secret"] {
  const [ngc, hf] = [DEPLOY_FLAGS.ngcKeyEnv, DEPLOY_FLAGS.hfTokenEnv];
  const ngcKey = keyFrom(io, ngc.name, read(ngc));
  const hfToken = keyFrom(io, hf.name, read(hf));
  return { ...(ngcKey === undefined ? {} : { ngcKey }), ...(hfToken === undefined ? {} : { hfToken }) };
}

function tellUnknown({ log }: CommandContext, facts: DeployFacts): void {
  const { storageClasses, caches, secrets, gpus } = facts;
  const hidden = [storageClasses, caches, secrets, gpus].flatMap((fact) => ("unknown" in fact ? [fact.unknown] : []));
  if (hidden.length === 0) return;
  log.warn(
    `you may not list ${hidden.join(", ")} here: they are not offered, and answers are not checked against them`,
  );
}

function answers(deployment: Deployment, start: DeployState): Promise<DeployState> {
  const { deps, context, target, facts } = deployment;
  const { read } = context;
  const hasFile = (read(DEPLOY_FLAGS.answers) ?? "") !== "";
  const yes = read(DEPLOY_FLAGS.yes);
  const isPerson = canAsk(deps.io);
  return askAll(start, {
    io: deps.io,
    target,
    facts,
    mode: {
      isBrief: yes || hasFile,
      canTypeSecrets: isPerson && !yes,
      isSettled: yes || read(DEPLOY_FLAGS.dryRun) !== "none" || (hasFile && !isPerson),
    },
    beforeProceed: (state) => tellPlan(deployment, state),
  });
}

function tellPlan({ deps, context, target, facts }: Deployment, state: DeployState): void {
  const plan = planOf(target, state.answers, facts);
  const secrets = secretsToMake(state, facts);
  const lines = planSummary(
    plan,
    secrets.map(({ missing }) => missing.name),
  );
  deps.io.stderr.write(`In namespace ${target.namespace}:\n${lines.map((line) => `  ${printable(line)}\n`).join("")}`);
  const made = new Set(secrets.map(({ missing }) => missing.name));
  for (const warning of planWarnings(plan, state.answers, facts, made)) context.log.warn(warning);
}

/** A secret that is made along, and the key in it. */
interface NewSecret {
  readonly missing: MissingSecret;
  readonly value: string;
}

function secretsToMake({ answers, secret }: DeployState, facts: DeployFacts): readonly NewSecret[] {
  return creatable(answers, facts).flatMap((missing) => {
    const value = SECRET_KINDS[missing.key].owner === "ngc" ? secret.ngcKey : secret.hfToken;
    return value === undefined ? [] : [{ missing, value }];
  });
}

async function carryOut(deployment: Deployment, state: DeployState): Promise<ExitName> {
  const { deps, context, cluster, facts, target, format } = deployment;
  const { io } = deps;
  const plan = planOf(target, state.answers, facts);
  const newSecrets = secretsToMake(state, facts);
  const secrets = newSecrets.map(({ missing: { key: use, name }, value }) =>
    secretObject({ use, name }, value, target.namespace),
  );
  const objects = deployObjects(plan);
  const mode = context.read(DEPLOY_FLAGS.dryRun);
  if (mode === "client") return printManifests(deployment, objects, secrets, " (dry run)");
  context.progress.show("Having the server check everything");
  const checked = await untilCreation(deployment, () =>
    checkObjects(cluster.client, [...secrets, ...objects], io.signal).finally(() => context.progress.done()),
  );
  if (mode === "server") return printManifests(deployment, checked.slice(secrets.length), secrets, " (server dry run)");
  const made = await make(deployment, [...secrets, ...objects]);
  if (format.kind !== "table") printManifests(deployment, made.created.slice(secrets.length), [], "");
  await follow(deployment, plan, made);
  if (format.kind === "table") tellCommands(deployment, plan, newSecrets);
  return "DONE";
}

/** Whatever ends the flow before anything is made says so. */
async function untilCreation<Value>({ deps: { io } }: Deployment, action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (error) {
    const isStopped = io.signal.aborted || (error instanceof SlipwayError && error.code === "INTERRUPTED");
    if (isStopped) io.stderr.write("Nothing was created.\n");
    throw error;
  }
}

async function make(
  { deps: { io }, cluster, format, place }: Deployment,
  objects: readonly KubeObject[],
): Promise<Made> {
  let made: Made = { created: [], doubtful: undefined };
  try {
    await makeObjects(
      cluster.client,
      objects,
      (now) => {
        const newest = now.created.slice(made.created.length);
        made = now;
        if (format.kind === "table")
          for (const object of newest)
            io.stdout.write(`${objectText(object)} created in namespace "${cluster.namespace}"\n`);
      },
      io.signal,
    );
    return made;
  } catch (error) {
    throw withLeft(error, leftText(made, place), io.signal, (text) => io.stderr.write(text));
  }
}

async function follow({ deps, context, cluster, place }: Deployment, plan: DeployPlan, made: Made): Promise<void> {
  const { io } = deps;
  const { read, isGiven } = context;
  const look = shellLine(["kubectl", "nim", "status", "nimservice", plan.name, ...place]);
  if (!(isGiven(DEPLOY_FLAGS.wait) ? read(DEPLOY_FLAGS.wait) : canAsk(io))) {
    io.stderr.write(`To see how it comes up: ${look}\n`);
    return;
  }
  const failing = { kind: plan.model.kind === "cache" ? "nimcache" : "nimservice" };
  try {
    await followAll(deps, context, cluster, plan, (kind) => (failing.kind = kind));
  } catch (error) {
    const name = failing.kind === "nimcache" && plan.model.kind === "cache" ? plan.model.name : plan.name;
    const why = shellLine(["kubectl", "nim", "explain", `${failing.kind}/${name}`, ...place]);
    const lines = io.signal.aborted ? [`To see how it goes on: ${look}`] : [`To find out why: ${why}`];
    throw withLeft(error, [...lines, ...leftText(made, place)], io.signal, (text) => io.stderr.write(text));
  }
}

/** The error with what to do next. After an interruption nothing but a word is shown for it, so this comes before. */
function withLeft(
  error: unknown,
  lines: readonly string[],
  signal: AbortSignal,
  write: (text: string) => void,
): unknown {
  if (signal.aborted) {
    write(lines.map((line) => `${printable(line)}\n`).join(""));
    return error;
  }
  if (!(error instanceof SlipwayError)) return error;
  const hint = [...(error.hint === undefined ? [] : [error.hint]), ...lines].join("\n");
  return new SlipwayError(error.code, error.message, { place: error.place, hint, cause: error });
}

/** The variables that the examples of NGC and Hugging Face use. */
const VARIABLES = { ngc: "NGC_API_KEY", hf: "HF_TOKEN" } as const;

function tellCommands(
  { deps: { io }, context, place }: Deployment,
  plan: DeployPlan,
  made: readonly NewSecret[],
): void {
  const named = { ngc: context.read(DEPLOY_FLAGS.ngcKeyEnv), hf: context.read(DEPLOY_FLAGS.hfTokenEnv) };
  const keys = (["ngc", "hf"] as const).flatMap((owner) => {
    const own = made.filter(({ missing }) => SECRET_KINDS[missing.key].owner === owner);
    const names = Object.fromEntries(own.map(({ missing }) => [missing.key, missing.name]));
    return own.length === 0 ? [] : [{ owner, variable: named[owner] ?? VARIABLES[owner], names }];
  });
  const lines = deployCommands(plan, keys, place).map(shellLine);
  io.stdout.write(`# The same without questions:\n${lines.map((line) => `${line}\n`).join("")}`);
  const untold = untoldFlags(context);
  if (untold.length > 0) context.log.warn(`these commands need ${untold.join(" and ")} too, as this one did`);
}
