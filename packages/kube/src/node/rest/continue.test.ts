import { compactJson } from "@slipway/base";
import { expect, test } from "vitest";
import { continueOf } from "./answer.ts";

const ITEM = { metadata: { continue: "wrong", name: "x" } };

test.each([
  [
    "of custom resources",
    { apiVersion: "v1", items: [ITEM], kind: "L", metadata: { continue: "abc-_.=+/", resourceVersion: "1" } },
    "abc-_.=+/",
  ],
  ["that is the last", { apiVersion: "v1", items: [ITEM], kind: "L", metadata: { resourceVersion: "1" } }, undefined],
  ["with an empty one", { items: [], metadata: { continue: "", resourceVersion: "1" } }, undefined],
  ["that ends with its items", { metadata: { continue: "abc" }, items: [ITEM] }, undefined],
  ["that ends with something else", { metadata: { continue: "abc" }, other: ITEM }, undefined],
])("what asks for the page behind a list %s", (_, list, expected) => {
  expect(continueOf(`${compactJson(list)}\n`)).toBe(expected);
});
