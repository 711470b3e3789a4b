import { redactText } from "@slipway/base/redact";
import { KubeApiError, type KubeStreams } from "@slipway/kube";
import { caseOf, fallenContainers } from "./case.ts";
import type { ContainerState } from "../related/container-states.ts";
import type { ContainerLog, Facts } from "./facts.ts";

/** How much of a log is read, of how many containers. */
const MOST = { lines: 40, bytes: 64 * 1024, containers: 3 } as const;

/**
 * The last lines of the containers that ended badly. A log that is gone, or must not be read, is left out.
 *
 * @throws SlipwayError UNAVAILABLE, TIMED_OUT, or what `signal` was aborted with
 */
export async function readLogs(
  client: Pick<KubeStreams, "logs">,
  facts: Omit<Facts, "logs">,
  signal: AbortSignal | undefined,
): Promise<readonly ContainerLog[]> {
  const fallen = fallenContainers(caseOf({ ...facts, logs: [] })).slice(0, MOST.containers);
  const logs = await Promise.all(fallen.map((container) => readLog(client, facts.namespace, container, signal)));
  return logs.filter(({ lines }) => lines.length > 0);
}

async function readLog(
  client: Pick<KubeStreams, "logs">,
  namespace: string,
  { pod, name, hasEnded }: ContainerState,
  signal: AbortSignal | undefined,
): Promise<ContainerLog> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    const options = { namespace, container: name, previous: !hasEnded, tailLines: MOST.lines, limitBytes: MOST.bytes };
    for await (const chunk of client.logs(pod, { ...options, signal })) text += decoder.decode(chunk, { stream: true });
  } catch (error) {
    if (!(error instanceof KubeApiError)) throw error;
  }
  const lines = redactText(text + decoder.decode())
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  return { pod, container: name, lines };
}
