import { isTreeList, isTreeMap } from "@slipway/base";
import { errorOf } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { overrideText, parseSet, parseSetFile, parseSetJson, setFileName } from "./value-override.ts";

test("an argument is split at the first colon and the first equals sign", () => {
  expect(parseSet("gpuoperator:driver.repository=nvcr.io:443/a=b")).toEqual({
    flag: "--set",
    key: "gpuoperator",
    path: "driver.repository",
    steps: ["driver", "repository"],
    value: "nvcr.io:443/a=b",
    text: "nvcr.io:443/a=b",
  });
});

test.each([
  ["true", true],
  ["false", false],
  ["True", "True"],
  ["7", 7],
  ["-3", -3],
  ["0", 0],
  ["0.5", 0.5],
  ["570.1", 570.1],
  ["9007199254740993", 9007199254740993n],
  ["9223372036854775807", 9223372036854775807n],
  ["9223372036854775808", "9223372036854775808"],
  ["570.10", "570.10"],
  ["1.50", "1.50"],
  ["007", "007"],
  ["1e3", "1e3"],
  ["-0", "-0"],
  ["+5", "+5"],
  [".5", ".5"],
  ["1.", "1."],
  ["1_000", "1_000"],
  ["0x1F", "0x1F"],
  ["Inf", "Inf"],
  ["null", "null"],
  ["1.2.3", "1.2.3"],
  ["a,b", "a,b"],
  [" 7", " 7"],
])("the value %j is typed so that nothing of it is lost", (text, value) => {
  expect(parseSet(`a:b=${text}`).value).toBe(value);
});

test("whatever is given, printing the value gives it back", () => {
  const text = fc.oneof(fc.string({ minLength: 1 }), fc.double().map(String), fc.bigInt().map(String));
  fc.assert(
    fc.property(text, (given) => {
      const { value } = parseSet(`a:b=${given}`);
      expect(isTreeList(value) || isTreeMap(value) ? undefined : String(value)).toBe(given);
    }),
  );
});

test.each([
  ["driver.version", ["driver", "version"]],
  ["a.0.b", ["a", "0", "b"]],
  ["a/b.c d", ["a/b", "c d"]],
  ["env[0].name", ["env", 0, "name"]],
  [`nodeSelector."kubernetes.io/os"`, ["nodeSelector", "kubernetes.io/os"]],
])("the path %s has the steps %j", (path, steps) => {
  expect(parseSet(`a:${path}=1`).steps).toEqual(steps);
});

test("JSON may be any document, null included", () => {
  expect(parseSetJson('a:tolerations=[{"operator":"Exists"}]').value).toEqual([{ operator: "Exists" }]);
  expect(parseSetJson("a:b=null").value).toBeNull();
  expect(parseSetJson('a:b=""').value).toBe("");
});

test("a file's content is text, whatever it looks like", () => {
  expect(parseSetFile("a:config=./my=file.yaml", "true\n")).toEqual({
    flag: "--set-file",
    key: "a",
    path: "config",
    steps: ["config"],
    value: "true\n",
    text: "./my=file.yaml",
  });
  expect(setFileName("a:config=./my=file.yaml")).toBe("./my=file.yaml");
});

test("a message shows an override as it was written, a long value cut", () => {
  expect(overrideText(parseSet("a:b.c=1.50"))).toBe("--set a:b.c=1.50");
  expect(overrideText(parseSet(`a:b=${"x".repeat(100)}`))).toBe(`--set a:b=${"x".repeat(57)}...`);
});

test.each([
  ["ab=1", '--set: expected KEY:path=value, found "ab=1"\nFor example: --set gpu-operator:driver.version=570.86.16'],
  [":b=1", '--set: expected KEY:path=value, found ":b=1"\nFor example: --set gpu-operator:driver.version=570.86.16'],
  ["a:b", '--set: expected KEY:path=value, found "a:b"\nFor example: --set gpu-operator:driver.version=570.86.16'],
  ["a:=1", '--set: expected KEY:path=value, found "a:=1"\nA path in the component\'s values is needed.'],
  ["a:b=", `--set: expected KEY:path=value, found "a:b="\nFor an empty text: --set-json 'a:b=""'`],
  ["a:x.__proto__.y=1", '--set x.__proto__.y: the key "__proto__" is not allowed'],
  ["a:constructor=1", '--set constructor: the key "constructor" is not allowed'],
])("--set %s is refused", (argument, message) => {
  const error = errorOf(() => parseSet(argument));
  expect([error.code, error.describe()]).toEqual(["INVALID_INPUT", message]);
});

test("a path may not be deeper than a document", () => {
  const error = errorOf(() => parseSet(`a:${"x.".repeat(50_000)}x=1`));
  expect([error.code, error.describe()]).toEqual(["TOO_LARGE", "--set: the path has 50001 steps, and 100 is the most"]);
});

test.each(["a:b[=1", 'a:"b=1', "a:b[x]=1"])("the path of --set %s cannot be read", (argument) => {
  expect(errorOf(() => parseSet(argument)).code).toBe("INVALID_INPUT");
});

test("what is no JSON is refused with the flag, and so is a key that no map may have", () => {
  expect(errorOf(() => parseSetJson("a:b={x}")).describe()).toMatch(/^--set-json a:b: not valid JSON: /);
  expect(errorOf(() => parseSetJson('a:b={"__proto__":{"x":1}}')).describe()).toBe(
    '--set-json a:b: the key "__proto__" is not allowed',
  );
});

test.each([
  ["a..b", 2],
  [".x", 1],
  ["x.", 2],
  ["..", 1],
])("the path %s has an empty step, which is no key", (path, step) => {
  const error = errorOf(() => parseSet(`gpu:${path}=1`));
  expect([error.code, error.describe()]).toEqual([
    "USAGE",
    `--set: step ${step} of the path "${path}" is empty
A path is keys between single dots, without one in front or behind: driver.version`,
  ]);
});
