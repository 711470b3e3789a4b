import { crc32, inflateRawSync } from "node:zlib";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/**
 * Reads one file out of a zip archive held in memory (APPNOTE.TXT 4.3: end record, central directory, local header).
 * Knows the methods "stored" and "deflate", not zip64 and not encryption. Throws an Error when the archive is not a
 * zip, has no such file, or its bytes do not match their CRC.
 */
export function readZipEntry(archive: Buffer, name: string): Buffer {
  const end = endOfDirectory(archive);
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) {
      throw new Error(`broken zip: no directory entry at byte ${at}`);
    }
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString("utf8", at + 46, at + 46 + nameLength) === name) {
      return unpack(archive, at, name);
    }
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`no file ${name} in the zip`);
}

function endOfDirectory(archive: Buffer): number {
  const longestComment = 0xffff;
  for (let at = archive.length - 22; at >= Math.max(0, archive.length - 22 - longestComment); at--) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) {
      return at;
    }
  }
  throw new Error("not a zip: no end record");
}

function unpack(archive: Buffer, entry: number, name: string): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const packedSize = archive.readUInt32LE(entry + 20);
  const header = archive.readUInt32LE(entry + 42);
  if (archive.readUInt32LE(header) !== LOCAL_HEADER) {
    throw new Error(`broken zip: no header of ${name} at byte ${header}`);
  }
  // The lengths in the local header can differ from those in the directory, so they are read here.
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(start, start + packedSize);
  const bytes = method === DEFLATED ? inflateRawSync(packed) : packed;
  if (method !== DEFLATED && method !== STORED) {
    throw new Error(`${name} is packed with method ${method}, known are 0 and 8`);
  }
  if (crc32(bytes) !== archive.readUInt32LE(entry + 16)) {
    throw new Error(`broken zip: ${name} does not match its CRC`);
  }
  return bytes;
}
