/** A part of a command line. */
export type Token =
  | { readonly kind: "positional"; readonly value: string }
  | {
      readonly kind: "option";
      /** With its dashes, as it was written. */
      readonly rawName: string;
      readonly value: string | undefined;
      /** Whether the value is in the word of the option. */
      readonly inlineValue: boolean;
    };

/**
 * Takes words apart exactly as `parseArgs` of `node:util` does without `strict` (a test compares them), whose module
 * would be a tenth of a start.
 *
 * @param takesValue whether an option, as `-x` or `--name`, is followed by a value
 */
export function tokensOf(words: readonly string[], takesValue: (option: string) => boolean): readonly Token[] {
  const tokens: Token[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") return [...tokens, ...rest.map((value): Token => ({ kind: "positional", value }))];
    if (isGroup(word) && !takesValue(word.slice(0, 2))) rest.unshift(...lettersOf(word, takesValue));
    else tokens.push(tokenOf(word, rest, takesValue));
  }
  return tokens;
}

function tokenOf(word: string, rest: string[], takesValue: (option: string) => boolean): Token {
  if (!word.startsWith("-") || word === "-") return { kind: "positional", value: word };
  if (isGroup(word)) return { kind: "option", rawName: word.slice(0, 2), value: word.slice(2), inlineValue: true };
  const equals = word.startsWith("--") && word.includes("=", 3) ? word.indexOf("=") : -1;
  if (equals >= 0)
    return { kind: "option", rawName: word.slice(0, equals), value: word.slice(equals + 1), inlineValue: true };
  const value = takesValue(word) ? rest.shift() : undefined;
  return { kind: "option", rawName: word, value, inlineValue: false };
}

/** `-abc`: several letters, or one with its value. */
function isGroup(word: string): boolean {
  return word.length > 2 && word.startsWith("-") && !word.startsWith("--");
}

/** `-abcVALUE` as `-a`, `-b`, `-cVALUE`. */
function lettersOf(word: string, takesValue: (option: string) => boolean): readonly string[] {
  const letters: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const option = `-${word.charAt(at)}`;
    if (takesValue(option)) return [...letters, `-${word.slice(at)}`];
    letters.push(option);
  }
  return letters;
}
