import { SlipwayError } from "@slipway/base";
import type { WebSocket } from "ws";
import type { ExecOptions } from "../../api.ts";
import { deferred } from "../../deferred.ts";
import { RESOURCES, resourcePath } from "../../resources.ts";
import type { Transport } from "../transport.ts";
import { onChannel, sendOn } from "./channels.ts";
import { exitStatusOf } from "./exec-status.ts";

/** Newest first; v5 added the message that closes a channel (Kubernetes 1.30 and later). */
const [V5, V4] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const [STDIN, STDOUT, STDERR, STATUS, CLOSE] = [0, 1, 2, 3, 255];

/**
 * Runs a command in a container and passes its output on as it comes.
 *
 * @returns the exit status of the command
 * @throws KubeApiError when the server or the container does not run it; SlipwayError UNAVAILABLE when the connection is
 * lost before the command has ended, or when there is input and the server cannot pass its end on; TIMED_OUT after
 * `timeoutMs`, if that is given
 */
export async function exec(transport: Pick<Transport, "upgrade">, pod: string, options: ExecOptions): Promise<number> {
  const { namespace, stdin, signal, timeoutMs } = options;
  const what = `${options.command[0] ?? ""} in pod ${namespace}/${pod}`;
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signals = [signal, timeout].filter((one) => one !== undefined);
  const stop = new AbortController();
  let run: Run | undefined;
  try {
    const socket = await transport.upgrade({
      path: resourcePath(RESOURCES.pods, { namespace, name: pod, subresource: "exec" }),
      query: queryOf(options),
      protocols: [V5, V4],
      signal: AbortSignal.any([...signals, stop.signal]),
      // A renewed credential opens a second socket: the last one counts.
      onSocket: (opening) => {
        run = listen(opening, options, what);
      },
    });
    if (run === undefined) throw new SlipwayError("BUG", "the transport never told of its socket");
    const ended = run.ended;
    if (stdin !== undefined) feed(socket, stdin, what).catch((error: unknown) => run?.fail(error));
    return await ended;
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout?.aborted === true)
      throw new SlipwayError("TIMED_OUT", `${what}: not ended within ${(timeoutMs ?? 0) / 1000} s`, { cause: error });
    throw error;
  } finally {
    stop.abort();
  }
}

/** A command on its way. */
interface Run {
  readonly ended: Promise<number>;
  fail(error: unknown): void;
}

function listen(socket: WebSocket, options: ExecOptions, what: string): Run {
  const { promise, resolve, reject } = deferred<number>();
  // Whoever opens the socket may fail before it waits for the end.
  promise.catch(() => undefined);
  onChannel(socket, ({ channel, bytes }) => {
    try {
      if (channel === STDOUT) options.onStdout?.(bytes);
      else if (channel === STDERR) options.onStderr?.(bytes);
      else if (channel === STATUS) resolve(exitStatusOf(new TextDecoder().decode(bytes), what));
    } catch (error) {
      reject(error);
    }
  });
  socket.on("close", () =>
    reject(new SlipwayError("UNAVAILABLE", `${what}: the connection was lost before the command had ended`)),
  );
  return { ended: promise, fail: reject };
}

/** Sends the input and its end. */
async function feed(socket: WebSocket, stdin: AsyncIterable<Uint8Array>, what: string): Promise<void> {
  if (socket.protocol !== V5) {
    throw new SlipwayError(
      "UNAVAILABLE",
      `${what}: the API server cannot tell a command that its input has ended: it speaks ${socket.protocol || V4}`,
      { hint: "Kubernetes can since 1.30; on an older cluster run the command without input." },
    );
  }
  for await (const bytes of stdin) {
    if (socket.readyState !== socket.OPEN) return;
    await sendOn(socket, STDIN, bytes);
  }
  if (socket.readyState === socket.OPEN) await sendOn(socket, CLOSE, Uint8Array.of(STDIN));
}

function queryOf({ command, container, stdin, tty = false }: ExecOptions): readonly (readonly [string, string])[] {
  return [
    ...(container === undefined ? [] : [["container", container] as const]),
    ...command.map((word) => ["command", word] as const),
    ["stdin", String(stdin !== undefined)],
    ["stdout", "true"],
    // A terminal has one output for both.
    ["stderr", String(!tty)],
    ["tty", String(tty)],
  ];
}
