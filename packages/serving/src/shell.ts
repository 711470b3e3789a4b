/** A text as one word of a command line for a POSIX shell, in quotes unless the shell reads it as it stands. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Words as a command line. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
