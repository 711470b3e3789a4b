import { SlipwayError } from "./errors.ts";

/** One step of a path: a key of a map or an index of a list. */
export type Step = string | number;

/**
 * Reads a path such as `components.gpu-operator.values.env[0]."a.b"`: keys between dots, indexes in brackets, keys
 * with dots or brackets in double or single quotes (also inside brackets: `["a.b"]`). One leading dot is dropped and an
 * empty path is the root.
 *
 * @throws SlipwayError INVALID_INPUT with the column (from 1) for an unclosed quote or bracket and an empty key
 */
export function parsePath(text: string): readonly Step[] {
  const steps: Step[] = [];
  let rest = text.startsWith(".") ? text.slice(1) : text;
  while (rest !== "") {
    const match = STEP.exec(rest);
    if (match === null) throw badPath(text, text.length - rest.length);
    const { bare, double, single, index } = match.groups ?? {};
    steps.push(index === undefined ? (bare ?? unescape(double ?? single ?? "")) : Number(index));
    rest = rest.slice(match[0].length);
  }
  return steps;
}

/** The text of a path that {@link parsePath} reads back as the same steps. */
export function formatPath(steps: readonly Step[]): string {
  return steps
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      const key = PLAIN_KEY.test(step) ? step : `"${step.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");
}

/** One step and the dot behind it; a dot needs a step to follow, and a step must be followed by a dot or a bracket. */
const STEP = new RegExp(
  String.raw`^(?:(?<bare>[^.[\]"']+)|\[?(?:"(?<double>(?:[^"\\]|\\.)*)"|'(?<single>(?:[^'\\]|\\.)*)')\]?|\[(?<index>\d+)\])` +
    String.raw`(?:\.(?=[^.[])|(?=\[)|$)`,
  "u",
);
const PLAIN_KEY = /^[^.[\]"']+$/;

function unescape(quoted: string): string {
  return quoted.replaceAll(/\\(.)/g, "$1");
}

function badPath(text: string, at: number): SlipwayError {
  const hint = `Write keys between dots, list indexes as [0], and keys with dots in quotes: components."a.b".list[0]`;
  return new SlipwayError("INVALID_INPUT", `the path "${text}" is not readable at column ${at + 1}`, { hint });
}
