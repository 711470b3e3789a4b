import { ApiFailure } from "./failure.ts";
import type { Reply } from "./reply.ts";
import type { ObjectRequest } from "./request.ts";

/** The log of a container, written by a test. */
export interface LogWriter {
  /** Adds text as it is; lines end with a newline. */
  write(text: string): void;
  /** The container has ended: who follows the log sees its end. */
  end(): void;
}

class Log implements LogWriter {
  text = "";
  hasEnded = false;
  readonly #listeners = new Set<() => void>();

  write(text: string): void {
    this.text += text;
    this.#tell();
  }

  end(): void {
    this.hasEnded = true;
    this.#tell();
  }

  /** @returns when there is more, when the log has ended, or when nobody listens any more */
  changed(reply: Reply): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done);
        resolve();
      };
      this.#listeners.add(done);
      reply.onClose(done);
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The logs of a cluster. */
export class Logs {
  readonly #logs = new Map<string, Log>();

  /** @param container the only one of its pod unless given */
  of(namespace: string, pod: string, container = "", previous = false): Log {
    const key = `${namespace}/${pod}/${container}/${previous}`;
    const log = this.#logs.get(key) ?? new Log();
    this.#logs.set(key, log);
    return log;
  }

  /** Sends a log, and with `follow` what is written until it ends. */
  async send({ target, query }: ObjectRequest, reply: Reply): Promise<void> {
    const container = query.get("container") ?? "";
    const previous = query.get("previous") === "true";
    const log = this.#find(target.namespace, target.name, container, previous);
    if (previous && log.text === "")
      throw new ApiFailure(
        "BadRequest",
        `previous terminated container "${container}" in pod "${target.name}" not found`,
      );
    reply.start(200, { "content-type": "text/plain" });
    const sent = log.text.length;
    const goesOn = await reply.write(shown(log.text, query));
    const isWanted = goesOn && query.get("follow") === "true" ? await follow(log, sent, reply) : goesOn;
    if (isWanted) reply.end();
  }

  /** Tests need not name the container where there is only one. */
  #find(namespace: string, pod: string, container: string, previous: boolean): Log {
    const named = this.#logs.get(`${namespace}/${pod}/${container}/${previous}`);
    return named ?? this.of(namespace, pod, "", previous);
  }
}

/** @returns whether the client is still there at the end */
async function follow(log: Log, from: number, reply: Reply): Promise<boolean> {
  let sent = from;
  for (;;) {
    if (sent === log.text.length && log.hasEnded) return true;
    if (sent === log.text.length) await log.changed(reply);
    const more = log.text.slice(sent);
    sent += more.length;
    if (!(await reply.write(more))) return false;
  }
}

function shown(text: string, query: URLSearchParams): string {
  const tail = query.get("tailLines");
  const lines = text.split(/(?<=\n)/);
  const kept = tail === null ? text : lines.slice(Math.max(0, lines.length - Number(tail))).join("");
  const most = query.get("limitBytes");
  return most === null ? kept : Buffer.from(kept).subarray(0, Number(most)).toString();
}
