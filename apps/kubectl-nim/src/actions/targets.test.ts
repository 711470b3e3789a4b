import { errorOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { namesKind, oneTarget, targetsOf } from "./targets.ts";

function told(line: string): readonly string[] {
  return targetsOf(line.split(" ")).map(({ kind, name }) => `${kind.kind} ${name ?? "all"}`);
}

test.each([
  ["nimservice", ["NIMService all"]],
  ["nimservices", ["NIMService all"]],
  ["NIMCache a b a", ["NIMCache a", "NIMCache b"]],
  ["nimservice/a", ["NIMService a"]],
  ["nimservices/a nimcache/a", ["NIMService a", "NIMCache a"]],
  ["nimcaches.apps.nvidia.com a", ["NIMCache a"]],
])("%s", (line, expected) => {
  expect(told(line)).toEqual(expected);
});

test.each([
  ["", '"" is no kind that this program knows: nimservice or nimcache'],
  ["nimservce a", '"nimservce" is no kind that this program knows: nimservice or nimcache\nDid you mean "nimservice"?'],
  ["pods a", '"pods" is no kind that this program knows: nimservice or nimcache'],
  ["nimservice a/b", '"a/b" stands behind nimservice: give KIND NAME... or KIND/NAME..., not both'],
  ["nimservice/a b", '"b" is no kind that this program knows: nimservice or nimcache'],
  ["nimservice/a nimcache", '"nimcache" names no object: give nimcache/NAME for each'],
  ["nimservice/a/b", '"nimservice/a/b" has more than one slash: expected KIND/NAME'],
  ["nimservice/", "the name of the nimservice is empty"],
])("%j is refused", (line, message) => {
  const error = errorOf(() => told(line));
  expect([error.code, error.describe()]).toEqual(["USAGE", message]);
});

test("one object", () => {
  const usage = "kubectl nim explain KIND NAME";
  expect(oneTarget(["nimcache", "a"], usage)).toMatchObject({ name: "a" });
  expect(errorOf(() => oneTarget(["nimcache"], usage)).describe()).toBe(
    `which nimcache is meant? NAME is missing\nUsage: ${usage}`,
  );
  expect(errorOf(() => oneTarget(["nimcache", "a", "b"], usage)).describe()).toBe(
    `it takes one object at a time; what is nimcache/b?\nUsage: ${usage}`,
  );
});

test("words that name a kind", () => {
  expect(["nimservice", "nimcaches/a", "llama", "llama/nimcache"].map(namesKind)).toEqual([true, true, false, false]);
});
