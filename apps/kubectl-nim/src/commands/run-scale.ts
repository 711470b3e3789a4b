import { SlipwayError, type ExitName } from "@slipway/base";
import { isNotFound } from "@slipway/kube";
import { FIELD_MANAGER, NIM_KINDS, missingObject } from "@slipway/serving";
import { scaleService, type ScaleWish } from "@slipway/serving/scale";
import type { CommandContext } from "@slipway/terminal";
import { clusterOf } from "../actions/cluster-of.ts";
import { namesKind, oneTarget } from "../actions/targets.ts";
import { writeError } from "../actions/write-error.ts";
import type { NimDeps } from "../deps.ts";
import { SCALE_FLAGS } from "../flags/scale-flags.ts";
import { outputFormat } from "../output/format.ts";
import { printWritten } from "../output/written.ts";

const USAGE = "kubectl nim scale NAME --replicas COUNT | --min COUNT --max COUNT | --off";

/** What `kubectl nim scale` does. */
export async function scale(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { read, log } = context;
  const { io } = deps;
  const name = serviceName(context);
  const wish = wishOf(context);
  const dryRun = read(SCALE_FLAGS.dryRun);
  const format = await outputFormat(read(SCALE_FLAGS.output), deps);
  const { client, namespace } = await clusterOf(deps, context);
  const kind = NIM_KINDS.NIMService;
  const options = { name, namespace, dryRun, fieldManager: FIELD_MANAGER, signal: io.signal };
  const { object, change } = await scaleService(client, wish, options).catch(async (error: unknown) => {
    if (isNotFound(error)) throw await missingObject(client, kind, name, namespace, io.signal);
    throw writeError(error, { kind, name, namespace });
  });
  for (const warning of change.warnings) log.warn(warning);
  const verb = change.patch === undefined ? "unchanged" : "scaled";
  const sentence = `NIMService "${name}" ${verb} ${change.told} in namespace "${namespace}"`;
  return await printWritten(io.stdout, object, { format, sentence, dryRun });
}

function serviceName({ args }: CommandContext): string {
  const [first = ""] = args;
  const isTarget = first.includes("/") || (args.length > 1 && namesKind(first));
  const words = isTarget ? args : ["nimservice", ...args];
  const { kind, name } = oneTarget(words, USAGE);
  if (kind.kind === "NIMService") return name;
  throw new SlipwayError("USAGE", `${kind.kind} ${name} cannot be scaled: only services have pods that run`, {
    hint: `Usage: ${USAGE}`,
  });
}

function wishOf({ read }: CommandContext): ScaleWish {
  const [replicas, least, most, off] = [
    read(SCALE_FLAGS.replicas),
    read(SCALE_FLAGS.min),
    read(SCALE_FLAGS.max),
    read(SCALE_FLAGS.off),
  ];
  const isAuto = least !== undefined || most !== undefined;
  const asked = [replicas !== undefined, isAuto, off].filter(Boolean).length;
  if (asked === 0) throw new SlipwayError("USAGE", "nothing says how to scale", { hint: `Usage: ${USAGE}` });
  if (asked > 1)
    throw new SlipwayError("USAGE", "--replicas, --min with --max, and --off exclude each other", {
      hint: `Usage: ${USAGE}`,
    });
  if (replicas !== undefined) return { kind: "replicas", count: checked("replicas", replicas, 0) };
  if (!isAuto) return { kind: "off" };
  const wish = { kind: "auto", least: atLeastOne("min", least), most: atLeastOne("max", most) } as const;
  if (wish.least !== undefined && wish.most !== undefined && wish.least > wish.most)
    throw new SlipwayError("USAGE", `--min is ${wish.least}, above --max, which is ${wish.most}`);
  return wish;
}

function atLeastOne(flag: string, value: number | undefined): number | undefined {
  return value === undefined ? undefined : checked(flag, value, 1);
}

/** Most that an int32 of the API holds. */
const MOST = 2_147_483_647;

function checked(flag: string, value: number, least: number): number {
  if (value >= least && value <= MOST) return value;
  throw new SlipwayError("USAGE", `--${flag} takes a whole number from ${least}, not ${value}`);
}
