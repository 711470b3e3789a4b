import { expect, test } from "vitest";
import type { Test } from "../report/model.ts";
import { tinyPolicy } from "../testing/tiny-wasm.ts";
import { loadWasm } from "./wasm.ts";

const run = async (answers: Readonly<Record<string, string>>): Promise<readonly Test[]> =>
  (await loadWasm(tinyPolicy(answers), "p.wasm"))({ recipe: { kind: "RecipeResult" } });

test("every entry point is a test", async () => {
  const tests = await run({
    "main/deny": '[{"result":["no root","no latest"]}]',
    "main/warn_images": '[{"result":[{"msg":"old"}]}]',
    "main/violation": '[{"result":[]}]',
    "main/allow": '[{"result":false}]',
    "other/allow": '[{"result":true}]',
  });
  expect(tests.map(({ name, verdict, message, suite }) => [name, verdict, message, suite.join("/")])).toEqual([
    ["main.deny", "failed", "no root (and 1 more)", "policy/p.wasm"],
    ["main.warn_images", "warning", "old", "policy/p.wasm"],
    ["main.violation", "passed", undefined, "policy/p.wasm"],
    ["main.allow", "failed", "allow is false", "policy/p.wasm"],
    ["other.allow", "passed", undefined, "policy/p.wasm"],
  ]);
});

test("a whole package may be the entry point", async () => {
  const tests = await run({ main: '[{"result":{"deny":["x"],"helper":3,"sub":{"deny_more":[]}}}]' });
  expect(tests.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["main.deny", "failed"],
    ["main.sub.deny_more", "passed"],
  ]);
});

test("an undefined rule that denies has passed", async () => {
  expect((await run({ "main/deny_all": "[]" })).map(({ verdict }) => verdict)).toEqual(["passed"]);
});

test.each([
  [
    "a policy without a rule that counts",
    { "main/help": '[{"result":1}]' },
    /has no rule deny, violation, warn or allow/,
  ],
  ["an answer that is no JSON", { "main/deny": "[{" }, /not a policy that can be run: .*JSON/],
])("%s", async (_, answers, message) => {
  await expect(run(answers)).rejects.toThrow(message);
});

test("what is no module is refused with how to make one", async () => {
  await expect(loadWasm(Uint8Array.from([1, 2, 3]), "p.wasm")).rejects.toMatchObject({
    code: "INVALID_INPUT",
    place: { file: "p.wasm" },
    message: expect.stringMatching(/^not a policy that can be run: /),
    hint: expect.stringMatching(/opa build -t wasm/),
  });
});

test("a policy that never ends is stopped", async () => {
  const policy = await loadWasm(tinyPolicy({ "main/deny": "forever" }), "p.wasm", 100);
  await expect((async () => policy({}))()).rejects.toMatchObject({
    code: "TIMED_OUT",
    message: "gave no answer within 100ms",
    place: { file: "p.wasm" },
  });
});
