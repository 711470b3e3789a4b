import { REDACTED, isSecret, isSecretName, redactText } from "@slipway/base/redact";

/** Where a key in PEM begins, and where it ends; what is between is the secret. */
const KEY_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/;
const KEY_END = /-----END [A-Z0-9 ]{0,40}-----/;
/** A key has no more lines than this: what does not end is not held back for ever. */
const MOST_KEY_LINES = 400;
/** A line without end is given out in pieces of this size (UTF-16 units). */
const MOST_LINE = 1 << 20;
/** The first line of a pair `- name: X`, `value: Y`, of which the name tells whether the value is a secret; a time may be before it. */
const PAIR_NAME = /(?:^|[\s{"-])(?:name|key)"?:\s*"?([^\s",]+)"?,?\s*$/;
/** The second line. */
const PAIR_VALUE = /^(.*(?:^|[\s{"])value"?:\s*"?)([^\s"].*?)("?[,}]?\s*)$/;
/** A value that stands on the lines below (YAML, block scalars). */
const BLOCK = /^[|>][+-]?\d?$/;
/** A name on a longer line is no name of a pair. */
const LONGEST_NAME = 256;
/** As many empty lines may stand between name and value. */
const MOST_BETWEEN = 5;

/**
 * The text of a log without secrets, line by line with a prefix. A private key is taken out over all its lines, and the
 * value below a name that stands on a line of its own is judged by that name.
 *
 * @param taken is told how many bytes were read
 */
export async function* cleanLines(
  chunks: AsyncIterable<Uint8Array>,
  prefix: string,
  taken: (bytes: number) => void,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  const cleaner = new LineCleaner(prefix);
  let rest = "";
  for await (const chunk of chunks) {
    taken(chunk.length);
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    while (rest.length > MOST_LINE) {
      // Up to a space: a secret must not be cut in two, which would hide it.
      const at = rest.lastIndexOf(" ", MOST_LINE);
      const end = at > MOST_LINE / 2 ? at + 1 : MOST_LINE;
      lines.push(rest.slice(0, end));
      rest = rest.slice(end);
    }
    const text = lines.map((line) => cleaner.take(line)).join("");
    if (text !== "") yield text;
  }
  const last = rest + decoder.decode();
  const text = (last === "" ? "" : cleaner.take(last)) + cleaner.end();
  if (text !== "") yield text;
}

/** A name whose value may stand on the next line that is not empty. */
interface Held {
  readonly name: string;
  readonly lines: readonly string[];
}

class LineCleaner {
  readonly #prefix: string;
  #held: Held | undefined;
  #keyLines = 0;
  /** Whether the line that comes is the value of a secret. */
  #isValue = false;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  take(line: string): string {
    if (this.#keyLines > 0) return this.#inKey(line);
    const isValue = this.#isValue;
    this.#isValue = false;
    if (isValue && !KEY_BEGIN.test(line)) return this.#shown(line.replace(/\S.*$/, REDACTED));
    const held = this.#held;
    if (held !== undefined && line.trim() === "" && held.lines.length <= MOST_BETWEEN) {
      this.#held = { ...held, lines: [...held.lines, line] };
      return "";
    }
    if (held === undefined) return this.#alone(line);
    this.#isValue = isSecretName(held.name) && BLOCK.test(PAIR_VALUE.exec(line)?.[2] ?? "");
    return this.end() + this.#alone(judgedBy(held.name, line));
  }

  /** What is held back and has nothing to wait for any more. */
  end(): string {
    const { lines = [] } = this.#held ?? {};
    this.#held = undefined;
    return lines.map((line) => this.#shown(redactText(line))).join("");
  }

  #alone(line: string): string {
    const name = line.length < LONGEST_NAME ? PAIR_NAME.exec(line)?.[1] : undefined;
    if (name !== undefined) {
      this.#held = { name, lines: [line] };
      return "";
    }
    if (KEY_BEGIN.test(line) && !KEY_END.test(line)) this.#keyLines = 1;
    return this.#shown(redactText(line));
  }

  #inKey(line: string): string {
    const isEnd = KEY_END.test(line);
    this.#keyLines = isEnd || this.#keyLines > MOST_KEY_LINES ? 0 : this.#keyLines + 1;
    return isEnd ? this.#shown(REDACTED) : "";
  }

  #shown(text: string): string {
    return text
      .split("\n")
      .map((line) => `${this.#prefix}${line}\n`)
      .join("");
  }
}

/** A line without the value that stands on it, if the name above makes it a secret. */
function judgedBy(name: string, line: string): string {
  // A key that begins here goes on below: it is told by its first line, which therefore stays as it is.
  if (KEY_BEGIN.test(line)) return line;
  const [, before, value, after = ""] = PAIR_VALUE.exec(line) ?? [];
  if (before === undefined || value === undefined || BLOCK.test(value)) return line;
  return isSecret(name, value) ? `${before}${REDACTED}${after}` : line;
}
