import type { LineFormat } from "./line-stream.ts";
import type { PodContainer } from "./containers.ts";
import { ContainerRun } from "./container-run.ts";
import type { FollowDeps, LogNotes, LogStart } from "./log-deps.ts";

/** How often the state of a container is looked at when no news of it come, milliseconds. */
const LOOK_MS = 1000;

/**
 * Writes the log of a container as it comes, of each of its restarts, until its pod is gone or will say no more. A
 * connection that breaks off is taken up where it was; what cannot be read for good is told.
 */
export async function followContainer(
  deps: FollowDeps,
  container: PodContainer,
  format: LineFormat,
  start: LogStart,
): Promise<void> {
  const { board, timer, signal } = deps;
  let done = -1;
  let from = start;
  let told = "";
  while (!signal.aborted) {
    const now = board.find(container);
    if (now === undefined) return;
    if (now.phase !== "waiting" && now.restarts > done) {
      if (!(await new ContainerRun(deps, now, { format, start: from, mode: "follow" }).read())) return;
      done = now.restarts;
      // What a container writes after a restart is new, however much was asked for.
      from = {};
      continue;
    }
    if (now.isOver) return;
    told = tellReason(deps.notes, now, told);
    await board.changed(timer, LOOK_MS, signal);
  }
}

const ORDINARY: ReadonlySet<string> = new Set(["", "ContainerCreating", "PodInitializing"]);

/** Says once why there is nothing to read. */
function tellReason(notes: LogNotes, { pod, container, reason, message }: PodContainer, told: string): string {
  if (ORDINARY.has(reason) || reason === told) return told;
  notes.note(`${pod}/${container} waits: ${reason}${message === "" ? "" : `: ${message}`}`);
  return reason;
}
