/**
 * Text that came from outside, made safe to print on a terminal: control characters other than newline and tab show as
 * `\x1b`, so that no input can move the cursor or recolour what follows.
 */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (sign) => `\\${sign.charCodeAt(0) < 256 ? "x" : "u"}${sign.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/**
 * A sentence for a person: {@link printable}, with lines after the first indented, so that text from outside cannot look
 * like a message of ours, and with the middle left out of one that is longer than a screen.
 */
export function sentence(text: string): string {
  const left = text.length - MOST_SIGNS;
  const half = MOST_SIGNS / 2;
  const shown = left <= 0 ? text : `${text.slice(0, half)} ... (${left} characters) ... ${text.slice(-half)}`;
  return printable(shown).replaceAll("\n", "\n  ");
}

const MOST_SIGNS = 2000;

/** The colours that messages use. */
export type Colour = "red" | "yellow" | "green" | "bold" | "dim";

const CODES: Readonly<Record<Colour, readonly [open: number, close: number]>> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  bold: [1, 22],
  dim: [2, 22],
};

/** A function that colours text, or leaves it alone when nobody looks at a terminal or NO_COLOR is set (no-color.org). */
export function painter(
  output: { readonly isTerminal: boolean },
  env: Readonly<Record<string, string | undefined>>,
): (colour: Colour, text: string) => string {
  const off = (): boolean => (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb" || !output.isTerminal;
  return (colour, text) => (off() ? text : `\u001b[${CODES[colour][0]}m${text}\u001b[${CODES[colour][1]}m`);
}
