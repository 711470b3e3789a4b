import { isTreeList, isTreeMap, mergeTrees, own, parseJson, parseYaml, type Tree, type TreeMap } from "@slipway/base";
import { applyPatch, type Operation } from "rfc6902";
import { ApiFailure } from "./failure.ts";

/** JSON merge patch (RFC 7396): maps merge by key, a null removes, anything else replaces. */
export function mergePatch(target: Tree | undefined, patch: Tree): Tree {
  if (!isTreeMap(patch)) return patch;
  const result: Record<string, Tree> = isTreeMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/**
 * Strategic merge patch, near enough for what kubectl sends: as a merge patch, but lists of maps with a `name` merge by
 * it, `$patch: delete` removes, and the hints about order (`$setElementOrder/…`, `$retainKeys`) are passed over.
 */
export function strategicPatch(target: Tree | undefined, patch: Tree): Tree {
  if (isTreeList(patch)) return isTreeList(target) ? mergeNamed(target, patch) : patch;
  if (!isTreeMap(patch)) return patch;
  const result: Record<string, Tree> = isTreeMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$")) continue;
    if (value === null) delete result[key];
    else result[key] = strategicPatch(result[key], value);
  }
  return result;
}

function mergeNamed(target: readonly Tree[], patch: readonly Tree[]): Tree {
  if (![...target, ...patch].every((item) => nameOf(item) !== undefined)) return patch;
  const merged = new Map(target.map((item) => [nameOf(item), item]));
  for (const item of patch) {
    const removes = isTreeMap(item) && own(item, "$patch") === "delete";
    if (removes) merged.delete(nameOf(item));
    else merged.set(nameOf(item), strategicPatch(merged.get(nameOf(item)), item));
  }
  return [...merged.values()];
}

function nameOf(item: Tree): Tree | undefined {
  return isTreeMap(item) ? own(item, "name") : undefined;
}

/**
 * Server-side apply by one manager: what it applied before and leaves out now is removed, the rest is laid over. Lists
 * count as a whole, and a field may have any number of managers.
 */
export function serverSideApply(current: TreeMap, before: TreeMap | undefined, now: TreeMap): TreeMap {
  return mergeTrees(before === undefined ? current : withoutDropped(current, before, now), now);
}

function withoutDropped(current: TreeMap, before: TreeMap, now: TreeMap): TreeMap {
  const kept: Record<string, Tree> = {};
  for (const [key, value] of Object.entries(current)) {
    const old = own(before, key);
    const next = own(now, key);
    if (isTreeMap(value) && isTreeMap(old)) kept[key] = withoutDropped(value, old, isTreeMap(next) ? next : {});
    else if (old === undefined || next !== undefined) kept[key] = value;
  }
  return kept;
}

/** Applies a patch in the format that its media type names. Throws ApiFailure for one that does not fit. */
export function patched(current: TreeMap, mediaType: string, body: string): TreeMap {
  const result = patchedTree(current, mediaType, body);
  if (isTreeMap(result)) return result;
  throw new ApiFailure("BadRequest", "the patch leaves no object");
}

function patchedTree(current: TreeMap, mediaType: string, body: string): Tree {
  switch (mediaType) {
    case "application/merge-patch+json":
      return mergePatch(current, parseJson(body));
    case "application/strategic-merge-patch+json":
      return strategicPatch(current, parseJson(body));
    case "application/json-patch+json":
      return jsonPatched(current, body);
    default:
      throw new ApiFailure("UnsupportedMediaType", `no patch has the type ${mediaType}`);
  }
}

function jsonPatched(current: TreeMap, body: string): Tree {
  const operations: readonly Operation[] = JSON.parse(body);
  const result = structuredClone(current);
  const failed = applyPatch(result, [...operations]).find((error) => error !== null);
  if (failed !== undefined) throw new ApiFailure("Invalid", failed.message);
  return result;
}

/** An object out of a request body, JSON or YAML. */
export function objectOf(body: string): TreeMap {
  const value = parseYaml(body);
  if (isTreeMap(value)) return value;
  throw new ApiFailure("BadRequest", "the body is no object");
}
