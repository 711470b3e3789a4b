import type { KubeObject } from "@slipway/kube";
import { shellLine } from "@slipway/serving";
import { undoCommands, type Made } from "@slipway/serving/deploy";
import type { CommandContext } from "@slipway/terminal";
import { CONNECTION_FLAGS } from "../flags/connection-flags.ts";

/** The flags that make another command mean the same cluster and namespace. */
export function placeFlags({ read }: CommandContext, namespace: string): readonly string[] {
  const { kubeconfig, context } = CONNECTION_FLAGS;
  const named = [kubeconfig, context].flatMap((flag) => {
    const value = read(flag) ?? "";
    return value === "" ? [] : [`--${flag.name}=${value}`];
  });
  return ["-n", namespace, ...named];
}

/** `NIMCache "llama-cache"`. */
export function objectText({ kind, metadata: { name = "" } }: KubeObject): string {
  return `${kind} "${name}"`;
}

/** What is there after a deployment that did not end well, and how to take it away. */
export function leftText(made: Made, place: readonly string[]): readonly string[] {
  const { created, doubtful } = made;
  if (created.length === 0 && doubtful === undefined) return ["Nothing was created."];
  const there = created.length === 0 ? [] : [`Created so far, and still there: ${created.map(objectText).join(", ")}.`];
  const maybe = doubtful === undefined ? [] : [`${objectText(doubtful)} may be there: no answer came.`];
  return [...there, ...maybe, ...undoCommands(made, place).map((words) => `To undo: ${shellLine(words)}`)];
}
