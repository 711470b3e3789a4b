import {
  SlipwayError,
  formatPath,
  isTreeList,
  isTreeMap,
  kindOf,
  nearest,
  own,
  parsePath,
  type Step,
  type Tree,
  type TreeMap,
} from "@slipway/base";

/** A value and the way to it. */
export interface Selected {
  readonly steps: readonly Step[];
  readonly value: Tree;
}

/**
 * Finds the value that a selector names: keys between dots (`components.gpu-operator.values`), indexes of lists in
 * brackets (`env[0]`), keys with dots in quotes (`nodeSelector."kubernetes.io/os"`). One leading dot is dropped; an empty
 * selector is the whole document.
 *
 * The plain rule of release 0.11.1 of aicr, every part between dots a key as it stands, is tried first, so that a key
 * with quotes or brackets in it is reached as before.
 *
 * @throws SlipwayError NOT_FOUND, naming the nearest path that exists and what is there; INVALID_INPUT for a quote or
 * bracket that is not closed
 */
export function select(document: TreeMap, selector: string): Tree {
  return selectWithPath(document, selector).value;
}

/** As {@link select}, with the steps that led to the value. */
export function selectWithPath(document: TreeMap, selector: string): Selected {
  const plain = plainSteps(selector);
  const walked = walk(document, plain);
  if (walked.depth === plain.length) return { steps: plain, value: walked.value };
  if (!HAS_NOTATION.test(selector)) throw notFound(plain, walked);
  const steps = parsePath(selector);
  const noted = walk(document, steps);
  if (noted.depth === steps.length) return { steps, value: noted.value };
  throw notFound(steps, noted);
}

/**
 * The ways in which a selector can be read, most likely first: by the plain rule, and with brackets and quotes where
 * there are any that can be read.
 */
export function readingsOf(selector: string): readonly (readonly Step[])[] {
  const plain = plainSteps(selector);
  if (!HAS_NOTATION.test(selector)) return [plain];
  try {
    return [plain, parsePath(selector)];
  } catch (error) {
    if (error instanceof SlipwayError) return [plain];
    throw error;
  }
}

const HAS_NOTATION = /["'[\]]/;

function plainSteps(selector: string): readonly string[] {
  const text = selector.startsWith(".") ? selector.slice(1) : selector;
  return text === "" ? [] : text.split(".");
}

/** How far steps lead, and the value there. */
interface Walked {
  readonly depth: number;
  readonly value: Tree;
}

function walk(document: Tree, steps: readonly Step[]): Walked {
  let value = document;
  for (const [depth, step] of steps.entries()) {
    const next = stepInto(value, step);
    if (next === undefined) return { depth, value };
    value = next;
  }
  return { depth: steps.length, value };
}

/** The value one step below: a text is a key of a map, a number an index of a list. Nothing when it is not there. */
export function stepInto(value: Tree | undefined, step: Step): Tree | undefined {
  if (typeof step === "number") return isTreeList(value) ? value[step] : undefined;
  return isTreeMap(value) ? own(value, step) : undefined;
}

/** The value at the end of steps; nothing when it is not there. */
export function valueAt(document: Tree | undefined, steps: readonly Step[]): Tree | undefined {
  return steps.reduce<Tree | undefined>(stepInto, document);
}

function notFound(steps: readonly Step[], { depth, value }: Walked): SlipwayError {
  const there = steps.slice(0, depth);
  const missing = steps[depth] ?? "";
  const where = there.length === 0 ? "The document" : `"${formatPath(there)}"`;
  return new SlipwayError("NOT_FOUND", `there is no "${formatPath(steps)}"`, {
    hint: [suggestion(there, missing, value), `${where} ${contentOf(value)}.`].filter((part) => part !== "").join(" "),
  });
}

function suggestion(there: readonly Step[], missing: Step, value: Tree): string {
  const near = isTreeMap(value) ? nearest(String(missing), Object.keys(value)) : undefined;
  if (near !== undefined) return `Did you mean "${formatPath([...there, near])}"?`;
  const index = typeof missing === "string" && /^\d+$/.test(missing) ? Number(missing) : undefined;
  const isItem = isTreeList(value) && index !== undefined && index < value.length;
  return isItem ? `Did you mean "${formatPath([...there, index])}"?` : "";
}

const MOST_KEYS = 12;

/** What is at the deepest place that exists, as the end of a sentence. */
function contentOf(value: Tree): string {
  if (isTreeList(value)) {
    if (value.length === 0) return "is an empty list";
    return value.length === 1 ? "is a list with the item [0]" : `is a list with the items [0] to [${value.length - 1}]`;
  }
  if (!isTreeMap(value)) return `is ${kindOf(value)}, with nothing below it`;
  const keys = Object.keys(value).map((key) => formatPath([key]));
  if (keys.length === 0) return "is an empty map";
  const rest = keys.length - MOST_KEYS;
  return `has ${keys.slice(0, MOST_KEYS).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
