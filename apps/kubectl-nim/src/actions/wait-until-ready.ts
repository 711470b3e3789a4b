import { SlipwayError, listAt, textAt, type ExitName } from "@slipway/base";
import { RESOURCES, inform, nameOf, type KubeClient, type KubeObject } from "@slipway/kube";
import { isOwnPod, nimKindOf, podSelectorsOf, type NimKind } from "@slipway/serving";
import { followUntilReady } from "@slipway/serving/deploy";
import { printable, type CommandContext } from "@slipway/terminal";
import type { NimDeps } from "../deps.ts";

/** What is waited for. */
export interface WaitTarget {
  /** As the server has it. */
  readonly object: KubeObject;
  /** 0: for ever. */
  readonly timeoutMs: number;
}

/**
 * Waits until a service or a cache is ready, and tells each change: in a line that moves on a terminal, else in lines.
 *
 * @throws SlipwayError ANSWER_IS_NO when the operator calls it failed, TIMED_OUT, NOT_FOUND when it is deleted meanwhile
 */
export async function waitUntilReady(
  { io, timer }: Pick<NimDeps, "io" | "timer">,
  { log, progress }: Pick<CommandContext, "log" | "progress">,
  client: Pick<KubeClient, "list" | "watch">,
  { object, timeoutMs }: WaitTarget,
): Promise<ExitName> {
  const kind: NimKind = nimKindOf(object.kind)?.kind ?? "NIMService";
  const name = nameOf(object);
  const { namespace = "" } = object.metadata;
  const stop = new AbortController();
  const signal = AbortSignal.any([io.signal, stop.signal]);
  const shown = { state: "", message: "", pods: "" };
  const tell = teller(io.stderr.isTerminal ? (line) => progress.show(printable(line)) : (line) => log.info(line));
  const update = (change: Partial<typeof shown>): void => {
    Object.assign(shown, change);
    tell([`${kind} ${name}: ${shown.state || "waiting for the operator"}`, shown.message, shown.pods]);
  };
  const pods = inform(client, RESOURCES.pods, {
    namespace,
    labelSelector: selectorOf(object, kind),
    signal,
    onChange: () => update({ pods: podReasons(pods.list(namespace)) }),
    ...(timer === undefined ? {} : { timer }),
  });
  // Who may not see pods waits without their reasons.
  pods.synced.catch(() => undefined);
  try {
    await followUntilReady(
      client,
      { kind, name, namespace },
      {
        signal,
        timeoutMs: timeoutMs === 0 ? undefined : timeoutMs,
        timer,
        onChange: update,
      },
    );
    progress.done();
    log.info(`${kind} "${name}" is ready`);
    return "DONE";
  } catch (error) {
    throw withNextStep(error, `kubectl nim explain ${kind.toLowerCase()}/${name} -n ${namespace}`);
  } finally {
    progress.done();
    stop.abort();
  }
}

/** Says a line only when it differs from the one before. */
function teller(say: (line: string) => void): (parts: readonly string[]) => void {
  let last = "";
  return (parts) => {
    const line = parts
      .filter((part) => part !== "")
      .join("; ")
      .replaceAll(/\s+/g, " ");
    if (line !== last) say(line);
    last = line;
  };
}

function selectorOf(object: KubeObject, kind: NimKind): string {
  const [own = "", onKserve = own] = podSelectorsOf({ kind, name: nameOf(object) });
  return textAt(object, "spec", "inferencePlatform") === "kserve" ? onKserve : own;
}

/** `pod llm-1: ImagePullBackOff` for each pod that waits for something. */
function podReasons(pods: readonly KubeObject[]): string {
  return pods
    .filter(isOwnPod)
    .flatMap((pod) => {
      const reason = podReason(pod);
      return reason === "" ? [] : [`pod ${nameOf(pod)}: ${reason}`];
    })
    .slice(0, MOST_PODS)
    .join("; ");
}

/** More than fits into a line. */
const MOST_PODS = 4;

function podReason(pod: KubeObject): string {
  const waiting = [...listAt(pod, "status", "initContainerStatuses"), ...listAt(pod, "status", "containerStatuses")]
    .map((container) => textAt(container, "state", "waiting", "reason"))
    .find((reason) => reason !== "" && !CALM.includes(reason));
  if (waiting !== undefined) return waiting;
  const scheduled = listAt(pod, "status", "conditions").find(
    (condition) => textAt(condition, "type") === "PodScheduled",
  );
  return textAt(scheduled, "status") === "False"
    ? `${textAt(scheduled, "reason")}: ${textAt(scheduled, "message")}`
    : "";
}

/** What every pod goes through. */
const CALM = ["ContainerCreating", "PodInitializing"];

function withNextStep(error: unknown, command: string): unknown {
  if (!(error instanceof SlipwayError) || !["ANSWER_IS_NO", "TIMED_OUT"].includes(error.code)) return error;
  return new SlipwayError(error.code, error.message, { hint: `Find out why: ${command}`, cause: error });
}
