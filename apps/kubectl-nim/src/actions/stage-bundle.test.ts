import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rejectionOf } from "@slipway/base/testing";
import { withDirectory } from "@slipway/terminal/testing";
import { expect, test } from "vitest";
import { bundlePlace, stageBundle } from "./stage-bundle.ts";

const now = new Date("2026-01-02T03:04:05.678Z");
const signal = new AbortController().signal;

test.each([
  ["", {}, "/tmp/nim_log_diagnostic_bundle_20260102_030405", false, true],
  ["", { TMPDIR: "/var/tmp" }, "/var/tmp/nim_log_diagnostic_bundle_20260102_030405", false, true],
  ["out", {}, "/work/out", false, false],
  ["out", { ARTIFACT_DIR: "out" }, "/work/out", false, true],
  ["../a.tar.gz", {}, "/a.tar.gz", true, false],
  ["/b/c.tgz", {}, "/b/c.tgz", true, false],
])("%j goes to the right place", (given, env, path, isArchive, makesParents) => {
  expect(bundlePlace({ given, io: { env, cwd: "/work" }, now })).toEqual({ path, isArchive, makesParents });
});

test("an empty directory is filled, and only the owner may look", async () => {
  await withDirectory({}, async (root) => {
    const path = join(root, "out");
    await mkdir(path);
    const staged = await stageBundle({ path, isArchive: false, makesParents: true });
    expect(await staged.write("nim/a.log", "text\n")).toBe(5);
    expect(await readdir(path)).toEqual([]);
    await staged.publish(signal);
    expect(await readFile(join(path, "nim/a.log"), "utf8")).toBe("text\n");
    expect([(await stat(path)).mode & 0o777, (await stat(join(path, "nim/a.log"))).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
    expect(await readdir(root)).toEqual(["out"]);
  });
});

test("what comes to the place meanwhile is not overwritten", async () => {
  await withDirectory({}, async (root) => {
    const path = join(root, "b.tar.gz");
    const staged = await stageBundle({ path, isArchive: true, makesParents: true });
    await staged.write("index.json", "{}");
    await writeFile(path, "mine");
    expect((await rejectionOf(staged.publish(signal))).message).toBe(`${path} is there already`);
    await staged.discard();
    expect([await readFile(path, "utf8"), await readdir(root)]).toEqual(["mine", ["b.tar.gz"]]);
  });
});

test("what is given up leaves nothing, folders above it included", async () => {
  await withDirectory({}, async (root) => {
    const staged = await stageBundle({ path: join(root, "a/b/out"), isArchive: false, makesParents: true });
    await staged.write("x/y/z", "text");
    await staged.discard();
    expect(await readdir(root)).toEqual([]);
  });
});

test.each(["../x", "/etc/x", "a//b", "a/./b", "", "a\0b"])("%j has no place in a bundle", async (path) => {
  await withDirectory({}, async (root) => {
    const staged = await stageBundle({ path: join(root, "out"), isArchive: false, makesParents: true });
    expect((await rejectionOf(staged.write(path, "text"))).message).toBe(
      `a bundle has no place for ${JSON.stringify(path)}`,
    );
    await staged.discard();
  });
});

test("a place that cannot be written to is named", async () => {
  await withDirectory({}, async (root) => {
    await writeFile(join(root, "file"), "");
    const path = join(root, "file/out");
    const error = await rejectionOf(stageBundle({ path, isArchive: false, makesParents: true }));
    expect([error.code, error.message.startsWith(`${path} cannot be written: ENOTDIR`)]).toEqual(["CONFLICT", true]);
  });
});
