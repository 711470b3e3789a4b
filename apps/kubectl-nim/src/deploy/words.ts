import type { KubeObject } from "@slipway/kube";
import { shellLine } from "@slipway/serving";
import { undoCommands, type Made } from "@slipway/serving/deploy";
import type { CommandContext } from "@slipway/terminal";
import { CONNECTION_FLAGS } from "../flags/connection-flags.ts";

/** Connection flags with a value that is no secret. */
const TELLABLE = [
  CONNECTION_FLAGS.kubeconfig,
  CONNECTION_FLAGS.context,
  CONNECTION_FLAGS.cluster,
  CONNECTION_FLAGS.user,
  CONNECTION_FLAGS.server,
  CONNECTION_FLAGS.username,
  CONNECTION_FLAGS.as,
  CONNECTION_FLAGS.asUid,
  CONNECTION_FLAGS.certificateAuthority,
  CONNECTION_FLAGS.clientCertificate,
  CONNECTION_FLAGS.clientKey,
  CONNECTION_FLAGS.tlsServerName,
] as const;

/**
 * The flags that make another command mean the same cluster, namespace and person. A token and a password are left out:
 * {@link untoldFlags} names them.
 */
export function placeFlags({ read }: Pick<CommandContext, "read">, namespace: string): readonly string[] {
  const named = TELLABLE.flatMap((flag) => {
    const value = read(flag) ?? "";
    return value === "" ? [] : [`--${flag.name}=${value}`];
  });
  const groups = read(CONNECTION_FLAGS.asGroup).map((group) => `--as-group=${group}`);
  const insecure = read(CONNECTION_FLAGS.insecureSkipTlsVerify) ? ["--insecure-skip-tls-verify"] : [];
  return ["-n", namespace, ...named, ...groups, ...insecure];
}

/** The connection flags that were given and are not repeated, because they hold secrets. */
export function untoldFlags({ isGiven }: Pick<CommandContext, "isGiven">): readonly string[] {
  return [CONNECTION_FLAGS.token, CONNECTION_FLAGS.password].filter(isGiven).map(({ name }) => `--${name}`);
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
