/**
 * A text as one word of a POSIX shell: in single quotes, where nothing is expanded, with each single quote of its own
 * written as `'\''`. Everything that reaches a script goes through here.
 */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Texts as words of a command, each quoted unless it is made of letters, digits and `@%+=:,./-` only. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellWord(word))).join(" ");
}
