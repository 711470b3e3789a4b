import { gzipSync } from "node:zlib";
import { Header } from "tar";
import type { Content, HostileCase } from "./case.ts";

interface Entry {
  readonly path: string;
  readonly type?: "File" | "SymbolicLink" | "Link" | "CharacterDevice" | "FIFO";
  readonly linkpath?: string;
  readonly content?: string;
}

/** An archive as somebody hostile would make it: no rule about its entries is kept. */
function archive(entries: readonly Entry[]): Uint8Array {
  const blocks = entries.flatMap(({ path, type = "File", linkpath = "", content = "" }) => {
    const header = new Header({ path, type, linkpath, size: Buffer.byteLength(content), mode: 0o600 });
    header.encode();
    const padded = Math.ceil(Buffer.byteLength(content) / 512) * 512;
    return [header.block ?? Buffer.alloc(512), Buffer.concat([Buffer.from(content)], padded)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const LIST = { path: "checksums.txt", content: "" };

/** A bundle that can be read, and in which one thing is wrong. */
function faulty(name: string, target: string, files: Readonly<Record<string, Content>>, fault: string): HostileCase {
  const report = ["Checksums:    failed, 1 error", `  ${fault}`, "Attestation:  none", "Trust level:  unknown"];
  return {
    name,
    files,
    argv: ["verify", target],
    exit: 1,
    stdout: `Bundle:       ${target}\n${report.join("\n")}\n`,
    stderr: `error: ${target}: verification failed with 1 error\n`,
  };
}

function faultyArchive(name: string, entry: Entry, fault: string): HostileCase {
  return faulty(`archive: ${name}`, "b.tar.gz", { "b.tar.gz": archive([LIST, entry]) }, fault);
}

function faultyFolder(name: string, files: Readonly<Record<string, Content>>, fault: string): HostileCase {
  return faulty(`folder: ${name}`, "b", { "b/checksums.txt": "", ...files }, fault);
}

function unreadable(name: string, bytes: Uint8Array, fault: string): HostileCase {
  const stderr = `error: $WORK/b.tar.gz ${fault}\n`;
  return { name: `archive: ${name}`, files: { "b.tar.gz": bytes }, argv: ["verify", "b.tar.gz"], exit: 2, stderr };
}

const MANY = Array.from({ length: 20_000 }, (_, at) => ({ path: `f${at}` }));

/** Archives and folders that are no bundles. */
export const ARCHIVE_CASES: readonly HostileCase[] = [
  faultyArchive("a path upwards", { path: "../x" }, "../x: the path leaves the bundle"),
  faultyArchive("an absolute path", { path: "/etc/passwd" }, "/etc/passwd: the path is absolute"),
  faultyArchive(
    "a symbolic link",
    { path: "x", type: "SymbolicLink", linkpath: "/etc/passwd" },
    "x: a link has no place in a bundle",
  ),
  faultyArchive(
    "a hard link",
    { path: "x", type: "Link", linkpath: "/etc/passwd" },
    "x: a link has no place in a bundle",
  ),
  faultyArchive("a device", { path: "x", type: "CharacterDevice" }, "x: neither a file nor a folder"),
  faultyArchive("a named pipe", { path: "x", type: "FIFO" }, "x: neither a file nor a folder"),
  faultyArchive(
    "a name that recolours",
    { path: "\u001b[31mx" },
    String.raw`"\u001b[31mx": the path has a control character`,
  ),
  unreadable("no gzip", Buffer.from("x".repeat(1000)), "is no readable .tar.gz archive: incorrect header check"),
  unreadable(
    "20,000 files",
    archive(MANY),
    "has more than 10000 entries or 256 MiB of content\n  No bundle is that large.",
  ),
  unreadable(
    "zeros, packed a thousandfold",
    gzipSync(Buffer.alloc(300_000_000)),
    "is no readable .tar.gz archive: much more follows after its end",
  ),
  faultyFolder("a link", { "b/x": { link: "/etc/passwd" } }, "x: a symbolic link has no place in a bundle"),
  faultyFolder("a named pipe", { "b/x": { pipe: true } }, "x: neither a file nor a folder"),
  faultyFolder(
    "a path upwards",
    { "b/checksums.txt": `${"0".repeat(64)}  ../../etc/passwd\n` },
    'checksums.txt:1: "../../etc/passwd": the path leaves the bundle',
  ),
  faultyFolder(
    "100 MB of checksums",
    { "b/checksums.txt": { size: 100_000_000 } },
    "checksums.txt has 100000000 bytes",
  ),
];
