import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { SlipwayError } from "@slipway/base";
import { Header } from "tar";
import { expect, test } from "vitest";
import { bundleOf } from "../testing/bundles.ts";
import { fill, temporaryFolder, treeOf } from "../testing/folders.ts";
import { packFiles } from "./pack.ts";
import { readBundle } from "./read-bundle.ts";
import { parseMinimumTrustLevel, trustShortfall } from "./trust-level.ts";
import { verificationText, verifyBundle } from "./verify.ts";
import { writeBundleArchive } from "./write-archive.ts";
import { writeBundleDirectory } from "./write-directory.ts";

const BUNDLE = bundleOf({ "recipe.yaml": "kind: Recipe\n", "deploy.sh": "#!/bin/sh\n", "a/values.yaml": "x: 1\n" });
const HELLO = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

const PASSED = {
  trustLevel: "unverified",
  checksumsPassed: true,
  checksumFiles: 3,
  bundleAttested: false,
  binaryAttested: false,
  identityPinned: false,
  hasExternalData: false,
  errors: [],
};

interface Entry {
  readonly path: string;
  readonly type?: "File" | "SymbolicLink" | "Link" | "CharacterDevice" | "FIFO" | "Directory";
  readonly linkpath?: string;
  readonly content?: string;
  readonly declaredSize?: number;
}

/** An archive as somebody hostile would make it. */
function archiveOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, type = "File", linkpath, content = "", declaredSize }) => {
    const size = declaredSize ?? Buffer.byteLength(content);
    const header = new Header({ path, type, size, mode: 0o600, ...(linkpath === undefined ? {} : { linkpath }) });
    header.encode();
    return [
      header.block ?? Buffer.alloc(512),
      Buffer.concat([Buffer.from(content)], Math.ceil(content.length / 512) * 512),
    ];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

async function thrownBy(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => "no error",
    (thrown: unknown) => thrown,
  );
  return error instanceof SlipwayError ? `${error.code}: ${error.message}` : String(error);
}

test("a bundle that is kept in Git is still the bundle; a .git elsewhere is not", async () => {
  const folder = await temporaryFolder();
  await writeBundleDirectory(BUNDLE, join(folder, "b"));
  await fill(join(folder, "b"), { ".git/HEAD": "ref: refs/heads/main\n" });
  expect((await verifyBundle(join(folder, "b"))).errors).toEqual([]);
  await fill(join(folder, "b"), { "a/.git/HEAD": "" });
  expect((await verifyBundle(join(folder, "b"))).errors).toEqual(["a/.git/HEAD: not listed in checksums.txt"]);
});

test("a bundle that was written to a folder or an archive passes", async () => {
  const folder = await temporaryFolder();
  await writeBundleDirectory(BUNDLE, join(folder, "b"));
  await writeBundleArchive(BUNDLE, join(folder, "b.tar.gz"));
  expect(await verifyBundle(join(folder, "b"))).toEqual(PASSED);
  expect(await verifyBundle(join(folder, "b.tar.gz"))).toEqual(PASSED);
  expect(await readBundle(join(folder, "b"))).toEqual(BUNDLE.files);
  expect(await readBundle(join(folder, "b.tar.gz"))).toEqual(BUNDLE.files);
});

test("a bundle that tar packed, in a folder of its own or with dots, passes", async () => {
  const folder = await temporaryFolder();
  await writeBundleDirectory(BUNDLE, join(folder, "b"));
  execFileSync("tar", ["czf", "outer.tar.gz", "b"], { cwd: folder });
  execFileSync("tar", ["czf", "dots.tar.gz", "-C", "b", "."], { cwd: folder });
  expect(await verifyBundle(join(folder, "outer.tar.gz"))).toEqual(PASSED);
  expect(await verifyBundle(join(folder, "dots.tar.gz"))).toEqual(PASSED);
});

test("an archive is the same bytes whatever the order of the files, and tar unpacks it", async () => {
  const folder = await temporaryFolder();
  const long = bundleOf({ [`${"deep/".repeat(40)}ünï ☃.yaml`]: "x", "deploy.sh": "#!/bin/sh\n" });
  expect(packFiles([...long.files].reverse())).toEqual(packFiles(long.files));
  const { file, files } = await writeBundleArchive(long, join(folder, "b.tar.gz"));
  expect([file, files]).toEqual([join(folder, "b.tar.gz"), 3]);
  await fs.mkdir(join(folder, "out"));
  execFileSync("tar", ["xzf", file, "-C", join(folder, "out")]);
  expect(await verifyBundle(join(folder, "out"))).toEqual({ ...PASSED, checksumFiles: 2 });
  expect((await treeOf(join(folder, "out")))["deploy.sh"]).toBe("755 #!/bin/sh\n");
});

