import { SlipwayError, type Task } from "@slipway/base";
import { KubeApiError, nameOf, type KubeObject } from "@slipway/kube";
import { containersOf, type PodContainer } from "../logs/containers.ts";
import { fileName } from "./bundle-files.ts";
import { failureOf, type Collector, type FileContent } from "./collector.ts";
import { describe } from "./describe.ts";
import { cleanLines } from "./log-text.ts";
import { redactObject } from "./redact-object.ts";

/** Which lines of logs are wanted. */
export interface LogLimits {
  readonly tailLines?: number | undefined;
  readonly sinceSeconds?: number | undefined;
  readonly sinceTime?: string | undefined;
  /** Of each log. */
  readonly maxBytes: number;
}

/** The files of a pod: how it is, its logs, and those from before the last restart of a container. */
export function podFiles(
  collector: Collector,
  folder: string,
  pod: KubeObject,
  { events, limits }: { readonly events: readonly KubeObject[]; readonly limits: LogLimits },
): readonly Task<void>[] {
  const { namespace = "" } = pod.metadata;
  const name = nameOf(pod);
  const path = `${folder}/${fileName(name)}`;
  const containers = containersOf(pod);
  const restarted = containers.filter(({ restarts }) => restarts > 0);
  const logs = (all: readonly PodContainer[], previous: boolean) => async (): Promise<FileContent> =>
    logContent(collector, all, limits, previous);
  const source = { resource: "pods", namespace, name } as const;
  const previous =
    restarted.length === 0
      ? []
      : [collector.file(`${path}.previous.log`, { verb: "logs", ...source }, logs(restarted, true))];
  return [
    collector.file(`${path}.log`, { verb: "logs", ...source }, logs(containers, false)),
    ...previous,
    collector.file(`${path}.descr`, { verb: "get", ...source }, async () => ({
      content: describe(redactObject({ ...pod, apiVersion: "v1", kind: "Pod" }), events, collector.deps.now),
      objects: 1,
    })),
  ];
}

/** The logs of all containers, one after the other, each line with `[pod/POD/CONTAINER]` as kubectl's --prefix has it. */
function logContent(
  collector: Collector,
  containers: readonly PodContainer[],
  limits: LogLimits,
  previous: boolean,
): FileContent {
  const failures: { readonly reason: string; readonly code: string }[] = [];
  const cut: string[] = [];
  const silent: string[] = [];
  async function* read(): AsyncGenerator<string, void, undefined> {
    for (const container of containers) {
      let bytes = 0;
      try {
        yield* containerLines(collector, container, limits, previous, (count) => (bytes += count));
        if (bytes >= limits.maxBytes) cut.push(container.container);
      } catch (error) {
        collector.deps.signal.throwIfAborted();
        if (!(error instanceof SlipwayError)) throw error;
        // Nothing has run yet, or what has run is cleared away: there is no log that could be missing.
        if (hasNoLog(error, container, previous)) {
          silent.push(container.container);
          continue;
        }
        const { reason, code } = failureOf(error);
        failures.push({ reason: `${container.container}: ${reason}`, code });
      }
    }
  }
  return {
    content: read(),
    outcome: () => {
      const [first] = failures;
      if (first !== undefined)
        return { status: "failed", reason: failures.map(({ reason }) => reason).join("; "), code: first.code };
      if (cut.length === 0 && silent.length === 0) return { status: "complete" };
      if (cut.length === 0) return { status: "complete", reason: `${silent.join(", ")}: there is no log` };
      return { status: "cut", reason: `${cut.join(", ")}: only the first ${limits.maxBytes} bytes` };
    },
  };
}

function hasNoLog(error: SlipwayError, { phase }: PodContainer, previous: boolean): boolean {
  return error instanceof KubeApiError && error.status === 400 && (previous || phase === "waiting");
}

function containerLines(
  { deps: { api, signal } }: Collector,
  { namespace, pod, container }: PodContainer,
  { maxBytes, ...lines }: LogLimits,
  previous: boolean,
  taken: (bytes: number) => void,
): AsyncIterable<string> {
  const chunks = api.logs(pod, {
    namespace,
    container,
    previous,
    ...lines,
    limitBytes: maxBytes,
    timeoutMs: 0,
    signal,
  });
  return cleanLines(chunks, `[pod/${pod}/${container}] `, taken);
}
