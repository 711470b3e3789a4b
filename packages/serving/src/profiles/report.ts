import type { TreeMap } from "@slipway/base";
import type { GpuNode } from "../gpus/gpu-nodes.ts";
import { fitOf, type Fit } from "./fit.ts";
import type { ModelProfile } from "./manifest.ts";

/** A profile with what is known about it here. */
export interface JudgedProfile extends ModelProfile {
  readonly fit: Fit;
  /** Nothing where no cache was asked. */
  readonly isCached: boolean | undefined;
}

const ORDER: readonly Fit["answer"][] = ["yes", "busy", "unknown", "no"];

/**
 * Judges profiles by the GPUs of a cluster; those that fit come first, then in the order of engine, GPU, number of GPUs and
 * precision.
 *
 * @param nodes nothing where they must not be read
 * @param cached hashes of those that a cache holds; nothing where no cache was asked
 */
export function judgeProfiles(
  profiles: readonly ModelProfile[],
  nodes: readonly GpuNode[] | undefined,
  cached: ReadonlySet<string> | undefined,
): readonly JudgedProfile[] {
  return profiles
    .map((profile) => ({ ...profile, fit: fitOf(profile, nodes), isCached: cached?.has(profile.id) }))
    .sort((left, right) => compare(keyOf(left), keyOf(right)));
}

function keyOf(profile: JudgedProfile): readonly (string | number)[] {
  const { fit, engine, gpu, precision, tensorParallelism, pipelineParallelism, id } = profile;
  return [ORDER.indexOf(fit.answer), engine, gpu, tensorParallelism * pipelineParallelism, precision, id];
}

function compare(left: readonly (string | number)[], right: readonly (string | number)[]): number {
  for (const [at, one] of left.entries()) {
    const other = right[at] ?? "";
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

const BASIC = ["PROFILE", "ENGINE", "PRECISION", "TP", "PP", "GPU", "LORA", "QOS"];

/** The rows of a table, the header first; `<none>` for what a profile does not say. */
export function profileRows(profiles: readonly JudgedProfile[], wide: boolean): readonly (readonly string[])[] {
  const withCache = profiles.some(({ isCached }) => isCached !== undefined);
  const header = [...BASIC, ...(withCache ? ["CACHED"] : []), ...(wide ? ["MODEL", "RELEASE", "DEVICE"] : []), "FITS"];
  const rows = profiles.map((profile) => [
    profile.id,
    shown(profile.engine),
    shown(profile.precision),
    String(profile.tensorParallelism),
    String(profile.pipelineParallelism),
    profile.gpu || profile.productPattern || "any",
    yesNo(profile.lora),
    shown(profile.qosProfile),
    ...(withCache ? [yesNo(profile.isCached === true)] : []),
    ...(wide ? [shown(profile.model), shown(profile.release), shown(profile.gpuDevice)] : []),
    fitText(profile.fit),
  ]);
  return [header, ...rows];
}

function fitText({ answer, reason }: Fit): string {
  return reason === "" ? answer : `${answer}: ${reason}`;
}

function shown(text: string): string {
  return text === "" ? "<none>" : text;
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

/** The profiles as a document. */
export function profilesTree(profiles: readonly JudgedProfile[]): TreeMap {
  return {
    profiles: profiles.map(({ isCached, fit, ...profile }) => ({
      ...profile,
      ...(isCached === undefined ? {} : { cached: isCached }),
      fits: { answer: fit.answer, ...(fit.reason === "" ? {} : { reason: fit.reason }) },
    })),
  };
}
