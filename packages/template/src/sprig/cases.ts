import { signsOf } from "../utf8.ts";

/** Blanks, `_` and `-` join words. */
const CONNECTOR = /[\s_-]/u;

type WordKind = "connector" | "punctuation" | "upper" | "letters" | "number" | "other" | "none";

interface Word {
  readonly kind: WordKind;
  readonly text: string;
}

/** One word of each kind; the last capital of a row starts the next word when small letters follow it. */
const WORDS =
  /(?<connector>[\s_-]+)|(?<punctuation>(?:(?![_-])\p{P})+)|(?<upper>\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}\p{Ll}+|\p{Lu}+)|(?<letters>\p{Ll}+)|(?<number>\p{N}+)|(?<other>[^\s_\-\p{P}\p{Lu}\p{Ll}\p{N}]+)/gu;

const KINDS = ["connector", "punctuation", "upper", "letters", "number", "other"] as const;
const NO_WORD: Word = { kind: "none", text: "" };

function wordsOf(text: string): readonly Word[] {
  return Array.from(text.matchAll(WORDS)).map((match) => ({
    kind: KINDS.find((kind) => match.groups?.[kind] !== undefined) ?? "other",
    text: match[0],
  }));
}

/** Sprig's `snakecase`: `HTTPServer` is `http_server`, `http2xx` is `http_2xx`, `Bld4Floor` is `bld4_floor`. */
export function snakeCase(text: string): string {
  return joinWords(text, "_");
}

/** Sprig's `kebabcase`: as `snakeCase`, with `-`. */
export function kebabCase(text: string): string {
  return joinWords(text, "-");
}

/**
 * A number belongs to the word before it, unless small letters follow the number: then it starts a word that goes on
 * as long as letters and numbers do (huandu/xstrings, ToSnakeCase).
 */
function joinWords(text: string, connector: string): string {
  const words = wordsOf(text);
  const at = (index: number): Word => words[index] ?? NO_WORD;
  let joined = "";
  let index = 0;
  const take = (): void => {
    const { kind, text: word } = at(index++);
    joined += kind === "connector" ? connector.repeat(signsOf(word).length) : word.toLowerCase();
  };
  const takeRun = (): void => {
    while (at(index).kind === "letters" || at(index).kind === "number") take();
  };
  const separate = (): void => {
    if (!["none", "connector", "punctuation"].includes(at(index).kind)) joined += connector;
  };
  while (index < words.length) {
    const { kind } = at(index);
    take();
    if (kind === "connector" || kind === "punctuation") continue;
    if (kind === "number") {
      takeRun();
    } else if (at(index).kind === "number" && at(index + 1).kind === "letters") {
      joined += connector;
      takeRun();
    } else if (at(index).kind === "number") {
      take();
    }
    separate();
  }
  return joined;
}

/** Sprig's `camelcase`: `http_server` is `HttpServer`, `FOO_bar` is `FooBar`; connectors at both ends stay. */
export function pascalCase(text: string): string {
  const signs = signsOf(text);
  const first = signs.findIndex((sign) => !CONNECTOR.test(sign));
  if (first < 0) return text + (signs.at(-1) ?? "");
  const last = signs.findLastIndex((sign) => !CONNECTOR.test(sign));
  const inner = signs.slice(first, last + 1).join("");
  const parts = inner.split(/([\s_-]+)/u).map((part, index) => (index % 2 === 0 ? capitalized(part) : part.slice(1)));
  return signs.slice(0, first).join("") + parts.join("") + signs.slice(last + 1).join("");
}

/** The row of capitals that a word starts with keeps only its first. */
function capitalized(word: string): string {
  return word
    .replace(/^(\p{Lu})(\p{Lu}+)/u, (_, first: string, capitals: string) => first + capitals.toLowerCase())
    .replace(/^./su, (first) => first.toUpperCase());
}

/** Go's strings.Title: the first letter of each word is a capital; `_` does not part words. */
export function titleCase(text: string): string {
  return text.replace(
    /(^|[^\p{L}\p{N}_])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

/** Capitals become small letters and the other way round. */
export function swapCase(text: string): string {
  return text.replace(/\p{L}/gu, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
