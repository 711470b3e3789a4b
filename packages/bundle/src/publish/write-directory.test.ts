import * as fs from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { bundleOf, filesOf } from "../testing/bundles.ts";
import { fill, temporaryFolder, treeOf } from "../testing/folders.ts";
import type { Disk } from "./disk.ts";
import { writeBundleDirectory } from "./write-directory.ts";

const BUNDLE = bundleOf({ "recipe.yaml": "kind: Recipe\n", "deploy.sh": "#!/bin/sh\n", "a/values.yaml": "x: 1\n" });
const SUMS = String(BUNDLE.files.find(({ path }) => path === "checksums.txt")?.content);

const WRITTEN = {
  "a/": "755",
  "a/values.yaml": "600 x: 1\n",
  "checksums.txt": `600 ${SUMS}`,
  "deploy.sh": "755 #!/bin/sh\n",
  "recipe.yaml": "600 kind: Recipe\n",
};

/** A disk whose step number `at` (from 0) fails after or in place of what it should do; counts its steps. */
function failingDisk(at: number): { readonly disk: Disk; readonly steps: () => number } {
  let count = 0;
  const step = <Args extends readonly unknown[], Result>(run: (...args: Args) => Promise<Result>) => {
    return async (...args: Args): Promise<Result> => {
      if (count++ === at) throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
      return await run(...args);
    };
  };
  const disk: Disk = {
    ...fs,
    rename: step(fs.rename),
    writeFile: step(fs.writeFile),
    chmod: step(fs.chmod),
    rmdir: step(fs.rmdir),
  };
  return { disk, steps: () => count };
}

/** A disk that aborts a signal just before its renaming or writing number `at`. */
function abortingDisk(at: number): { readonly disk: Disk; readonly signal: AbortSignal; readonly steps: () => number } {
  const abort = new AbortController();
  let count = 0;
  const tick = (): void => {
    if (count++ === at) abort.abort(new SlipwayError("INTERRUPTED", "interrupted"));
  };
  const rename: Disk["rename"] = async (from, to) => {
    tick();
    await fs.rename(from, to);
  };
  const writeFile: Disk["writeFile"] = async (path, data, options) => {
    tick();
    await fs.writeFile(path, data, options);
  };
  return { disk: { ...fs, rename, writeFile }, signal: abort.signal, steps: () => count };
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => "no error",
    (thrown: unknown) => thrown,
  );
  return error instanceof SlipwayError ? `${error.code}: ${error.message}` : String(error);
}

test("a new folder is made with its parents", async () => {
  const folder = await temporaryFolder();
  const written = await writeBundleDirectory(BUNDLE, join(folder, "deep/er/bundle"));
  expect(written).toEqual({ directory: join(folder, "deep/er/bundle"), files: 4, removed: [], foreign: [] });
  expect(await treeOf(join(folder, "deep/er"))).toEqual({
    "bundle/": "755",
    ...Object.fromEntries(Object.entries(WRITTEN).map(([path, value]) => [`bundle/${path}`, value])),
  });
});

test("an existing folder keeps the files of its user and loses those of an older bundle", async () => {
  const folder = await temporaryFolder();
  const older = bundleOf({
    "recipe.yaml": "older",
    "deploy.sh": "older",
    "gone/deep/values.yaml": "older",
    "gone/README.md": "older",
    "edited/values.yaml": "older",
    "a/values.yaml": "older",
  });
  await writeBundleDirectory(older, folder);
  await fill(folder, {
    "mine.txt": "mine",
    "a/mine.txt": "mine",
    "edited/values.yaml": "edited",
    ".git/config": "git",
  });

  const written = await writeBundleDirectory(BUNDLE, folder);

  expect(written.removed).toEqual(["gone/README.md", "gone/deep/values.yaml"]);
  expect(written.foreign).toEqual([".git", "edited/values.yaml", "mine.txt"]);
  expect(await treeOf(folder)).toEqual({
    ...WRITTEN,
    ".git/": "755",
    ".git/config": "644 git",
    "a/mine.txt": "644 mine",
    "edited/": "755",
    "edited/values.yaml": "644 edited",
    "mine.txt": "644 mine",
  });
});

