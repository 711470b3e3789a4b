import { nameOf, type KubeObject } from "@slipway/kube";
import { pause, type AgentDeps } from "./deps.ts";

/** Milliseconds that the end of a log is waited for once the Job has ended. */
const REST_MS = 2000;
/** A longer line is passed on in parts. */
const LONGEST_LINE = 64 * 1024;

/** A log that is passed on line by line. */
export interface FollowedLog {
  /** Settles when the log has ended, at the latest two seconds after this is asked for. */
  readonly finished: Promise<void>;
}

/** Passes the log of a pod's container on until it ends or the signal is aborted. A log that breaks off is no failure. */
export function followLog(
  deps: AgentDeps,
  job: { readonly namespace: string; readonly node: string | undefined },
  pod: KubeObject,
  signal: AbortSignal,
): FollowedLog {
  const ended = passOn(deps, job, pod, signal).catch(() => undefined);
  return {
    get finished() {
      const over = new AbortController();
      return Promise.race([ended, pause({}, REST_MS, over.signal)]).finally(() => over.abort());
    },
  };
}

async function passOn(
  { client, onLog }: AgentDeps,
  { namespace, node }: { readonly namespace: string; readonly node: string | undefined },
  pod: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  const tell = (line: string): void => onLog?.(line.replace(/\r$/, ""), node);
  try {
    for await (const chunk of client.logs(nameOf(pod), { namespace, follow: true, signal })) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(tell);
      if (rest.length <= LONGEST_LINE) continue;
      tell(rest);
      rest = "";
    }
  } finally {
    if (rest !== "") tell(rest);
  }
}
