import {
  SlipwayError,
  cursorOf,
  didYouMean,
  enter,
  entries,
  items,
  locate,
  optionalMap,
  optionalText,
  parseYaml,
  parseYamlAsText,
  requiredText,
  type Cursor,
  type Place,
} from "@slipway/base";

/** What a rule is about: everything at once, or each object or component by itself. */
export const RULE_SUBJECTS = ["objects", "components"] as const;
export type RuleSubject = (typeof RULE_SUBJECTS)[number];

/** How bad it is to break a rule. */
export const RULE_SEVERITIES = ["error", "warning"] as const;
export type RuleSeverity = (typeof RULE_SEVERITIES)[number];

/** An expression in CEL, and where it stands. */
export interface Expression {
  readonly text: string;
  readonly place: Place;
}

/** One rule of a policy. */
export interface PolicyRule {
  readonly name: string;
  /** Each of these is bound to `object` or `component`; absent: the expression is evaluated once. */
  readonly forEach?: RuleSubject | undefined;
  /** Which of them the rule is about. */
  readonly match?: Expression | undefined;
  /** Must be true. */
  readonly expression: Expression;
  readonly message?: string | undefined;
  /** Gives the message; counts before it. */
  readonly messageExpression?: Expression | undefined;
  readonly severity: RuleSeverity;
  readonly remediation?: string | undefined;
}

/** A ValidationPolicy document. */
export interface ValidationPolicy {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
}

const ROOT_FIELDS = ["apiVersion", "kind", "metadata", "spec"];
const RULE_FIELDS = [
  "name",
  "description",
  "forEach",
  "match",
  "expression",
  "message",
  "messageExpression",
  "severity",
  "remediation",
];

/**
 * Reads a ValidationPolicy document. Unlike other documents, an unknown field is an error: a misspelt one could let
 * everything pass.
 *
 * @param file the name to show in errors
 * @throws SlipwayError INVALID_INPUT with file, line and column
 */
export function parsePolicy(text: string, file: string): ValidationPolicy {
  const value = parseYaml(text, file);
  const placeOf = (cursor: Cursor): Place => ({ file, ...locate(text, cursor.field), field: cursor.field });
  try {
    return decodePolicy(
      cursorOf(value, () => parseYamlAsText(text, file)),
      placeOf,
    );
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const field = error.place?.field;
    throw error.at({ file, ...(field === undefined || error.place?.line !== undefined ? {} : locate(text, field)) });
  }
}

type PlaceOf = (cursor: Cursor) => Place;

function decodePolicy(cursor: Cursor, placeOf: PlaceOf): ValidationPolicy {
  const kind = optionalText(enter(cursor, "kind"));
  if (kind !== "ValidationPolicy") {
    const found = kind === undefined ? "no kind" : `kind "${kind}"`;
    throw invalid(enter(cursor, "kind"), `expected a ValidationPolicy, found a document of ${found}`);
  }
  refuseUnknown(cursor, ROOT_FIELDS);
  const spec = enter(cursor, "spec");
  refuseUnknown(spec, ["rules"]);
  const rules = items(enter(spec, "rules")).map((rule) => decodeRule(rule, placeOf));
  if (rules.length === 0) throw invalid(enter(spec, "rules"), "a policy without rules would let everything pass");
  const twice = rules.find(({ name }, index) => rules.findIndex((rule) => rule.name === name) !== index);
  if (twice !== undefined) throw invalid(enter(spec, "rules"), `the rule "${twice.name}" is there twice`);
  return { name: optionalText(enter(enter(cursor, "metadata"), "name")) ?? "policy", rules };
}

function decodeRule(cursor: Cursor, placeOf: PlaceOf): PolicyRule {
  if (optionalMap(cursor) === undefined) throw invalid(cursor, "expected a rule (name, expression)");
  refuseUnknown(cursor, RULE_FIELDS);
  const forEach = choice(enter(cursor, "forEach"), RULE_SUBJECTS);
  const match = expressionAt(enter(cursor, "match"), placeOf);
  if (match !== undefined && forEach === undefined)
    throw invalid(enter(cursor, "match"), "match chooses among what forEach gives, and there is no forEach");
  const expression = enter(cursor, "expression");
  return {
    name: requiredText(enter(cursor, "name")),
    forEach,
    match,
    expression: { text: requiredText(expression), place: placeOf(expression) },
    message: optionalText(enter(cursor, "message")),
    messageExpression: expressionAt(enter(cursor, "messageExpression"), placeOf),
    severity: choice(enter(cursor, "severity"), RULE_SEVERITIES) ?? "error",
    remediation: optionalText(enter(cursor, "remediation")),
  };
}

function expressionAt(cursor: Cursor, placeOf: PlaceOf): Expression | undefined {
  const text = optionalText(cursor);
  return text === undefined || text.trim() === "" ? undefined : { text, place: placeOf(cursor) };
}

function choice<Choice extends string>(cursor: Cursor, choices: readonly Choice[]): Choice | undefined {
  const text = optionalText(cursor);
  if (text === undefined) return undefined;
  const found = choices.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw invalid(cursor, `expected ${choices.join(" or ")}, found "${text}"`, didYouMean(text, choices));
}

function refuseUnknown(cursor: Cursor, known: readonly string[]): void {
  for (const [key, at] of entries(cursor)) {
    if (!known.includes(key)) throw invalid(at, `unknown field "${key}"`, didYouMean(key, known));
  }
}

function invalid(cursor: Cursor, message: string, hint?: string): SlipwayError {
  return new SlipwayError("INVALID_INPUT", message, { place: { field: cursor.field }, hint });
}
