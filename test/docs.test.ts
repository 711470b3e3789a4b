import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pages, renderPage } from "../tools/docs.ts";

test.each(pages())("every command in %s prints what the page says", (path) => {
  const page = readFileSync(join(import.meta.dirname, "..", path), "utf8");
  expect(renderPage(page)).toBe(page);
});