test("an archive takes the place of a file, never of a folder or a link, and an aborted one leaves nothing", async () => {
  const folder = await temporaryFolder();
  await fill(folder, { "old.tar.gz": "old", "folder/x": "", link: "-> old.tar.gz" });
  const before = await treeOf(folder);
  expect(await thrownBy(writeBundleArchive(BUNDLE, join(folder, "folder")))).toMatch(/^CONFLICT: .*is no file$/);
  expect(await thrownBy(writeBundleArchive(BUNDLE, join(folder, "link")))).toMatch(/^CONFLICT: .*is no file$/);
  expect(await thrownBy(writeBundleArchive(BUNDLE, join(folder, "none/b.tar.gz")))).toMatch(
    /^NOT_FOUND: .*cannot be written/,
  );
  const signal = AbortSignal.abort(new SlipwayError("INTERRUPTED", "interrupted"));
  expect(await thrownBy(writeBundleArchive(BUNDLE, join(folder, "old.tar.gz"), { signal }))).toBe(
    "INTERRUPTED: interrupted",
  );
  expect(await treeOf(folder)).toEqual(before);
  await writeBundleArchive(BUNDLE, join(folder, "old.tar.gz"));
  expect(await verifyBundle(join(folder, "old.tar.gz"))).toEqual(PASSED);
});

test.each<[string, Record<string, string>, readonly string[]]>([
  ["no checksums.txt", { "x.txt": "hello\n" }, ["checksums.txt is missing"]],
  ["an empty checksums.txt and nothing else", { "checksums.txt": "" }, []],
  ["an empty checksums.txt beside a file", { "checksums.txt": "", x: "" }, ["x: not listed in checksums.txt"]],
  [
    "a changed and a missing file",
    { "a/x.txt": "2", "checksums.txt": `${HELLO}  a/x.txt\n${HELLO}  y.txt\n` },
    [
      `a/x.txt: changed: its SHA-256 is ${createHash("sha256").update("2").digest("hex")}, expected ${HELLO}`,
      "y.txt: missing",
    ],
  ],
  [
    "a bad line: files that it may have meant are not held against the bundle",
    { "x.txt": "hello\n", "checksums.txt": "5891  x.txt\n" },
    ['checksums.txt:1: expected a SHA-256 sum, two spaces and a path, found "5891  x.txt"'],
  ],
  [
    "one space for two",
    { "checksums.txt": `${HELLO} x\n` },
    [`checksums.txt:1: expected a SHA-256 sum, two spaces and a path, found "${HELLO} x"`],
  ],
  ["a path upwards", { "checksums.txt": `${HELLO}  ../x\n` }, ['checksums.txt:1: "../x": the path leaves the bundle']],
  [
    "a path upwards from within",
    { "checksums.txt": `${HELLO}  a/../../x\n` },
    ['checksums.txt:1: "a/../../x": the path leaves the bundle'],
  ],
  [
    "an absolute path",
    { "checksums.txt": `${HELLO}  /etc/passwd\n` },
    ['checksums.txt:1: "/etc/passwd": the path is absolute'],
  ],
  [
    "a path that is listed twice",
    { x: "hello\n", "checksums.txt": `${HELLO}  x\n${HELLO}  x\n` },
    ['checksums.txt:2: "x": the path is listed twice'],
  ],
  [
    "Windows line ends",
    { x: "hello\n", "checksums.txt": `${HELLO}  x\r\n` },
    [`checksums.txt:1: "x\\r": the path has a control character`],
  ],
  [
    "a folder in the place of a file",
    { "x/y": "hello\n", "checksums.txt": `${HELLO}  x/y\n${HELLO}  x\n` },
    ["x: missing"],
  ],
  ["upper-case sums and blank lines", { x: "hello\n", "checksums.txt": `\n${HELLO.toUpperCase()}  x\n\n` }, []],
  [
    "a link that leads to the right content",
    { y: "hello\n", x: "-> y", "checksums.txt": `${HELLO}  x\n${HELLO}  y\n` },
    ["x: a symbolic link has no place in a bundle"],
  ],
  [
    "a linked folder",
    { "checksums.txt": `${HELLO}  x/y\n`, x: "-> /etc" },
    ["x: a symbolic link has no place in a bundle"],
  ],
  [
    "a linked checksums.txt",
    { "checksums.txt": "-> /dev/zero" },
    ["checksums.txt: a symbolic link has no place in a bundle"],
  ],
  ["a name with a line break", { "a\nb": "", "checksums.txt": "" }, ['"a\\nb": the path has a control character']],
])("in a folder: %s", async (_name, files, errors) => {
  const folder = await temporaryFolder();
  await fill(folder, files);
  const verification = await verifyBundle(folder);
  expect(verification.errors).toEqual(errors);
  expect(verification.trustLevel).toBe(errors.length === 0 ? "unverified" : "unknown");
  expect(verification.checksumsPassed).toBe(errors.length === 0);
});

