import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
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

const root = join(import.meta.dirname, "..");

/** Anchors as GitHub makes them of headings. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = page.replaceAll(/^```[^]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, text = ""]) =>
      text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test("every link between our pages leads to a file, and to a heading of it", () => {
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
    cwd: root,
    encoding: "utf8",
  });
  const broken = files
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)))
    .flatMap((file) => {
      const page = readFileSync(join(root, file), "utf8");
      return [...page.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(
        ([link, path = "", anchor]) => {
          const target = path === "" ? join(root, file) : join(root, dirname(file), path);
          if (!existsSync(target)) return [`${file}: ${link}`];
          if (anchor === undefined || !target.endsWith(".md")) return [];
          return anchorsOf(readFileSync(target, "utf8")).has(anchor) ? [] : [`${file}: ${link}`];
        },
      );
    });
  expect(broken).toEqual([]);
});
