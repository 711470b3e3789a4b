import type { SlipwayError } from "@slipway/base";
import type { KubeStreams, LogOptions, Timer } from "@slipway/kube";
import type { PodContainer } from "./containers.ts";
import type { LineSink } from "./line-sink.ts";
import type { PodBoard } from "./pod-board.ts";

/** Which lines are wanted of a log that is there already. */
export type LogStart = Pick<LogOptions, "tailLines" | "sinceSeconds" | "sinceTime">;

/** What is told to people beside the lines. */
export interface LogNotes {
  /** A log cannot be read; unless that is final, it is tried again. */
  failed(container: PodContainer, error: SlipwayError, isFinal: boolean): void;
  note(text: string): void;
}

/** What following a container takes. */
export interface FollowDeps {
  readonly api: Pick<KubeStreams, "logs">;
  readonly board: PodBoard;
  readonly sink: LineSink;
  readonly notes: LogNotes;
  readonly timer: Timer;
  readonly signal: AbortSignal;
}
