import { SlipwayError, didYouMean } from "@slipway/base";
import { isNotFound, nameOf, type KubeApi, type KubeObject } from "@slipway/kube";
import { NIM_KINDS, type NimKindNames } from "../resources.ts";
import type { NimAddress } from "./pods.ts";

/** Names that are looked at for one that is nearly the same. */
const MOST_NAMES = 1000;

/** What listing a kind failed with, in words of the operator where the kind itself is missing. */
export function listError(error: unknown, { kind }: NimKindNames): unknown {
  if (!isNotFound(error)) return error;
  return new SlipwayError("NOT_FOUND", `the cluster has no ${kind} kind: is the NIM Operator installed?`, {
    hint: "kubectl nim doctor says what is missing.",
    cause: error,
  });
}

/**
 * The error for an object that there is not, with the name that is nearest to it; or the one for a kind that the cluster does
 * not know.
 *
 * @param namespace absent: it was looked for in all of them
 */
export async function missingObject(
  api: Pick<KubeApi, "list">,
  kind: NimKindNames,
  name: string,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<SlipwayError> {
  const where = namespace === undefined ? "in any namespace" : `in namespace ${namespace}`;
  const flag = namespace === undefined ? "-A" : `-n ${namespace}`;
  const names = await namesOf(api, kind, namespace, signal);
  if (names instanceof SlipwayError) return names;
  const lists = `kubectl nim get ${kind.singular} ${flag} lists those that there are.`;
  const none = names === undefined ? lists : `There is no ${kind.kind} ${where} at all.`;
  const hint = names === undefined || names.length === 0 ? none : (didYouMean(name, names) ?? lists);
  return new SlipwayError("NOT_FOUND", `${kind.kind} ${name} not found ${where}`, { hint });
}

/**
 * The object at an address.
 *
 * @throws SlipwayError NOT_FOUND with the nearest name that is there, or for a kind that the cluster does not know
 */
export async function getNimObject(
  api: Pick<KubeApi, "get" | "list">,
  { kind, namespace, name }: NimAddress,
  signal: AbortSignal,
): Promise<KubeObject> {
  try {
    return await api.get(NIM_KINDS[kind].resource, name, { namespace, signal });
  } catch (error) {
    throw isNotFound(error) ? await missingObject(api, NIM_KINDS[kind], name, namespace, signal) : error;
  }
}

/** @returns nothing where they may not be listed */
async function namesOf(
  api: Pick<KubeApi, "list">,
  kind: NimKindNames,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[] | SlipwayError | undefined> {
  try {
    const { items } = await api.list(kind.resource, { namespace, signal, limit: MOST_NAMES, metadataOnly: true });
    return items.map(nameOf);
  } catch (error) {
    signal.throwIfAborted();
    const told = isNotFound(error) ? listError(error, kind) : undefined;
    return told instanceof SlipwayError ? told : undefined;
  }
}
