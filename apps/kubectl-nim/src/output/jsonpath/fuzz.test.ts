import { SlipwayError } from "@slipway/base";
import { anyMap } from "@slipway/base/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { findAll, render } from "./render.ts";
import { parseExpression, parseTemplate } from "./parse.ts";

const PIECES = [
  ...Array.from("{}[]().*,:?@$'\"\\-+=<>!&|~ \n0127a"),
  "..",
  "range ",
  "end",
  "{range .items[*]}",
  "{end}",
  "{.metadata.name}",
  "[?(@.x==1)]",
  "['a.b']",
  "[0:2]",
  "__proto__",
  "constructor",
];
const anyTemplate = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) => parts.join(""));

/** Whether an action gives what is expected of it, or fails with a message for people. */
function isTold(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (error) {
    return error instanceof SlipwayError && error.code === "USAGE" && error.message !== "";
  }
}

test("any template is read, or refused with a message; any object is printed by it, or refused so", () => {
  fc.assert(
    fc.property(anyTemplate, anyMap, (template, object) => {
      expect(isTold(() => parseExpression(template))).toBe(true);
      expect(
        isTold(() => {
          const nodes = parseTemplate(template);
          return [render(nodes, object), findAll(nodes, object)];
        }),
      ).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test("text without braces stands for itself", () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes("{")),
      (text) => {
        expect(render(parseTemplate(text), {})).toBe(text);
      },
    ),
  );
});

test("a key of any spelling is found in brackets", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (key) => {
      const quoted = key.replaceAll(/[\\']/g, String.raw`\$&`);
      const object = Object.fromEntries([[key, "found"]]);
      expect(render(parseTemplate(`{['${quoted}']}`), object)).toBe("found");
    }),
  );
});
