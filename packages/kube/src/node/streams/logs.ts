import type { LogOptions } from "../../api.ts";
import { RESOURCES, resourcePath } from "../../resources.ts";
import type { Transport } from "../transport.ts";

/**
 * The bytes of a container's log as they come; a slow reader slows the server. Ends when the log does, with `follow` when
 * the container has ended. A log that is followed has no time limit unless one is given.
 */
export async function* logs(
  transport: Pick<Transport, "request">,
  pod: string,
  options: LogOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { namespace, signal, follow } = options;
  const response = await transport.request({
    method: "GET",
    path: resourcePath(RESOURCES.pods, { namespace, name: pod, subresource: "log" }),
    query: queryOf(options),
    signal,
    timeoutMs: options.timeoutMs ?? (follow === true ? 0 : undefined),
  });
  try {
    yield* response.body;
  } finally {
    response.close();
  }
}

function queryOf(options: LogOptions): readonly (readonly [string, string])[] {
  const { container, follow, previous, timestamps, tailLines, sinceSeconds, sinceTime, limitBytes } = options;
  const values = { container, follow, previous, timestamps, tailLines, sinceSeconds, sinceTime, limitBytes };
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => [name, String(value)]);
}