test("a checksums.txt that is not a bundle's is one of the files that a bundle must not replace", async () => {
  const folder = await temporaryFolder();
  const release = bundleOf({ "dist/program": "program" });
  await writeBundleDirectory(release, folder);
  const before = await treeOf(folder);
  expect(await codeOf(writeBundleDirectory(BUNDLE, folder))).toBe(
    `CONFLICT: ${folder} has files that no bundle wrote and that this one would replace: checksums.txt`,
  );
  expect(await treeOf(folder)).toEqual(before);
});

test("files of its user are not replaced, unless they hold the same or are named as replaceable", async () => {
  const folder = await temporaryFolder();
  const texts = { "deploy.sh": "#!/bin/sh\n", "recipe.yaml": "mine", "a/values.yaml": "mine" };
  await fill(folder, texts);
  const before = await treeOf(folder);
  expect(await codeOf(writeBundleDirectory(BUNDLE, folder))).toBe(
    `CONFLICT: ${folder} has files that no bundle wrote and that this one would replace: a/values.yaml, recipe.yaml`,
  );
  expect(await treeOf(folder)).toEqual(before);
  await writeBundleDirectory(BUNDLE, folder, { mayReplace: new Set(["recipe.yaml", "a/values.yaml"]) });
  expect(await treeOf(folder)).toEqual(WRITTEN);
});

test("what was changed by hand since a bundle wrote it is not replaced", async () => {
  const folder = await temporaryFolder();
  await writeBundleDirectory(bundleOf({ "recipe.yaml": "older", "a/values.yaml": "older" }), folder);
  await fill(folder, { "a/values.yaml": "by hand" });
  const before = await treeOf(folder);
  expect(await codeOf(writeBundleDirectory(BUNDLE, folder))).toBe(
    `CONFLICT: ${folder} has files that were changed since a bundle wrote them: a/values.yaml`,
  );
  expect(await treeOf(folder)).toEqual(before);
});

test("hostile lines in an older checksums.txt reach nothing outside and no link", async () => {
  const folder = await temporaryFolder();
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  await fill(folder, {
    outside: "",
    "elsewhere/file": "",
    "b/link": "-> ../elsewhere",
    "b/recipe.yaml": "",
    "b/checksums.txt": [
      `${empty}  ../outside`,
      `${empty}  ${folder}/outside`,
      `${empty}  link/file`,
      `${empty}  recipe.yaml`,
    ].join("\n"),
  });
  await writeBundleDirectory(BUNDLE, join(folder, "b"));
  expect(await treeOf(folder)).toMatchObject({
    outside: "644 ",
    "elsewhere/file": "644 ",
    "b/link": "-> ../elsewhere",
  });
});

test("a link that the user named as the output is followed, as any shell would", async () => {
  const folder = await temporaryFolder();
  await fill(folder, { "real/mine.txt": "mine", link: "-> real" });
  const written = await writeBundleDirectory(BUNDLE, join(folder, "link"));
  expect(written.directory).toBe(join(folder, "real"));
  expect(await treeOf(join(folder, "real"))).toEqual({ ...WRITTEN, "mine.txt": "644 mine" });
});

test.each([
  [
    "a link in the place of a folder",
    { "b/a": "-> ../outside", "outside/values.yaml": "safe" },
    /b\/a: a symbolic link/,
  ],
  [
    "a link in the place of a file",
    { "b/deploy.sh": "-> ../outside", outside: "safe" },
    /b\/deploy\.sh: a symbolic link/,
  ],
  ["a dangling link as the output", { b: "-> nowhere" }, /b is there already and is no folder/],
  ["a file as the output", { b: "a file" }, /b is there already and is no folder/],
  ["a file in the place of a folder", { "b/a": "a file" }, /b\/a: something else/],
  ["a folder in the place of a file", { "b/deploy.sh/x": "" }, /b\/deploy\.sh: something else/],
])("%s is refused and nothing changes", async (_name, files, message) => {
  const folder = await temporaryFolder();
  await fill(folder, files);
  const before = await treeOf(folder);
  expect(await codeOf(writeBundleDirectory(BUNDLE, join(folder, "b")))).toMatch(message);
  expect(await treeOf(folder)).toEqual(before);
});

