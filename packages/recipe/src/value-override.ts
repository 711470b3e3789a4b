import {
  DOCUMENT_LIMITS,
  SlipwayError,
  isForbiddenKey,
  parseJson,
  parsePath,
  type Step,
  type Tree,
} from "@slipway/base";

/** The flags that change values when a bundle is made. */
export type OverrideFlag = "--set" | "--set-json" | "--set-file";

/** One value that a user sets for a component. */
export interface ValueOverride {
  readonly flag: OverrideFlag;
  /** A component's name, or one of the names that the registry gives it besides. */
  readonly key: string;
  /** The path in the component's values, as it was given. */
  readonly path: string;
  /** At least one step; no key among them that a map may not have. */
  readonly steps: readonly Step[];
  readonly value: Tree;
  /** What stood behind the `=`. */
  readonly text: string;
}

/**
 * Reads `KEY:path=value`, split at the first `:` and the first `=` behind it.
 *
 * The path is keys between dots; where it has brackets or quotes, `list[0]` is an index and `"a.b"` one key. The value is
 * true or false for exactly that text, and a number for decimal digits that printing the number gives back exactly: `7`,
 * `-3` and `0.5`. Anything else stays the text that was given, so that versions keep their form: `570.10`, `1.50`, `007`
 * and `1e3` are text. (Release 0.11.1 of aicr turns 570.10 into 570.1.)
 *
 * @throws SlipwayError INVALID_INPUT that quotes the argument; USAGE for an empty step; TOO_LARGE for a path deeper than a document may be
 */
export function parseSet(argument: string): ValueOverride {
  const parts = split("--set", argument, "value");
  return { ...parts, value: scalarOf(parts.text) };
}

/**
 * Reads `KEY:path=JSON`. A null is written as null, which is how Helm is told to drop a key, the chart's own default
 * included. Otherwise as {@link parseSet}.
 *
 * @throws SlipwayError INVALID_INPUT for what is no JSON; TOO_LARGE for deep nesting
 */
export function parseSetJson(argument: string): ValueOverride {
  const parts = split("--set-json", argument, "JSON");
  try {
    return { ...parts, value: parseJson(parts.text) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    throw error.at({ field: `--set-json ${parts.key}:${parts.path}` });
  }
}

/**
 * Reads `KEY:path=FILE` when the content of the file is known: the value is that text, as it stands.
 *
 * @param content the text of the file; {@link setFileName} says which
 * @throws SlipwayError INVALID_INPUT as {@link parseSet}
 */
export function parseSetFile(argument: string, content: string): ValueOverride {
  return { ...split("--set-file", argument, "FILE"), value: content };
}

/** The file that a `--set-file` argument names. Errors as {@link parseSetFile}. */
export function setFileName(argument: string): string {
  return split("--set-file", argument, "FILE").text;
}

/** The override as a user wrote it, shortened: `--set gpu-operator:driver.version=570.10`. */
export function overrideText({ flag, key, path, text }: ValueOverride): string {
  return `${flag} ${key}:${path}=${text.length > 60 ? `${text.slice(0, 57)}...` : text}`;
}

function split(flag: OverrideFlag, argument: string, what: string): Omit<ValueOverride, "value"> {
  const [, key = "", path = "", text = ""] = /^([^:]*):([^=]*)=(.*)$/s.exec(argument) ?? [];
  const form = `expected KEY:path=${what}, found "${argument}"`;
  if (key === "" || path === "" || text === "") {
    throw new SlipwayError("INVALID_INPUT", form, {
      place: { field: flag },
      hint: hintFor(key, path),
    });
  }
  return { flag, key, path, steps: stepsOf(flag, path), text };
}

function hintFor(key: string, path: string): string {
  if (key === "") return "For example: --set gpu-operator:driver.version=570.86.16";
  return path === ""
    ? "A path in the component's values is needed."
    : `For an empty text: --set-json '${key}:${path}=""'`;
}

function stepsOf(flag: OverrideFlag, path: string): readonly Step[] {
  const steps = /["'[\]]/.test(path) ? parsePath(path) : path.split(".");
  if (steps.length > DOCUMENT_LIMITS.maxDepth) {
    throw new SlipwayError(
      "TOO_LARGE",
      `the path has ${steps.length} steps, and ${DOCUMENT_LIMITS.maxDepth} is the most`,
      {
        place: { field: flag },
      },
    );
  }
  const empty = steps.indexOf("");
  if (empty >= 0)
    throw new SlipwayError("USAGE", `step ${empty + 1} of the path "${path}" is empty`, {
      place: { field: flag },
      hint: "A path is keys between single dots, without one in front or behind: driver.version",
    });
  const forbidden = steps.find((step) => typeof step === "string" && isForbiddenKey(step));
  if (forbidden === undefined) return steps;
  throw new SlipwayError("INVALID_INPUT", `the key "${forbidden}" is not allowed`, {
    place: { field: `${flag} ${path}` },
  });
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

function scalarOf(text: string): Tree {
  if (text === "true" || text === "false") return text === "true";
  if (!DECIMAL.test(text)) return text;
  if (String(Number(text)) === text && (text.includes(".") || Number.isSafeInteger(Number(text)))) return Number(text);
  if (text.includes(".") || text.length > 20) return text;
  const large = BigInt(text);
  return String(large) === text && BigInt.asIntN(64, large) === large ? large : text;
}
