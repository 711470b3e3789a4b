import { messageOf } from "@slipway/base";
import { KubeApiError, isNotFound } from "@slipway/kube";

/** Something that was looked for: there, not there, or not to be seen, with the reason. */
export type Looked<Value> =
  | { readonly state: "found"; readonly value: Value }
  | { readonly state: "missing" }
  | { readonly state: "unknown"; readonly why: string };

/**
 * What a request found. That the server refuses it, or has no such kind, is something to tell; that it cannot be reached
 * at all, or that the user has pressed Ctrl-C, is thrown.
 */
export async function look<Value>(request: Promise<Value>): Promise<Looked<Value>> {
  try {
    return { state: "found", value: await request };
  } catch (error) {
    if (isNotFound(error)) return { state: "missing" };
    if (error instanceof KubeApiError) return { state: "unknown", why: messageOf(error) };
    throw error;
  }
}

/** What was found; otherwise a value in its place. */
export function foundOr<Value>(looked: Looked<Value>, otherwise: Value): Value {
  return looked.state === "found" ? looked.value : otherwise;
}

/** Why something could not be seen; nothing when it could. */
export function gapOf(looked: Looked<unknown>): readonly string[] {
  return looked.state === "unknown" ? [looked.why] : [];
}

/** Collects a list. */
export async function all<Value>(values: AsyncIterable<Value>, most = Infinity): Promise<readonly Value[]> {
  const found: Value[] = [];
  for await (const value of values) {
    if (found.length >= most) break;
    found.push(value);
  }
  return found;
}
