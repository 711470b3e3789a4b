import { listAt, textAt, type Tree } from "@slipway/base";

/** Whether an object has a condition with status True; what it says when not. */
export function conditionOf(object: Tree, type: string): { readonly isTrue: boolean; readonly message: string } {
  const condition = listAt(object, "status", "conditions").find((candidate) => textAt(candidate, "type") === type);
  const message = [textAt(condition, "reason"), textAt(condition, "message")].filter((part) => part !== "").join(": ");
  return { isTrue: textAt(condition, "status") === "True", message };
}
