import { SlipwayError, type Exec, type ExecResult } from "@slipway/base";
import { expect, test } from "vitest";
import { readPolicy, type PolicyInput } from "./index.ts";
import { compileCel } from "./cel.ts";
import { parsePolicy } from "./document.ts";

const INPUT: PolicyInput = {
  snapshot: { K8s: { server: { version: "v1.33.1" } }, GPU: { smi: { "gpu-count": 8 } } },
  recipe: { kind: "RecipeResult", componentRefs: [{ name: "gpu-operator", version: "v25.10.1" }, { name: "own" }] },
  objects: [
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "a" }, spec: { replicas: 1 } },
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "db", namespace: "a" }, spec: { replicas: 3 } },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } },
  ],
};

const policyOf = (...rules: readonly string[]): string =>
  `kind: ValidationPolicy\nspec:\n  rules:\n${rules.map((rule) => `    - ${rule.replaceAll("\n", "\n      ")}\n`).join("")}`;

const run = (input: PolicyInput, ...rules: readonly string[]) =>
  compileCel(
    parsePolicy(policyOf(...rules), "p.yaml"),
    "p.yaml",
  )(input).map(({ name, verdict, message, remediation }) =>
    [name, verdict, message, remediation].filter((part) => part !== undefined).join(" | "),
  );

test("rules over all there is, over each object and over each component", () => {
  expect(
    run(
      INPUT,
      'name: version\nexpression: snapshot.K8s.server.version.startsWith("v1.3")',
      'name: gpus\nexpression: snapshot.GPU.smi["gpu-count"] == 8 && size(objects) > 2',
      'name: replicas\nforEach: objects\nmatch: object.kind == "Deployment"\nexpression: object.spec.replicas >= 2\nmessage: too few\nremediation: Scale it.',
      'name: named\nforEach: objects\nexpression: object.kind != "ConfigMap"\nmessageExpression: \'"found " + object.kind\'\nseverity: warning',
      "name: pinned\nforEach: components\nexpression: has(component.version)",
      'name: none\nforEach: objects\nmatch: object.kind == "Pod"\nexpression: "false"',
      "name: optional\nforEach: objects\nexpression: object.?spec.replicas.orValue(1) > 0",
    ),
  ).toEqual([
    "version | passed",
    "gpus | passed",
    "replicas | failed | Deployment a/web: too few | Scale it.",
    "named | warning | ConfigMap c: found ConfigMap",
    "pinned | failed | own: not true: has(component.version)",
    "none | passed | 0 looked at",
    "optional | passed | 3 looked at",
  ]);
});

test("what a rule needs and was not given is no failure", () => {
  expect(
    run(
      { snapshot: {} },
      "name: a\nforEach: objects\nexpression: 'true'",
      "name: b\nexpression: size(objects) == 0",
      "name: c\nexpression: has(snapshot.recipe)",
      'name: d\nexpression: recipe.kind == "RecipeResult"',
    ),
  ).toEqual([
    "a | skipped | skipped - no objects to look at",
    "b | skipped | skipped - no objects to look at",
    "c | failed | not true: has(snapshot.recipe)",
    "d | skipped | skipped - no recipe to look at",
  ]);
});

test("what goes wrong while a rule is evaluated is an error of that rule alone", () => {
  const absent = "A field that may be absent is asked for with has(object.a) or object.?a.orValue(b).";
  expect(
    run(
      INPUT,
      "name: a\nexpression: recipe.missing.deep == 1",
      "name: b\nexpression: recipe.kind",
      "name: c\nexpression: 'true'",
    ),
  ).toEqual([
    `a | error | No such key: missing (character 8 of the expression) | ${absent}`,
    "b | error | the expression gives neither true nor false",
    "c | passed",
  ]);
});

test("a rule that never ends is stopped, and the others go on", () => {
  const list = JSON.stringify(Array.from({ length: 900 }, (_, index) => index % 10));
  const nested = `dyn(${list}).all(a, dyn(${list}).all(b, dyn(${list}).all(c, a + b + c >= 0)))`;
  const regexp = `"${"a".repeat(40)}b".matches("^(a+)+$")`;
  const policy = parsePolicy(
    policyOf(
      `name: long\nexpression: '${nested}'`,
      `name: regexp\nexpression: '${regexp}'`,
      "name: c\nexpression: 'true'",
    ),
    "p.yaml",
  );
  expect(
    compileCel(policy, "p.yaml", 200)(INPUT).map(({ name, verdict, message }) => [name, verdict, message]),
  ).toEqual([
    ["long", "error", "gave no answer within 200ms"],
    ["regexp", "error", "gave no answer within 200ms"],
    ["c", "passed", undefined],
  ]);
});

const refusal = (text: string): unknown => {
  try {
    return compileCel(parsePolicy(text, "p.yaml"), "p.yaml");
  } catch (error) {
    return error instanceof SlipwayError ? error.describe() : error;
  }
};