test.each(["../x", "/etc/x", "a/../../x", "", "a//b", "./x", "a\\b", "C:x", "a\nb", "a\0b", "x".repeat(300)])(
  "the path %j is refused before anything is written",
  async (path) => {
    const folder = await temporaryFolder();
    const bundle = { files: filesOf({ "fine.txt": "fine", [path]: "bad" }) };
    expect(await codeOf(writeBundleDirectory(bundle, join(folder, "b")))).toMatch(
      /^INVALID_INPUT: .* is no path of a bundle/,
    );
    expect(await treeOf(folder)).toEqual({});
  },
);

test("two files of one name, and a file that is also a folder, are refused", async () => {
  const folder = await temporaryFolder();
  const twice = { files: [...filesOf({ a: "1" }), ...filesOf({ a: "2" })] };
  expect(await codeOf(writeBundleDirectory(twice, folder))).toBe(
    "INVALID_INPUT: the bundle cannot hold two files named a",
  );
  const both = { files: filesOf({ a: "1", "a/b/c": "2" }) };
  expect(await codeOf(writeBundleDirectory(both, folder))).toBe(
    "INVALID_INPUT: the bundle cannot hold both a and a/b/c",
  );
  expect(await treeOf(folder)).toEqual({});
});

const SITUATIONS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["no folder", { "x.txt": "beside" }],
  [
    "a folder with an older bundle and files of its user",
    {
      "b/mine.txt": "mine",
      "b/a/values.yaml": "old",
      "b/old/deep/f": "",
      "b/deploy.sh": "old",
      "b/checksums.txt": oldSums(),
    },
  ],
];

function oldSums(): string {
  return String(
    bundleOf({ "old/deep/f": "", "deploy.sh": "old", "a/values.yaml": "old" }).files.find(
      ({ path }) => path === "checksums.txt",
    )?.content,
  );
}

/** What an undisturbed run makes of a situation. */
async function undisturbed(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  await fill(folder, files);
  await writeBundleDirectory(BUNDLE, join(folder, "b"));
  return await treeOf(folder);
}

test.each(SITUATIONS)("%s: a failure at any step leaves what was there", async (_name, files) => {
  const written = await undisturbed(files);
  let at = 0;
  for (let done = false; !done; at++) {
    const folder = await temporaryFolder();
    await fill(folder, files);
    const before = await treeOf(folder);
    const { disk, steps } = failingDisk(at);
    const outcome = await codeOf(writeBundleDirectory(BUNDLE, join(folder, "b"), { disk }));
    done = steps() <= at;
    const failed = [`UNAVAILABLE: ${join(folder, "b")} cannot be written: EIO: i/o error`, before];
    expect([outcome, await treeOf(folder)]).toEqual(done ? ["no error", written] : failed);
  }
  expect(at).toBeGreaterThan(5);
});

test.each(SITUATIONS)("%s: Ctrl-C at any step leaves what was there, or the whole bundle", async (_name, files) => {
  const written = await undisturbed(files);
  let at = 0;
  for (let done = false; !done; at++) {
    const folder = await temporaryFolder();
    await fill(folder, files);
    const before = await treeOf(folder);
    const { disk, signal, steps } = abortingDisk(at);
    const outcome = await codeOf(writeBundleDirectory(BUNDLE, join(folder, "b"), { disk, signal }));
    done = steps() <= at;
    const whole = ["no error", written];
    expect([outcome, await treeOf(folder)]).toEqual(
      outcome === "no error" ? whole : ["INTERRUPTED: interrupted", before],
    );
  }
  expect(at).toBeGreaterThan(5);
});

test("a change that cannot be taken back says where the old files are", async () => {
  const folder = await temporaryFolder();
  await fill(folder, { "deploy.sh": "old" });
  let renames = 0;
  const rename: Disk["rename"] = async (from, to) => {
    if (++renames > 3) throw Object.assign(new Error("EIO: i/o error"), { code: "EIO" });
    await fs.rename(from, to);
  };
  const error: unknown = await writeBundleDirectory(BUNDLE, folder, {
    disk: { ...fs, rename },
    mayReplace: new Set(["deploy.sh"]),
  }).catch((thrown: unknown) => thrown);
  expect(error instanceof SlipwayError && error.describe()).toMatch(
    /^a failed change could not be taken back: .*\nThe files that were there before are kept in .*\.slipway-.*\.$/,
  );
});
