import { Environment, EvaluationError, ParseError, TypeError as CelTypeError } from "@marcbachmann/cel-js";
import { SlipwayError, isTreeList, isTreeMap, messageOf, own, type Tree, type TreeMap } from "@slipway/base";
import type { Test } from "../report/model.ts";
import { bounded } from "./bounded.ts";
import type { Expression, PolicyRule, RuleSubject, ValidationPolicy } from "./document.ts";
import type { PolicyInput } from "./input.ts";

const RULE_MS = 5000;
/** Keeps an expression to what people write. */
const LIMITS = { maxAstNodes: 5000, maxDepth: 60 };
const VARIABLES = ["snapshot", "recipe", "objects"] as const;

/**
 * Makes a policy of CEL rules ready. Every expression is parsed and, as far as types are known, checked before any is
 * evaluated.
 *
 * @param file the policy's name, for the reports
 * @param ruleMs how long one rule may take over all that it looks at
 * @returns what tests an input
 * @throws SlipwayError INVALID_INPUT with file, line, column and the rule's name for an expression that is not CEL
 */
export function compileCel(
  policy: ValidationPolicy,
  file: string,
  ruleMs: number = RULE_MS,
): (input: PolicyInput) => readonly Test[] {
  const rules = policy.rules.map((rule) => compileRule(rule));
  return (input) => {
    const values = celValues(input);
    return rules.map((rule) => ({ ...ruleTest(rule, input, values, ruleMs), suite: ["policy", file] }));
  };
}

type Values = Readonly<Record<string, unknown>>;
type Evaluate = (values: Values) => unknown;

interface CompiledRule {
  readonly rule: PolicyRule;
  readonly match?: Evaluate | undefined;
  readonly expression: Evaluate;
  readonly messageExpression?: Evaluate | undefined;
}

function compileRule(rule: PolicyRule): CompiledRule {
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: LIMITS,
  });
  environment.registerVariable("snapshot", "dyn").registerVariable("recipe", "dyn");
  environment.registerVariable("objects", "list<dyn>");
  const item = itemName(rule.forEach);
  if (item !== undefined) environment.registerVariable(item, "dyn");
  const compile = (expression: Expression, type: string): Evaluate =>
    compileExpression(environment, rule, expression, type);
  return {
    rule,
    match: rule.match && compile(rule.match, "bool"),
    expression: compile(rule.expression, "bool"),
    messageExpression: rule.messageExpression && compile(rule.messageExpression, "string"),
  };
}

function itemName(subject: RuleSubject | undefined): string | undefined {
  return subject === undefined ? undefined : subject.slice(0, -1);
}

function compileExpression(
  environment: Environment,
  rule: PolicyRule,
  { text, place }: Expression,
  type: string,
): Evaluate {
  try {
    const parsed = environment.parse(text);
    const { valid, type: found, error } = parsed.check();
    if (!valid) throw error ?? new Error("the types do not fit");
    if (found !== type && found !== "dyn") throw new Error(`gives ${found ?? "nothing"}, and ${type} is expected`);
    return (values) => parsed({ ...values });
  } catch (error) {
    throw new SlipwayError("INVALID_INPUT", `rule "${rule.name}": ${celMessage(error)}`, { place, cause: error });
  }
}

/** The library's sentence, and where in the expression it is. */
function celMessage(error: unknown): string {
  if (!(error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError))
    return messageOf(error);
  return error.range === undefined
    ? error.summary
    : `${error.summary} (character ${error.range.start + 1} of the expression)`;
}

function ruleTest(compiled: CompiledRule, input: PolicyInput, values: Values, ruleMs: number): Omit<Test, "suite"> {
  const { rule } = compiled;
  const test = {
    name: rule.name,
    durationMs: 0,
    place: rule.expression.place,
    expected: rule.expression.text.trim(),
  };
  const lacking = missingInput(rule, input);
  if (lacking !== undefined) return { ...test, verdict: "skipped", message: `skipped - no ${lacking} to look at` };
  try {
    const { problems, looked } = bounded(() => judge(compiled, input, values), ruleMs);
    if (problems.length === 0)
      return { ...test, verdict: "passed", message: looked === undefined ? undefined : `${looked} looked at` };
    const [first = "", ...more] = problems;
    const message = more.length === 0 ? first : `${first} (and ${more.length} more)`;
    const verdict = rule.severity === "warning" ? "warning" : "failed";
    return { ...test, verdict, message, output: problems, remediation: rule.remediation };
  } catch (error) {
    return { ...test, verdict: "error", message: celMessage(error), remediation: remedyOf(error) };
  }
}

