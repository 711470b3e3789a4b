/** One press: an escape sequence (ECMA-48: CSI, or SS3 of an application keypad) or a character. */
const PRESS = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O[A-Za-z])|[\s\S]/gu;

/** The presses of what a terminal sent. */
export function pressesOf(text: string): readonly string[] {
  return text.match(PRESS) ?? [];
}
