import { SlipwayError } from "@slipway/base";
import { podsOf } from "../related/pods.ts";
import { ContainerRun } from "./container-run.ts";
import type { PodContainer } from "./containers.ts";
import { chosen, noPods } from "./find-targets.ts";
import type { StreamWork } from "./follow-all.ts";
import { LineSink } from "./line-sink.ts";
import { PodBoard } from "./pod-board.ts";
import type { FoundTarget, StreamOptions } from "./stream-logs.ts";

/**
 * Writes what the logs hold now, one container after the other, in the order of their pods and of their start.
 *
 * @returns how many containers were read
 */
export async function readAll(
  { onGone, ...work }: StreamWork,
  targets: readonly FoundTarget[],
  { containers, mode, start, formatOf }: StreamOptions,
): Promise<number> {
  const { api, output, notes, timer, signal } = work;
  const board = new PodBoard();
  for (const { address, object } of targets) {
    const pods = await podsOf(api, address, signal);
    if (pods.length === 0) throw noPods(address, object);
    for (const pod of pods) board.tell({ type: "added", object: pod });
  }
  const sink = new LineSink(output, timer, signal, onGone);
  const wanted = readable(chosen(board.containers(), containers), mode, (text) => notes.note(text));
  const how = mode === "previous" ? "previous" : "once";
  for (const container of wanted) {
    signal.throwIfAborted();
    const options = { format: formatOf(container), start, mode: how } as const;
    await new ContainerRun({ api, board, sink, notes, timer, signal }, container, options).read();
  }
  return wanted.length;
}

function readable(
  all: readonly PodContainer[],
  mode: StreamOptions["mode"],
  note: (text: string) => void,
): readonly PodContainer[] {
  if (mode === "previous") {
    const restarted = all.filter(({ restarts }) => restarts > 0);
    if (restarted.length > 0) return restarted;
    throw new SlipwayError("NOT_FOUND", "no container was started anew, so there is no log from before", {
      hint: "Leave --previous out to see the log of the present run.",
    });
  }
  for (const { pod, container, phase, reason, message } of all) {
    const why = [reason, message].filter((part) => part !== "").join(": ");
    if (phase === "waiting") note(`${pod}/${container} has not started${why === "" ? "" : `: ${why}`}`);
  }
  return all.filter(({ phase }) => phase !== "waiting");
}
