import { ApiFailure } from "./failure.ts";
import type { Reply } from "./reply.ts";
import type { ObjectRequest } from "./request.ts";

/** The log of a container, written by a test. */
export interface LogWriter {
  /**
   * Adds text as it is; lines end with a newline.
   *
   * @param time of the lines that begin in it, RFC 3339; the present unless given
   */
  write(text: string, time?: string): void;
  /** The container has ended: who follows the log sees its end. */
  end(): void;
  /** The container has ended and starts anew: its log so far is the previous one. @returns that of the new container */
  restart(): LogWriter;
}

interface LineStart {
  readonly at: number;
  readonly time: string;
}

class Log implements LogWriter {
  text = "";
  hasEnded = false;
  readonly #starts: LineStart[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #successor: (log: Log) => Log;

  /** @param successor makes the log of the next container, and keeps this one as the previous */
  constructor(successor: (log: Log) => Log) {
    this.#successor = successor;
  }

  restart(): Log {
    this.end();
    return this.#successor(this);
  }

  write(text: string, time: string = now()): void {
    let at = this.text.length;
    const isNew = at === 0 || this.text.endsWith("\n");
    for (const [index, line] of text.split(/(?<=\n)/).entries()) {
      if (line !== "" && (index > 0 || isNew)) this.#starts.push({ at, time });
      at += line.length;
    }
    this.text += text;
    this.#tell();
  }

  /** The text from a place on, with the time before each line that begins there if wanted. */
  from(place: number, timestamps: boolean): string {
    if (!timestamps) return this.text.slice(place);
    const parts: string[] = [];
    let done = place;
    for (const { at, time } of this.#starts) {
      if (at < place) continue;
      parts.push(this.text.slice(done, at), time, " ");
      done = at;
    }
    return parts.join("") + this.text.slice(done);
  }

  /** Where the lines begin that a request wants. */
  placeOf(query: URLSearchParams): number {
    const since = sinceOf(query);
    const wanted = since === undefined ? this.#starts : this.#starts.filter(({ time }) => Date.parse(time) >= since);
    const tail = query.get("tailLines");
    const first = tail === null ? wanted[0] : wanted.at(Math.max(-wanted.length, -Number(tail)));
    return tail === "0" || first === undefined ? this.text.length : first.at;
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
    const place = `${namespace}/${pod}/${container}`;
    const log = this.#logs.get(`${place}/${previous}`) ?? new Log((ended) => this.#next(place, ended));
    this.#logs.set(`${place}/${previous}`, log);
    return log;
  }

  #next(place: string, ended: Log): Log {
    const log = new Log((last) => this.#next(place, last));
    this.#logs.set(`${place}/true`, ended);
    this.#logs.set(`${place}/false`, log);
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
    const timestamps = query.get("timestamps") === "true";
    const sent = log.text.length;
    const goesOn = await reply.write(cut(log.from(log.placeOf(query), timestamps), query));
    const follows = goesOn && query.get("follow") === "true";
    const isWanted = follows ? await follow(log, { from: sent, timestamps }, reply) : goesOn;
    if (isWanted) reply.end();
  }

  /** Tests need not name the container where there is only one. */
  #find(namespace: string, pod: string, container: string, previous: boolean): Log {
    const named = this.#logs.get(`${namespace}/${pod}/${container}/${previous}`);
    return named ?? this.of(namespace, pod, "", previous);
  }
}

/** @returns whether the client is still there at the end */
async function follow(
  log: Log,
  { from, timestamps }: { readonly from: number; readonly timestamps: boolean },
  reply: Reply,
): Promise<boolean> {
  let sent = from;
  for (;;) {
    if (sent === log.text.length && log.hasEnded) return true;
    if (sent === log.text.length) await log.changed(reply);
    const more = log.from(sent, timestamps);
    sent = log.text.length;
    if (!(await reply.write(more))) return false;
  }
}

/** Whole seconds: the API server passes no fractions on to the kubelet. Milliseconds. */
function sinceOf(query: URLSearchParams): number | undefined {
  const [time, seconds] = [query.get("sinceTime"), query.get("sinceSeconds")];
  if (time !== null) return Math.floor(Date.parse(time) / 1000) * 1000;
  return seconds === null ? undefined : Date.now() - Number(seconds) * 1000;
}

function cut(text: string, query: URLSearchParams): string {
  const most = query.get("limitBytes");
  return most === null ? text : Buffer.from(text).subarray(0, Number(most)).toString();
}

/** With nine digits, as kubelets write it. */
function now(): string {
  return new Date().toISOString().replace("Z", "000000Z");
}
