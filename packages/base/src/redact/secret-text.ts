import { REDACTED } from "./marker.ts";
import { isSecret, isSecretName, maybeSecretName } from "./secret-name.ts";
import { SHAPES, maybeSecretShape } from "./secret-shapes.ts";

/**
 * Takes secrets out of text, whatever it is: a command line, environment assignments, an address, lines of a file. What is
 * around them stays.
 */
export function redactText(text: string): string {
  const clean = maybeSecretShape(text) ? redactShapes(text) : text;
  if (!maybeSecretName(clean)) return clean;
  return redactAssignments(clean.replace(YAML_PAIR, redactPair));
}

function redactShapes(text: string): string {
  let clean = text;
  for (const { hint, pattern, replace } of SHAPES) if (hint.test(clean)) clean = clean.replace(pattern, replace);
  return clean;
}

/** `- name: NGC_API_KEY` and, below it, `value: …`. */
const YAML_PAIR =
  /((?:^|\n)[ \t-]{0,64}(?:name|key):[ \t]{0,8}["']?([\w.-]{1,128})["']?[ \t]{0,8}\r?\n[ \t]{0,64}value:[ \t]{0,8}["']?)([^\r\n"']+)/g;

function redactPair(all: string, head: string, name: string, value: string): string {
  return isSecret(name, value) ? `${head}${REDACTED}` : all;
}

/**
 * `NAME=value`, `--name value`, `name: value`, and `"NAME=value with spaces"`. The value reaches to the closing quote, or
 * to the next space: a secret may hold commas, so what follows one is not trusted.
 */
const ASSIGNMENT =
  /(?<![\w.-])(?<quote>["']?)(?<name>-{0,2}[A-Za-z_][\w.-]{0,127})(?<link>["']?[ \t]{0,4}[=:][ \t]{0,4}|[ \t]{1,4}(?!-))(?=\S)/g;

function redactAssignments(text: string): string {
  const parts: string[] = [];
  let done = 0;
  ASSIGNMENT.lastIndex = 0;
  for (let match = ASSIGNMENT.exec(text); match !== null; match = ASSIGNMENT.exec(text)) {
    // Without a secret the search goes on in the value, which may be an assignment itself: Environment=TOKEN=abc.
    const secret = secretIn(text, match);
    if (secret === undefined) continue;
    parts.push(text.slice(done, secret.from), REDACTED);
    done = secret.to;
    ASSIGNMENT.lastIndex = secret.to;
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(done);
}

interface Extent {
  readonly from: number;
  readonly to: number;
}

function secretIn(text: string, match: RegExpExecArray): Extent | undefined {
  const { name = "", link = "", quote = "" } = match.groups ?? {};
  const assigns = name.startsWith("-") || /[=:]/.test(link);
  if (!assigns || !isSecretName(name)) return undefined;
  const start = match.index + match[0].length;
  const extent = valueExtent(text, start, { name, link, quote, before: text[match.index - 1] ?? "" });
  return isSecret(name, text.slice(extent.from, extent.to)) ? extent : undefined;
}

interface Assignment {
  readonly name: string;
  readonly link: string;
  /** The quote that stands before the name, and is not closed behind it: it encloses name and value. */
  readonly quote: string;
  /** The sign before. */
  readonly before: string;
}

function valueExtent(text: string, start: number, { name, link, quote, before }: Assignment): Extent {
  const sign = text[start] ?? "";
  if (sign === '"' || sign === "'") return { from: start + 1, to: closing(text, start + 1, sign) };
  if (quote !== "" && !link.startsWith(quote)) return { from: start, to: closing(text, start, quote) };
  // A header's value goes on after the name of its scheme.
  if (/authorization$/i.test(name) || /cookie$/i.test(name))
    return { from: start, to: endOf(text, start, /["'\r\n]/g) };
  return { from: start, to: endOf(text, start, before === "?" || before === "&" ? /[\s"'&#]/g : /[\s"']/g) };
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

function endOf(text: string, from: number, stop: RegExp): number {
  stop.lastIndex = from;
  return stop.exec(text)?.index ?? text.length;
}
