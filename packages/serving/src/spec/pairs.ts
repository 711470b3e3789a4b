import { SlipwayError } from "@slipway/base";
import { isLabelKey, isLabelValue } from "@slipway/kube";

/**
 * Reads `KEY=VALUE` texts as labels.
 *
 * @throws SlipwayError USAGE for what no label can be
 */
export function labelsOf(flag: string, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => labelOf(flag, text)));
}

/** As {@link labelsOf}, for annotations, whose values may be anything. */
export function annotationsOf(flag: string, texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => pairOf(flag, text)));
}

function labelOf(flag: string, text: string): readonly [key: string, value: string] {
  const [key, value] = pairOf(flag, text);
  if (isLabelValue(value)) return [key, value];
  throw new SlipwayError("USAGE", `--${flag} takes values of labels, not "${value}"`, {
    hint: "They are letters, digits, -, _ and ., at most 63, with a letter or digit at both ends.",
  });
}

function pairOf(flag: string, text: string): readonly [key: string, value: string] {
  const at = text.indexOf("=");
  if (at < 0) throw new SlipwayError("USAGE", `--${flag} takes KEY=VALUE, not "${text}"`);
  const key = text.slice(0, at).trim();
  if (isLabelKey(key)) return [key, text.slice(at + 1)];
  throw new SlipwayError("USAGE", `--${flag} takes KEY=VALUE with the key of a label, not "${key}"`, {
    hint: "Keys are letters, digits, -, _ and ., such as app or example.com/team.",
  });
}