test("a pipe in a folder is reported and never opened", async () => {
  const folder = await temporaryFolder();
  await fill(folder, { "checksums.txt": `${HELLO}  pipe\n` });
  execFileSync("mkfifo", [join(folder, "pipe")]);
  expect((await verifyBundle(folder)).errors).toEqual(["pipe: neither a file nor a folder"]);
  expect(await thrownBy(verifyBundle(join(folder, "pipe")))).toMatch(
    /^INVALID_INPUT: .* is neither a folder nor a .tar.gz archive$/,
  );
});

test.each<[string, readonly Entry[], readonly string[]]>([
  ["a path upwards", [{ path: "checksums.txt" }, { path: "../x" }], ["../x: the path leaves the bundle"]],
  ["an absolute path", [{ path: "checksums.txt" }, { path: "/etc/x" }], ["/etc/x: the path is absolute"]],
  [
    "a symbolic link",
    [{ path: "checksums.txt" }, { path: "x", type: "SymbolicLink", linkpath: "/etc" }],
    ["x: a link has no place in a bundle"],
  ],
  [
    "a hard link",
    [{ path: "checksums.txt" }, { path: "x", type: "Link", linkpath: "checksums.txt" }],
    ["x: a link has no place in a bundle"],
  ],
  ["a device", [{ path: "checksums.txt" }, { path: "x", type: "CharacterDevice" }], ["x: neither a file nor a folder"]],
  ["a pipe", [{ path: "checksums.txt" }, { path: "x", type: "FIFO" }], ["x: neither a file nor a folder"]],
  [
    "two files of one name",
    [
      { path: "checksums.txt", content: `${HELLO}  x` },
      { path: "x", content: "hello\n" },
      { path: "x", content: "other" },
    ],
    ["x: the archive has two files of this name"],
  ],
  ["no checksums.txt", [{ path: "x" }], ["checksums.txt is missing"]],
  ["a file that is not listed", [{ path: "checksums.txt" }, { path: "x" }], ["x: not listed in checksums.txt"]],
])("in an archive: %s", async (_name, entries, errors) => {
  const folder = await temporaryFolder();
  await fs.writeFile(join(folder, "b.tar.gz"), archiveOf(entries));
  expect((await verifyBundle(join(folder, "b.tar.gz"))).errors).toEqual(errors);
});

test("reading a bundle refuses links and paths that leave it", async () => {
  const folder = await temporaryFolder();
  await fill(folder, { "b/x": "-> /etc/passwd" });
  await fs.writeFile(join(folder, "b.tar.gz"), archiveOf([{ path: "../x" }]));
  expect(await thrownBy(readBundle(join(folder, "b")))).toBe(
    `INVALID_INPUT: ${join(folder, "b")}: "x": a symbolic link has no place in a bundle`,
  );
  expect(await thrownBy(readBundle(join(folder, "b.tar.gz")))).toBe(
    `INVALID_INPUT: ${join(folder, "b.tar.gz")}: "../x": the path leaves the bundle`,
  );
});

test("bytes that are no text stay bytes", async () => {
  const folder = await temporaryFolder();
  await fs.writeFile(join(folder, "chart.tgz"), Uint8Array.of(0x1f, 0x8b, 0xff));
  await fs.writeFile(join(folder, "nul"), "a\0b");
  expect(await readBundle(folder)).toEqual([
    { path: "chart.tgz", content: Buffer.from([0x1f, 0x8b, 0xff]), executable: false },
    { path: "nul", content: Buffer.from("a\0b"), executable: false },
  ]);
});

