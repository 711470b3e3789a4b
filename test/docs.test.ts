import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pages, renderPage } from "../tools/docs.ts";

/** A page starts the program fifty times, on a machine that may have other things to do. */
const LIMIT_MS = 300_000;

test.concurrent.each(pages())(
  "every command in %s prints what the page says",
  async (path) => {
    const page = readFileSync(join(import.meta.dirname, "..", path), "utf8");
    expect(await renderPage(page)).toBe(page);
  },
  LIMIT_MS,
);
