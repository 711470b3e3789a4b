import { compareStamps, stampEnd } from "./stamp.ts";

/** How lines are shown. */
export interface LineFormat {
  /** What stands before each line; empty for nothing. */
  readonly prefix: string;
  /** Whether the time that the kubelet gives each line is shown. */
  readonly timestamps: boolean;
  /** Makes the text of a line safe for where it is shown; absent: its bytes go through as they are. */
  readonly render?: ((text: string) => string) | undefined;
}

/** How far a log has been read: the time of the last line, and how many lines in a row had it. */
export interface LogPosition {
  readonly time: string;
  readonly count: number;
}

/** A line is held back until its end is there, up to so many bytes. */
const MOST_HELD = 1 << 20;
const NEWLINE = 10;
const NOTHING = new Uint8Array(0);

/**
 * Takes the bytes of a log apart into lines and puts a prefix before each. The log must come with times: by them a
 * connection that broke off is taken up again without losing or repeating a line. What is longer than 1 MiB is given out
 * in pieces, each on a line of its own, so that no line costs more memory than that.
 */
export class LineStream {
  readonly #format: LineFormat;
  readonly #prefix: Uint8Array;
  readonly #stamp = new Uint8Array(64);
  #stampLength = 0;
  #count = 0;
  #rest: Uint8Array = NOTHING;
  /** The time of the line whose first pieces are out already. */
  #open: string | undefined;
  /** Bytes of the text of an open line that are out. */
  #given = 0;
  /** Bytes of the next line's text that were out before the connection broke off. */
  #owed = 0;
  /** Whether the line that is being read was given out before. */
  #isHidden = false;
  #seek: { readonly time: string; left: number } | undefined;
  #out: Uint8Array = NOTHING;
  #size = 0;

  constructor(format: LineFormat) {
    this.#format = format;
    this.#prefix = new TextEncoder().encode(format.prefix);
  }

  /** Where reading goes on; nothing before the first line. */
  get position(): LogPosition | undefined {
    if (this.#stampLength === 0) return undefined;
    return { time: decode(this.#stamp.subarray(0, this.#stampLength)), count: this.#count };
  }

  /** The connection broke off: the log comes anew from the second of {@link position} on, which skips what is known. */
  resume(): void {
    this.#rest = NOTHING;
    this.#owed = this.#open === undefined ? this.#owed : this.#given;
    this.#open = undefined;
    this.#given = 0;
    this.#isHidden = false;
    const { position } = this;
    this.#seek = position === undefined ? undefined : { time: position.time, left: position.count };
  }

  /** @returns the lines that end in the chunk; what is behind the last one is kept */
  push(chunk: Uint8Array): Uint8Array {
    const data = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk);
    this.#begin(data.length);
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end >= 0; end = data.indexOf(NEWLINE, start)) {
      this.#line(data, start, end, true);
      start = end + 1;
    }
    if (data.length - start > MOST_HELD) {
      const end = signStart(data, data.length);
      this.#line(data, start, end, false);
      start = end;
    }
    // A copy: the chunk itself may be used again by whoever gave it.
    this.#rest = start === data.length ? NOTHING : data.slice(start);
    return this.#taken();
  }

  /** @returns the last line, if it had no end */
  end(): Uint8Array {
    this.#begin(this.#rest.length);
    if (this.#rest.length > 0) this.#line(this.#rest, 0, this.#rest.length, true);
    this.#rest = NOTHING;
    return this.#taken();
  }

  #line(data: Uint8Array, start: number, end: number, isWhole: boolean): void {
    const isFirst = this.#open === undefined;
    const space = isFirst ? stampEnd(data, start, end) : -1;
    if (isFirst && space >= 0 && this.#seek !== undefined)
      this.#isHidden = this.#skips(decode(data.subarray(start, space)));
    const text = space < 0 || this.#format.timestamps ? start : space + 1;
    if (!this.#isHidden) this.#show(data, text, end);
    if (isWhole) return this.#close(data, start, space);
    this.#given += end - text;
    this.#open ??= space < 0 ? "" : decode(data.subarray(start, space));
  }

  /** Whether a line of this time was given out before the connection broke off. */
  #skips(time: string): boolean {
    const seek = this.#seek;
    if (seek === undefined) return false;
    const order = compareStamps(time, seek.time);
    if (order > 0) {
      this.#seek = undefined;
      return false;
    }
    if (time === seek.time && --seek.left <= 0) this.#seek = undefined;
    return true;
  }

  /** A line is out whole: it counts as known. */
  #close(data: Uint8Array, start: number, space: number): void {
    const open = this.#open;
    if (this.#isHidden) this.#isHidden = false;
    else {
      this.#owed = 0;
      if (space >= 0) this.#remember(data, start, space);
      else if (open !== undefined && open !== "") this.#remember(new TextEncoder().encode(open), 0, open.length);
    }
    this.#open = undefined;
    this.#given = 0;
  }

  #remember(data: Uint8Array, start: number, end: number): void {
    const length = end - start;
    let same = length === this.#stampLength;
    // The last digits differ most often.
    for (let at = length - 1; same && at >= 0; at--) same = this.#stamp[at] === data[start + at];
    if (same) {
      this.#count++;
      return;
    }
    for (let at = 0; at < length; at++) this.#stamp[at] = data[start + at] ?? 0;
    this.#stampLength = length;
    this.#count = 1;
  }

  #show(data: Uint8Array, start: number, end: number): void {
    const known = Math.min(this.#owed, end - start);
    this.#owed -= known;
    // The end of a line whose pieces are all out.
    if (start + known === end && (known > 0 || this.#open !== undefined)) return;
    const { render } = this.#format;
    const shown = data.subarray(start + known, end);
    this.#append(this.#prefix);
    this.#append(render === undefined ? shown : new TextEncoder().encode(render(decode(shown))));
    this.#append(LINE_END);
  }

  #begin(length: number): void {
    this.#out = new Uint8Array(length + 16 * this.#prefix.length + 1024);
    this.#size = 0;
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#size + bytes.length;
    if (needed > this.#out.length) {
      const larger = new Uint8Array(Math.max(needed, this.#out.length * 2));
      larger.set(this.#out.subarray(0, this.#size));
      this.#out = larger;
    }
    this.#out.set(bytes, this.#size);
    this.#size = needed;
  }

  #taken(): Uint8Array {
    const taken = this.#out.subarray(0, this.#size);
    this.#out = NOTHING;
    return taken;
  }
}

const LINE_END = new Uint8Array([NEWLINE]);
const DECODER = new TextDecoder();

function decode(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

/** A piece ends before a sign of UTF-8 that is not whole. */
function signStart(data: Uint8Array, end: number): number {
  for (let at = end - 1; at > end - 4; at--) {
    const byte = data[at] ?? 0;
    if (byte < 0x80) return at + 1;
    if (byte >= 0xc0) return at;
  }
  return end;
}
