import { isTreeList, isTreeMap, own, type Tree, type TreeList, type TreeMap } from "@slipway/base";

/** The value below a map, by keys; nothing where a step leads nowhere. */
export function valueAt(value: Tree | undefined, ...keys: readonly string[]): Tree | undefined {
  let found: Tree | undefined = value;
  for (const key of keys) found = isTreeMap(found) ? own(found, key) : undefined;
  return found;
}

/** As {@link valueAt}; empty unless it is text. */
export function textAt(value: Tree | undefined, ...keys: readonly string[]): string {
  const found = valueAt(value, ...keys);
  return typeof found === "string" ? found : "";
}

/** As {@link valueAt}; `fallback` unless it is a number. */
export function numberAt(value: Tree | undefined, fallback: number, ...keys: readonly string[]): number {
  const found = valueAt(value, ...keys);
  return typeof found === "number" ? found : fallback;
}

/** As {@link valueAt}; empty unless it is a list. */
export function listAt(value: Tree | undefined, ...keys: readonly string[]): TreeList {
  const found = valueAt(value, ...keys);
  return isTreeList(found) ? found : [];
}

/** As {@link valueAt}; empty unless it is a map. */
export function mapAt(value: Tree | undefined, ...keys: readonly string[]): TreeMap {
  const found = valueAt(value, ...keys);
  return isTreeMap(found) ? found : {};
}

/** Whether an object has a condition with status True; what it says when not. */
export function conditionOf(object: Tree, type: string): { readonly isTrue: boolean; readonly message: string } {
  const condition = listAt(object, "status", "conditions").find((candidate) => textAt(candidate, "type") === type);
  const message = [textAt(condition, "reason"), textAt(condition, "message")].filter((part) => part !== "").join(": ");
  return { isTrue: textAt(condition, "status") === "True", message };
}
