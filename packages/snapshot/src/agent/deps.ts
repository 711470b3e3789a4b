import type { Clock } from "@slipway/base";
import type { KubeApi, KubeStreams } from "@slipway/kube";

/** What is told while an agent runs, for standard error. */
export interface AgentProgress {
  /**
   * `step`: what is done now; `waiting`: what is waited for, told when it changes; `note`: what stays in the cluster;
   * `warning`: what should be looked at.
   */
  readonly kind: "step" | "waiting" | "note" | "warning";
  readonly message: string;
  /** The node that it is about, in a run with several. */
  readonly node?: string | undefined;
}

/** What the agent works with. */
export interface AgentDeps {
  readonly client: Pick<KubeApi, "get" | "list" | "create" | "delete"> & Pick<KubeStreams, "logs">;
  readonly clock: Clock;
  /** From 0 to 1, as Math.random gives it. */
  readonly random: () => number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted; must not keep the process alive. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** Aborted at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: AgentProgress) => void) | undefined;
  /** A line of an agent's log, without its end. */
  readonly onLog?: ((line: string, node: string | undefined) => void) | undefined;
}

/** Waits; see {@link AgentDeps.sleep}. */
export async function pause(deps: Pick<AgentDeps, "sleep">, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (deps.sleep !== undefined) return deps.sleep(milliseconds, signal);
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
  });
}