test.each<[string, Buffer, RegExp]>([
  [
    "text",
    Buffer.from("not an archive"),
    /^INVALID_INPUT: .*b\.tar\.gz is no readable \.tar\.gz archive: incorrect header check$/,
  ],
  ["nothing", Buffer.alloc(0), /^INVALID_INPUT: .*no readable/],
  ["gzipped text", gzipSync("x".repeat(2000)), /^INVALID_INPUT: .*no readable/],
  [
    "an archive cut off",
    archiveOf([{ path: "checksums.txt", content: "x".repeat(9000) }]).subarray(0, 60),
    /^INVALID_INPUT: .*unexpected end of file$/,
  ],
  ["a file cut off", gzipSync(Buffer.alloc(512, archiveHeader())), /^INVALID_INPUT: .*no readable .*Truncated/],
  ["a bomb", gzipSync(Buffer.alloc(8 * 1024 * 1024)), /^TOO_LARGE: .* has more than 50 entries or 1 MiB of content$/],
  [
    "a gzip in a gzip",
    gzipSync(gzipSync(Buffer.concat([archiveHeader(), Buffer.alloc(8 * 1024 * 1024)]))),
    /^(TOO_LARGE|INVALID_INPUT): /,
  ],
  ["a file that says it is huge", archiveOf([{ path: "x", declaredSize: 8 * 1024 * 1024 }]), /^TOO_LARGE: /],
  ["too many entries", archiveOf(Array.from({ length: 51 }, (_, index) => ({ path: `f${index}` }))), /^TOO_LARGE: /],
])("%s is refused", async (_name, bytes, message) => {
  const folder = await temporaryFolder();
  const file = join(folder, "b.tar.gz");
  await fs.writeFile(file, bytes);
  const limits = { maxEntries: 50, maxBytes: 1024 * 1024 };
  expect(await thrownBy(verifyBundle(file, { limits }))).toMatch(message);
  expect(await thrownBy(readBundle(file, { limits }))).toMatch(message);
});

function archiveHeader(path = "x", size = 1000): Buffer {
  const header = new Header({ path, type: "File", size, mode: 0o600 });
  header.encode();
  return header.block ?? Buffer.alloc(512);
}

test("zeros behind the end of an archive are not kept: tar's padding passes, a bomb does not", async () => {
  const folder = await temporaryFolder();
  const file = join(folder, "b.tar.gz");
  const archive = Buffer.alloc(2048);
  archiveHeader("checksums.txt", 0).copy(archive);
  await fs.writeFile(file, gzipSync(Buffer.concat([archive], 64 * 1024)));
  expect((await verifyBundle(file)).errors).toEqual([]);
  await fs.writeFile(file, gzipSync(Buffer.concat([archive], 64 * 1024 * 1024)));
  expect(await thrownBy(verifyBundle(file))).toMatch(
    /^INVALID_INPUT: .*b\.tar\.gz is no readable \.tar\.gz archive: much more follows after its end$/,
  );
});

test("a folder with too many files, too many bytes, or none at all is refused", async () => {
  const folder = await temporaryFolder();
  await fill(folder, { a: "xxxx", b: "", c: "" });
  expect(await thrownBy(verifyBundle(folder, { limits: { maxEntries: 2, maxBytes: 100 } }))).toMatch(
    /^TOO_LARGE: .*more than 2 entries: this is no bundle$/,
  );
  expect(await thrownBy(readBundle(folder, { limits: { maxEntries: 9, maxBytes: 3 } }))).toMatch(
    /^TOO_LARGE: .*holds 4 bytes/,
  );
  expect(await thrownBy(verifyBundle(join(folder, "none")))).toMatch(/^NOT_FOUND: .*none does not exist$/);
});

test("an aborted verification throws the signal's reason", async () => {
  const folder = await temporaryFolder();
  await writeBundleArchive(BUNDLE, join(folder, "b.tar.gz"));
  const signal = AbortSignal.abort(new SlipwayError("INTERRUPTED", "interrupted"));
  expect(await thrownBy(verifyBundle(join(folder, "b.tar.gz"), { signal }))).toBe("INTERRUPTED: interrupted");
  expect(await thrownBy(verifyBundle(folder, { signal }))).toBe("INTERRUPTED: interrupted");
});

test("the result reads as text", () => {
  expect(verificationText("./b", { ...PASSED, trustLevel: "unverified" })).toBe(
    "Bundle:       ./b\nChecksums:    passed, 3 files\nAttestation:  none\nTrust level:  unverified\n",
  );
  const failed = { ...PASSED, trustLevel: "unknown" as const, checksumsPassed: false, errors: ["x: missing"] };
  expect(verificationText("./b", failed)).toBe(
    "Bundle:       ./b\nChecksums:    failed, 1 error\n  x: missing\nAttestation:  none\nTrust level:  unknown\n",
  );
});

test("a level is asked for by name", () => {
  expect(trustShortfall("unverified", "max")).toBeUndefined();
  expect(trustShortfall("unverified", "unverified")).toBeUndefined();
  expect(trustShortfall("unverified", "verified")).toBe(
    "the trust level is unverified, at least verified was asked for",
  );
  expect(trustShortfall("unknown", "max")).toBeUndefined();
  expect(parseMinimumTrustLevel("attested")).toBe("attested");
  expect(() => parseMinimumTrustLevel("verifed")).toThrow(
    expect.objectContaining({
      message: '--min-trust-level: "verifed" is none of unknown, unverified, attested, verified, max',
      hint: 'Did you mean "verified"?',
    }),
  );
});