function remedyOf(error: unknown): string | undefined {
  return error instanceof EvaluationError && error.code === "no_such_key" ? ABSENT : undefined;
}

const ABSENT = "A field that may be absent is asked for with has(object.a) or object.?a.orValue(b).";

/** Which variable a rule names that has no value; variables are told by their name anywhere in its expressions. */
function missingInput({ forEach, ...rule }: PolicyRule, input: PolicyInput): string | undefined {
  const texts = [rule.match, rule.expression, rule.messageExpression].flatMap((expression) => expression?.text ?? []);
  const named = VARIABLES.filter((name) => texts.some((text) => new RegExp(`(?<![.\\w"'])${name}\\b`).test(text)));
  const needed = new Set<keyof PolicyInput>(named);
  if (forEach === "objects") needed.add("objects");
  if (forEach === "components") needed.add("recipe");
  return [...needed].find((name) => input[name] === undefined);
}

interface Judged {
  readonly problems: readonly string[];
  /** How many items the rule was about; absent for one that is about all at once. */
  readonly looked?: number | undefined;
}

function judge(
  { rule, match, expression, messageExpression }: CompiledRule,
  input: PolicyInput,
  values: Values,
): Judged {
  const tell = (scope: Values, where: string): readonly string[] => {
    if (booleanOf(expression(scope))) return [];
    const told = messageExpression === undefined ? undefined : messageExpression(scope);
    const message = typeof told === "string" ? told : (rule.message ?? `not true: ${rule.expression.text.trim()}`);
    return [where === "" ? message : `${where}: ${message}`];
  };
  const item = itemName(rule.forEach);
  if (item === undefined) return { problems: tell(values, "") };
  const subjects = rule.forEach === "objects" ? (input.objects ?? []) : componentsOf(input.recipe);
  const scopes = subjects.map((subject) => ({
    scope: { ...values, [item]: celValue(subject) },
    where: nameOf(subject),
  }));
  const matching = match === undefined ? scopes : scopes.filter(({ scope }) => booleanOf(match(scope)));
  return { problems: matching.flatMap(({ scope, where }) => tell(scope, where)), looked: matching.length };
}

function booleanOf(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new SlipwayError("INVALID_INPUT", "the expression gives neither true nor false");
}

function componentsOf(recipe: TreeMap | undefined): readonly Tree[] {
  const list = recipe === undefined ? undefined : own(recipe, "componentRefs");
  return isTreeList(list) ? list : [];
}

/** `Deployment gpu-operator/web`, or the name of a component. */
function nameOf(subject: Tree): string {
  if (!isTreeMap(subject)) return "";
  const metadata = own(subject, "metadata");
  const from = isTreeMap(metadata) ? metadata : subject;
  const part = (map: TreeMap, key: string): string => {
    const value = own(map, key);
    return typeof value === "string" ? value : "";
  };
  const path = [part(from, "namespace"), part(from, "name")].filter((text) => text !== "").join("/");
  return isTreeMap(metadata) ? `${part(subject, "kind")} ${path}` : part(subject, "name");
}

function celValues({ snapshot = {}, recipe = {}, objects = [] }: PolicyInput): Values {
  return { snapshot: celValue(snapshot), recipe: celValue(recipe), objects: objects.map(celValue) };
}

/** CEL tells integers from doubles; in the library an integer is a bigint. */
function celValue(value: Tree): unknown {
  if (isTreeList(value)) return value.map(celValue);
  if (isTreeMap(value)) return new Map(Object.entries(value).map(([key, child]) => [key, celValue(child)]));
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : value;
}
