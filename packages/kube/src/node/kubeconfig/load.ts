import { delimiter, join } from "node:path";
import { SlipwayError, utf8Text, type Files } from "@slipway/base";
import type { Kubeconfig } from "./model.ts";
import { parseKubeconfig } from "./parse.ts";

/** No kubeconfig that people use is near this size. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Which kubeconfig is meant. */
export interface KubeconfigChoice {
  /** `--kubeconfig`: this file and no other. */
  readonly kubeconfig?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
}

/**
 * Reads the kubeconfig as kubectl does: the file that is asked for; else those that KUBECONFIG lists, of which missing
 * ones are skipped and the first that says something wins; else `~/.kube/config`.
 *
 * @returns a kubeconfig without files when there is none
 * @throws SlipwayError NOT_FOUND when the file that is asked for is missing; INVALID_INPUT with file and line
 */
export async function loadKubeconfig(choice: KubeconfigChoice): Promise<Kubeconfig> {
  const { kubeconfig, files } = choice;
  if (kubeconfig !== undefined && kubeconfig !== "") return read(files, kubeconfig);
  const loaded = await Promise.all(kubeconfigPaths(choice.env).map((path) => readIfThere(files, path)));
  return mergeKubeconfigs(loaded.filter((config) => config !== undefined));
}

/** Where kubectl looks without `--kubeconfig`. */
export function kubeconfigPaths(env: KubeconfigChoice["env"]): readonly string[] {
  const listed = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  // People write KUBECONFIG=/dev/null to have none.
  if (listed.length > 0) return [...new Set(listed)].filter((path) => path !== "/dev/null");
  const home = env["HOME"] ?? env["USERPROFILE"];
  return home === undefined || home === "" ? [] : [join(home, ".kube", "config")];
}

/** Several kubeconfigs as one: of entries with the same name the first counts, and the first current context. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  return {
    files: configs.flatMap((config) => config.files),
    currentContext: configs.find((config) => config.currentContext !== undefined)?.currentContext,
    clusters: firstOf(configs.map((config) => config.clusters)),
    users: firstOf(configs.map((config) => config.users)),
    contexts: firstOf(configs.map((config) => config.contexts)),
  };
}

function firstOf<Entry>(maps: readonly ReadonlyMap<string, Entry>[]): ReadonlyMap<string, Entry> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}

async function read(files: Files, path: string): Promise<Kubeconfig> {
  const bytes = await files.read(path, MAX_BYTES).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new SlipwayError("NOT_FOUND", "there is no such kubeconfig", {
      place: { file: path },
      hint: "Give the path of a kubeconfig with --kubeconfig or in KUBECONFIG.",
      cause: error,
    });
  });
  return parseKubeconfig(utf8Text(bytes, path), path);
}

async function readIfThere(files: Files, path: string): Promise<Kubeconfig | undefined> {
  try {
    return await read(files, path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof SlipwayError && error.code === "NOT_FOUND";
}
