import { SlipwayError, type ExitName } from "@slipway/base";
import { isNotFound } from "@slipway/kube";
import { NIM_KINDS, missingObject, type NimKindNames } from "@slipway/serving";
import {
  diagnose,
  diagnosisText,
  diagnosisTree,
  gatherFacts,
  type Diagnosis,
  type Verdict,
} from "@slipway/serving/explain";
import { painter, type Colour, type CommandContext } from "@slipway/terminal";
import { clusterOf, type NimCluster } from "../actions/cluster-of.ts";
import { namesKind, oneTarget } from "../actions/targets.ts";
import type { NimDeps } from "../deps.ts";
import { REPORT_FLAG } from "../flags/report-flag.ts";
import { writeReport } from "../output/report.ts";

/** What `kubectl nim explain` does. */
export async function explain(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { io } = deps;
  const wanted = wantedOf(context.args);
  const cluster = await clusterOf(deps, context);
  context.progress.show(`Looking at ${wanted.name} and what belongs to it`);
  const diagnosis = await diagnosisOf(deps, cluster, wanted);
  context.progress.done();
  const paint = painter(io.stdout, io.env);
  writeReport(io, context.read(REPORT_FLAG), diagnosisTree(diagnosis), (safe) =>
    diagnosisText(diagnosis, { safe, paint: (verdict, text) => paint(COLOURS[verdict], text) }),
  );
  return diagnosis.verdict === "problem" || diagnosis.verdict === "unknown" ? "ANSWER_IS_NO" : "DONE";
}

const COLOURS: Readonly<Record<Verdict, Colour>> = {
  healthy: "green",
  "under way": "yellow",
  off: "dim",
  problem: "red",
  unknown: "red",
};

interface Wanted {
  /** In the order in which they are looked for. */
  readonly kinds: readonly NimKindNames[];
  readonly name: string;
}

function wantedOf(args: readonly string[]): Wanted {
  const [first = "", ...more] = args;
  if (more.length === 0 && !namesKind(first) && !first.includes("/"))
    return { kinds: [NIM_KINDS.NIMService, NIM_KINDS.NIMCache], name: first };
  const { kind, name } = oneTarget(args, "kubectl nim explain NAME, KIND NAME or KIND/NAME");
  return { kinds: [kind], name };
}

async function diagnosisOf(
  { io, clock }: NimDeps,
  { client, namespace }: NimCluster,
  { kinds, name }: Wanted,
): Promise<Diagnosis> {
  const { signal } = io;
  for (const { kind } of kinds) {
    try {
      return diagnose(await gatherFacts({ client, now: clock.now(), signal }, { kind, namespace, name }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  throw await notFound({ client, namespace }, { kinds, name }, signal);
}

/** Of two kinds that may be meant, the one counts that has a name near to it. */
async function notFound(
  { client, namespace }: NimCluster,
  { kinds, name }: Wanted,
  signal: AbortSignal,
): Promise<SlipwayError> {
  const errors = await Promise.all(kinds.map((kind) => missingObject(client, kind, name, namespace, signal)));
  const [first, ...more] = errors;
  if (first === undefined || more.length === 0) return first ?? new SlipwayError("BUG", "no kind was looked for");
  const near = errors.find(({ hint }) => hint?.startsWith("Did you mean"));
  if (near !== undefined || first.cause !== undefined) return near ?? first;
  return new SlipwayError("NOT_FOUND", `neither NIMService nor NIMCache ${name} found in namespace ${namespace}`, {
    hint: `kubectl nim get nimservice -n ${namespace} lists the services that there are.`,
  });
}
