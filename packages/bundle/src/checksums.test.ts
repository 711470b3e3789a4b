import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { checksumsOf, sha256Of } from "./checksums.ts";
import { textFile } from "./model.ts";
import { fill, temporaryFolder } from "./testing/folders.ts";

test("the digest of a text is that of its UTF-8 bytes", async () => {
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  expect(await sha256Of("")).toBe(empty);
  expect(await sha256Of(new Uint8Array())).toBe(empty);
  expect(await sha256Of("é")).toBe(await sha256Of(new Uint8Array([0xc3, 0xa9])));
});

test("paths are sorted by their bytes, as sort does it in the C locale", async () => {
  const paths = ["\u{1f600}.txt", "\uffee.txt", "b", "B"];
  const text = await checksumsOf(paths.map((path) => textFile(path, "")));
  expect(text.split("\n").map((line) => line.slice(66))).toEqual(["B", "b", "\uffee.txt", "\u{1f600}.txt", ""]);
});

test("the list is sorted by path, and sha256sum accepts it", async () => {
  const files = { "b/values.yaml": "b: 1\n", "README.md": "# x\n", "a.txt": "" };
  const text = await checksumsOf(Object.entries(files).map(([path, content]) => textFile(path, content)));
  expect(text.split("\n").map((line) => line.slice(66))).toEqual(["README.md", "a.txt", "b/values.yaml", ""]);
  const folder = await temporaryFolder();
  await fill(folder, { ...files, "checksums.txt": text });
  const seen = execFileSync("sha256sum", ["--check", "checksums.txt"], { cwd: folder, encoding: "utf8" });
  expect(seen).toBe("README.md: OK\na.txt: OK\nb/values.yaml: OK\n");
});
