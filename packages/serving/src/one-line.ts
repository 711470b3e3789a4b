/** A text on one line: what comes from outside must not look like a line of ours. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
