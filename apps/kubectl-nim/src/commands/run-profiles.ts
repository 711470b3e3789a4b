import { SlipwayError, messageOf, utf8Text, type ExitName } from "@slipway/base";
import { isForbidden } from "@slipway/kube";
import { getNimObject, shellWord } from "@slipway/serving";
import {
  judgeProfiles,
  parseManifest,
  profileRows,
  profilesTree,
  readCacheProfiles,
  readGpuNodes,
  type CacheProfiles,
  type JudgedProfile,
} from "@slipway/serving/profiles";
import { printable, type CommandContext } from "@slipway/terminal";
import { clusterOf, type NimCluster } from "../actions/cluster-of.ts";
import { oneTarget } from "../actions/targets.ts";
import type { NimDeps } from "../deps.ts";
import { PROFILES_FLAGS } from "../flags/profiles-flags.ts";
import { writeReport } from "../output/report.ts";
import { tableText } from "../output/table.ts";

/** Most bytes of a list; real ones have some hundred kilobytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/** What `kubectl nim profiles` does. */
export async function profiles(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const { read, args } = context;
  const file = read(PROFILES_FLAGS.manifest);
  // A form that there is not is refused before anything is read.
  read(PROFILES_FLAGS.output);
  const [name] = args;
  if (file !== undefined && name !== undefined)
    throw new SlipwayError("USAGE", "a cache and --manifest exclude each other: give one of them");
  if (file !== undefined) return print(deps, context, await judgeFile(deps, context, file), undefined);
  if (name === undefined)
    throw new SlipwayError("USAGE", "which profiles? Give the name of a cache, or --manifest with a file", {
      hint: "kubectl nim get nimcache lists the caches.",
    });
  const cache = name.includes("/") ? cacheOf(name) : name;
  return print(deps, context, await judgeCache(deps, context, cache), cache);
}

/** `nimcache/NAME` is understood here too. */
function cacheOf(word: string): string {
  const { kind, name } = oneTarget([word], "kubectl nim profiles CACHE");
  if (kind.kind === "NIMCache") return name;
  throw new SlipwayError("USAGE", `${word} is a service: profiles are chosen by its cache`, {
    hint: `kubectl nim get nimservice ${name} -o jsonpath='{.spec.storage.nimCache.name}' names it.`,
  });
}

async function judgeCache(deps: NimDeps, context: CommandContext, name: string): Promise<readonly JudgedProfile[]> {
  const { signal } = deps.io;
  const cluster = await clusterOf(deps, context);
  context.progress.show(`Reading the profiles of ${name}`);
  const address = { kind: "NIMCache", namespace: cluster.namespace, name } as const;
  const readAll = async (): Promise<CacheProfiles> =>
    readCacheProfiles(cluster.client, await getNimObject(cluster.client, address, signal), signal);
  const [{ profiles: found, cached, note }, gpus] = await Promise.all([readAll(), readGpus(cluster, signal)]);
  context.progress.done();
  if (note !== undefined) context.log.warn(note);
  warnOfGpus(context, gpus);
  return judgeProfiles(found, gpus.nodes, cached);
}

/** GPUs, or why nothing can be said about them. */
interface Gpus {
  readonly nodes?: Awaited<ReturnType<typeof readGpuNodes>>;
  readonly why?: string;
}

async function readGpus({ client }: NimCluster, signal: AbortSignal): Promise<Gpus> {
  try {
    return { nodes: await readGpuNodes(client, signal) };
  } catch (error) {
    if (isForbidden(error)) return { why: messageOf(error) };
    throw error;
  }
}

function warnOfGpus({ log }: CommandContext, { why }: Gpus): void {
  if (why !== undefined) log.warn(`whether profiles fit is unknown: ${why}`);
}

/** A list in a file can be looked at without a cluster. */
async function judgeFile(deps: NimDeps, context: CommandContext, file: string): Promise<readonly JudgedProfile[]> {
  const { io, files } = deps;
  const isStandard = file === "-";
  const bytes = isStandard ? await io.stdin.read(MOST_BYTES) : await files.read(file, MOST_BYTES);
  const label = isStandard ? "standard input" : file;
  const found = parseManifest(utf8Text(bytes, label), label);
  context.progress.show("Reading the GPUs of the cluster");
  const gpus = await gpusIfAny(deps, context);
  context.progress.done();
  warnOfGpus(context, gpus);
  return judgeProfiles(found, gpus.nodes, undefined);
}

async function gpusIfAny(deps: NimDeps, context: CommandContext): Promise<Gpus> {
  try {
    return await readGpus(await clusterOf(deps, context), deps.io.signal);
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code === "INTERRUPTED") throw error;
    return { why: error.describe().split("\n")[0] ?? "" };
  }
}

/** @param cache absent for a list in a file */
function print(
  { io }: NimDeps,
  { read }: CommandContext,
  judged: readonly JudgedProfile[],
  cache: string | undefined,
): ExitName {
  const onlyFitting = read(PROFILES_FLAGS.fits);
  const shown = onlyFitting ? judged.filter(({ fit }) => fit.answer === "yes") : judged;
  const output = read(PROFILES_FLAGS.output);
  const isTable = output === "table" || output === "wide";
  const rows = profileRows(shown, output === "wide").slice(read(PROFILES_FLAGS.noHeaders) ? 1 : 0);
  if (!isTable || shown.length > 0)
    writeReport(io, isTable ? "text" : output, profilesTree(shown), () => tableText(rows));
  if (isTable) io.stderr.write(`${printable(hint(shown, judged.length, cache))}\n`);
  return onlyFitting && shown.length === 0 ? "ANSWER_IS_NO" : "DONE";
}

/** What can be done with a profile. */
function hint(shown: readonly JudgedProfile[], count: number, cache: string | undefined): string {
  if (count === 0) return "The list has no profiles.";
  const usable = shown.filter(({ fit }) => fit.answer !== "no");
  const [first] = usable;
  if (first === undefined)
    return count === 1 ? "The only profile does not fit." : `None of the ${count} profiles fits.`;
  const held = usable.find(({ isCached }) => isCached === true);
  return held !== undefined && cache !== undefined
    ? `Serve one: kubectl nim create nimservice NAME --nimcache-storage-name=${shellWord(cache)} --nimcache-storage-profile=${shellWord(held.id)}`
    : `Cache one: kubectl nim create nimcache NAME --nim-source=ngc --model-puller=IMAGE --profiles=${shellWord(first.id)} --pvc-create=true --pvc-size=200Gi`;
}
