import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, readdir, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import { nodeFiles } from "./node-files.ts";
import { withDirectory } from "./testing/index.ts";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("what a path is, without following links", async () => {
  await withDirectory({ "f.txt": "abc", "d/x": "" }, async (cwd) => {
    await symlink("f.txt", join(cwd, "l"));
    execFileSync("mkfifo", [join(cwd, "p")]);
    const files = nodeFiles({ cwd });
    expect(await files.info("f.txt")).toEqual({ kind: "file", size: 3 });
    expect((await files.info("d"))?.kind).toBe("directory");
    expect((await files.info("l"))?.kind).toBe("link");
    expect((await files.info("p"))?.kind).toBe("other");
    expect(await files.info("none")).toBeUndefined();
    expect((await rejectionOf(files.info("f.txt/x"))).describe()).toBe(
      "f.txt/x: a part of the path is not a directory",
    );
  });
});

test("a list is sorted by bytes", async () => {
  await withDirectory({ b: "", B: "", "a/x": "", ä: "", a10: "" }, async (cwd) => {
    const names = (await nodeFiles({ cwd }).list(".")).map(({ name }) => name);
    expect(names).toEqual(["B", "a", "a10", "b", "ä"]);
    expect((await rejectionOf(nodeFiles({ cwd }).list("none"))).code).toBe("NOT_FOUND");
  });
});

test("a file is read up to a limit, links followed", async () => {
  await withDirectory({ f: "abcd" }, async (cwd) => {
    await symlink("f", join(cwd, "l"));
    const files = nodeFiles({ cwd });
    expect(text(await files.read("l", 4))).toBe("abcd");
    expect((await rejectionOf(files.read("f", 3))).describe()).toBe("f: larger than 3 bytes, which is the limit");
    await truncate(join(cwd, "f"), 10 * 1024 ** 3);
    const error = await rejectionOf(files.read("f", 64 * 1024 ** 2));
    expect([error.code, error.describe()]).toEqual(["TOO_LARGE", "f: larger than 64 MiB, which is the limit"]);
  });
});

test("directories, devices and pipes are not read", async () => {
  await withDirectory({}, async (cwd) => {
    execFileSync("mkfifo", [join(cwd, "p")]);
    await symlink("/dev/zero", join(cwd, "zero"));
    const files = nodeFiles({ cwd });
    const refused = await Promise.all(
      [".", "p", "zero", "none"].map(async (path) => (await rejectionOf(files.read(path, 10))).describe()),
    );
    expect(refused).toEqual([
      ".: this is a directory, a file is needed",
      "p: this is a device or a pipe, not a file",
      "zero: this is a device or a pipe, not a file",
      "none: no such file or directory",
    ]);
  });
});

test("a pipe is read when that is asked for, up to the limit", async () => {
  await withDirectory({}, async (cwd) => {
    execFileSync("mkfifo", [join(cwd, "p")]);
    const files = nodeFiles({ cwd, pipes: true });
    const [content] = await Promise.all([files.read("p", 5), writeFile(join(cwd, "p"), "hello")]);
    expect(text(content)).toBe("hello");
    const [error] = await Promise.all([rejectionOf(files.read("p", 4)), writeFile(join(cwd, "p"), "hello")]);
    expect(error.code).toBe("TOO_LARGE");
    expect((await rejectionOf(files.read("/dev/zero", 10))).code).toBe("INVALID_INPUT");
  });
});

test("a write replaces the file, keeps its mode, and leaves nothing else", async () => {
  await withDirectory({ f: "old" }, async (cwd) => {
    await chmod(join(cwd, "f"), 0o640);
    await nodeFiles({ cwd }).write("f", "new");
    expect(await readFile(join(cwd, "f"), "utf8")).toBe("new");
    expect((await stat(join(cwd, "f"))).mode & 0o777).toBe(0o640);
    expect(await readdir(cwd)).toEqual(["f"]);
  });
});

test("a write through a link changes the file behind it", async () => {
  await withDirectory({ "d/f": "old" }, async (cwd) => {
    await symlink("d/f", join(cwd, "l"));
    await nodeFiles({ cwd }).write("l", "new");
    expect(await readFile(join(cwd, "d/f"), "utf8")).toBe("new");
    expect((await nodeFiles({ cwd }).info("l"))?.kind).toBe("link");
  });
});

test("a write to a device goes there", async () => {
  await nodeFiles({ cwd: "/" }).write("/dev/null", "x");
  expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
});

test("a write that fails leaves what was there", async () => {
  await withDirectory({ "d/f": "old" }, async (cwd) => {
    await mkdir(join(cwd, "full"));
    const files = nodeFiles({ cwd });
    expect((await rejectionOf(files.write("none/f", "x"))).describe()).toBe("none/f: no such file or directory");
    expect((await rejectionOf(files.write("d", "x"))).describe()).toBe("d: this is a directory, a file is needed");
    expect((await rejectionOf(files.write("/proc/version", "x"))).code).not.toBe("BUG");
    expect(await readdir(join(cwd, "d"))).toEqual(["f"]);
    expect((await rejectionOf(files.write("a\0b", "x"))).describe()).toContain("not a valid path");
  });
});
