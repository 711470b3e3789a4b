import { expect, test } from "vitest";
import { markdownBlock, markdownCode, markdownTable, markdownText } from "./markdown.ts";

test("text shows what it is, on one line", () => {
  expect(markdownText("plain-name 1.2")).toBe("plain-name 1.2");
  expect(markdownText("a|b\n# head `c` *d* <b> [x](y)")).toBe(String.raw`a\|b \# head \`c\` \*d\* \<b\> \[x\]\(y\)`);
});

test("code is fenced with more backticks than it has, and keeps a table whole", () => {
  expect(markdownCode("a b")).toBe("`a b`");
  expect(markdownCode("a`b``c")).toBe("``` a`b``c ```");
  expect(markdownCode("a|b\nc")).toBe(String.raw`${"`"}a\|b c${"`"}`);
  expect(markdownCode("")).toBe("");
});

test("a block ends where its text ends", () => {
  expect(markdownBlock("shell", ["echo '```'", "ls"])).toBe("````shell\necho '```'\nls\n````");
});

test("a table has a line for its head, and one for each row", () => {
  expect(markdownTable(["a", "b"], [["1", "2"]])).toBe("| a | b |\n| --- | --- |\n| 1 | 2 |");
});
