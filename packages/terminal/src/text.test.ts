import { expect, test } from "vitest";
import { painter, printable, sentence } from "./text.ts";

test("control characters cannot reach a terminal", () => {
  expect(printable("a\u001b[2Jb\r\u0007\u009bc\u202ed")).toBe(String.raw`a\x1b[2Jb\x0d\x07\x9bc\u202ed`);
});

test("lines, tabs and other letters stay", () => {
  expect(printable("a\n\tä 漢 🙂")).toBe("a\n\tä 漢 🙂");
});

test.each([
  ["on a terminal", true, {}, "\u001b[31mx\u001b[39m"],
  ["in a pipe", false, {}, "x"],
  ["with NO_COLOR", true, { NO_COLOR: "1" }, "x"],
  ["with an empty NO_COLOR", true, { NO_COLOR: "" }, "\u001b[31mx\u001b[39m"],
  ["on a terminal without colours", true, { TERM: "dumb" }, "x"],
])("colour %s", (_name, isTerminal, env, expected) => {
  expect(painter({ isTerminal }, env)("red", "x")).toBe(expected);
});

test("a sentence has its further lines indented, and no more than a screen of it is shown", () => {
  expect(sentence("no file: a\nerror: b\u0007")).toBe("no file: a\n  error: b\\x07");
  expect(sentence("x".repeat(2000))).toBe("x".repeat(2000));
  expect(sentence(`${"a".repeat(1500)}${"b".repeat(1500)}`)).toBe(
    `${"a".repeat(1000)} ... (1000 characters) ... ${"b".repeat(1000)}`,
  );
});