test.each([
  [
    "an expression that is none",
    policyOf("name: a\nexpression: 1 +"),
    'p.yaml:5:7: spec.rules[0].expression: rule "a": Unexpected token: EOF (character 4 of the expression)',
  ],
  [
    "types that do not fit",
    policyOf('name: a\nexpression: 1 + "a" == 2'),
    'p.yaml:5:7: spec.rules[0].expression: rule "a": no such overload: int + string (character 1 of the expression)',
  ],
  [
    "a variable that there is not",
    policyOf("name: a\nexpression: snapshop.x"),
    'p.yaml:5:7: spec.rules[0].expression: rule "a": Unknown variable: snapshop (character 1 of the expression)',
  ],
  [
    "an expression of another type",
    policyOf("name: a\nexpression: size(objects)"),
    'p.yaml:5:7: spec.rules[0].expression: rule "a": gives int, and bool is expected',
  ],
  ["object without forEach", policyOf("name: a\nexpression: object.kind == 'x'"), 'rule "a": Unknown variable: object'],
  [
    "match without forEach",
    policyOf("name: a\nmatch: 'true'\nexpression: 'true'"),
    "p.yaml:5:7: spec.rules[0].match: match chooses among what forEach gives, and there is no forEach",
  ],
  [
    "a field that there is not",
    policyOf("name: a\nexpresion: 'true'"),
    'p.yaml:5:7: spec.rules[0].expresion: unknown field "expresion"\nDid you mean "expression"?',
  ],
  [
    "another subject",
    policyOf("name: a\nforEach: object\nexpression: 'true'"),
    'expected objects or components, found "object"\nDid you mean "objects"?',
  ],
  [
    "another severity",
    policyOf("name: a\nseverity: fatal\nexpression: 'true'"),
    'expected error or warning, found "fatal"',
  ],
  [
    "two rules of a name",
    policyOf("name: a\nexpression: 'true'", "name: a\nexpression: 'true'"),
    'the rule "a" is there twice',
  ],
  [
    "no rules",
    "kind: ValidationPolicy\nspec: {rules: []}",
    "p.yaml:2:8: spec.rules: a policy without rules would let everything pass",
  ],
  ["no kind", "spec: {rules: []}", "expected a ValidationPolicy, found a document of no kind"],
  ["another kind", "kind: Recipe", 'p.yaml:1:1: kind: expected a ValidationPolicy, found a document of kind "Recipe"'],
])("refused: %s", (_, text, message) => {
  expect(refusal(text)).toContain(message);
});

const FILES = {
  read: async (path: string) =>
    new TextEncoder().encode(path.endsWith("yaml") ? policyOf("name: a\nexpression: 'true'") : ""),
  info: async (path: string) => (path === "gone.rego" ? undefined : ({ kind: "file", size: 1 } as const)),
};

interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin: unknown;
}

function execThat(answer: Partial<ExecResult> | Error, calls: Call[] = []): Exec {
  return {
    run: async (program, args, { stdin = "" }) => {
      calls.push({ program, args, stdin: JSON.parse(stdin) });
      if (answer instanceof Error) throw answer;
      return { exitCode: 0, stdout: "", stderr: "", ...answer };
    },
  };
}

const rego = async (exec: Exec | undefined, path = "p.rego") => {
  const policy = await readPolicy({ files: FILES, exec, opa: "opa", signal: new AbortController().signal }, path);
  return policy({ recipe: { kind: "x" } });
};

test("Rego is evaluated by opa, which gets the input on standard input", async () => {
  const calls: Call[] = [];
  const data = {
    main: { deny: ["b", { msg: "a" }], deny_none: [], warn: { "old style": true }, helper: 1 },
    other: { allow: true },
  };
  const stdout = JSON.stringify({ result: [{ expressions: [{ value: data, text: "data" }] }] });
  const tests = await rego(execThat({ stdout }, calls));
  expect(tests.map(({ name, verdict, message, output }) => [name, verdict, message, output])).toEqual([
    ["main.deny", "failed", "b (and 1 more)", ["b", "a"]],
    ["main.deny_none", "passed", undefined, undefined],
    ["main.warn", "warning", "old style", ["old style"]],
    ["other.allow", "passed", undefined, undefined],
  ]);
  expect(calls).toEqual([
    {
      program: "opa",
      args: ["eval", "--format", "json", "--stdin-input", "--data", "p.rego", "data"],
      stdin: { recipe: { kind: "x" } },
    },
  ]);
});

test.each([
  [
    "no opa",
    execThat(new SlipwayError("NOT_FOUND", "no such program")),
    "NOT_FOUND",
    /needs the program opa, which is not there\nInstall it .*--opa FILE.*opa build -t wasm/,
  ],
  ["no way to run programs", undefined, "NOT_FOUND", /needs the program opa/],
  [
    "what opa refuses",
    execThat({ exitCode: 2, stdout: '{"errors":[]}', stderr: "p.rego:3: rego_parse_error\n" }),
    "INVALID_INPUT",
    /^p\.rego: opa refuses the policy: p\.rego:3: rego_parse_error$/,
  ],
  [
    "nothing defined",
    execThat({ stdout: "{}" }),
    "INVALID_INPUT",
    /^p\.rego: the policy has no rule deny, violation, warn or allow\n/,
  ],
  ["an answer that is none", execThat({ stdout: "oops" }), "INVALID_INPUT", /the answer of opa: not valid JSON/],
])("Rego: %s", async (_, exec, code, message) => {
  const error = await rego(exec).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code });
  expect(error instanceof SlipwayError ? error.describe() : "").toMatch(message);
});

test("the extension tells what a policy is", async () => {
  expect((await rego(undefined, "p.YAML".toLowerCase())).map(({ verdict }) => verdict)).toEqual(["passed"]);
  await expect(rego(undefined, "gone.rego")).rejects.toMatchObject({ code: "NOT_FOUND", place: { file: "gone.rego" } });
  await expect(rego(undefined, "p.txt")).rejects.toMatchObject({
    code: "USAGE",
    message: '--policy: "p.txt" is no policy: give .yaml (CEL), .rego or .wasm',
  });
});
