import { constants, gzipSync } from "node:zlib";
import { compareBytes } from "@slipway/base";
import { Header, Pax } from "tar";
import { bytesOf, checkPaths } from "../bundle-path.ts";
import type { BundleFile } from "../model.ts";
import { MODES } from "./disk.ts";

const BLOCK = 512;
/** An archive ends with two empty blocks (POSIX ustar). */
const END = 2 * BLOCK;
/** Byte of the gzip header (RFC 1952) that names the operating system, and its value for "unknown". */
const SYSTEM = { offset: 9, unknown: 255 } as const;

/**
 * Packs files as a gzipped tar archive that is the same bytes for the same files on any machine: files sorted by path,
 * owner 0, no times, no folders of their own. The compression is that of the runtime's zlib, so Node and Bun may differ.
 *
 * @throws SlipwayError INVALID_INPUT for a path that may not be part of a bundle
 */
export function packFiles(files: readonly BundleFile[]): Uint8Array {
  checkPaths(files);
  const sorted = [...files].sort((left, right) => compareBytes(left.path, right.path));
  const blocks = sorted.flatMap((file) => [...headersOf(file), padded(bytesOf(file))]);
  const packed = gzipSync(Buffer.concat([...blocks, Buffer.alloc(END)]), { level: constants.Z_BEST_COMPRESSION });
  packed.writeUInt8(SYSTEM.unknown, SYSTEM.offset);
  return packed;
}

function headersOf(file: BundleFile): readonly Uint8Array[] {
  const fields = {
    path: file.path,
    mode: file.executable ? MODES.executable : MODES.file,
    uid: 0,
    gid: 0,
    size: bytesOf(file).length,
    mtime: new Date(0),
    type: "File" as const,
  };
  const header = new Header(fields);
  header.encode();
  const block = header.block ?? Buffer.alloc(BLOCK);
  return header.needPax ? [new Pax({ path: file.path, size: fields.size }).encode(), block] : [block];
}

function padded(content: Uint8Array): Uint8Array {
  return Buffer.concat([content], Math.ceil(content.length / BLOCK) * BLOCK);
}
