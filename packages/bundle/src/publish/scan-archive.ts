import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { SlipwayError, messageOf } from "@slipway/base";
import { Parser, type ReadEntry } from "tar";
import { diskError, systemCode } from "./disk.ts";

/** What keeps a hostile archive, or the wrong folder, from costing more than it is worth. */
export interface ScanLimits {
  readonly maxEntries: number;
  /** Bytes after decompression, headers included. */
  readonly maxBytes: number;
}

/** Far above any real bundle, charts included. */
export const SCAN_LIMITS: ScanLimits = { maxEntries: 10_000, maxBytes: 256 * 1024 * 1024 };

/** What may follow the end of an archive: tar fills its last record, of 10 KiB unless told otherwise. */
const MAX_PADDING = 1024 * 1024;

/** An entry of an archive. */
export interface ArchiveEntry {
  /** As the archive has it. */
  readonly path: string;
  readonly kind: "file" | "directory" | "link" | "other";
  readonly size: number;
  readonly executable: boolean;
}

/** Takes the content of an entry, piece by piece. */
export type Sink = (chunk: Uint8Array) => void;

/**
 * Reads a `.tar.gz` from front to back, holding no more of it than a piece.
 *
 * @param visit is given each entry, and gives back where its content goes; what it throws ends the scan
 * @throws SlipwayError INVALID_INPUT for what is no such archive or is cut off, TOO_LARGE beyond the limits
 */
export async function scanArchive(
  file: string,
  visit: (entry: ArchiveEntry) => Sink | undefined,
  options: { readonly limits: ScanLimits; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const scan = new Scan(file, visit, options.limits);
  try {
    await pipeline(
      createReadStream(file),
      createGunzip(),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) scan.write(chunk);
        await scan.end();
      },
      options.signal === undefined ? {} : { signal: options.signal },
    );
  } catch (error) {
    options.signal?.throwIfAborted();
    throw asArchiveError(error, file);
  }
}

class Scan {
  readonly #file: string;
  readonly #limits: ScanLimits;
  readonly #parser: Parser;
  readonly #ended: Promise<void>;
  #failure: unknown;
  #entries = 0;
  #bytes = 0;
  #declared = 0;
  /** Bytes before the end that the archive itself marks; nothing as long as it goes on. */
  #end: number | undefined;

  constructor(file: string, visit: (entry: ArchiveEntry) => Sink | undefined, limits: ScanLimits) {
    this.#file = file;
    this.#limits = limits;
    this.#parser = new Parser({ strict: true, onReadEntry: (entry) => this.#guard(() => this.#take(entry, visit)) });
    this.#parser.on("ignoredEntry", (entry: ReadEntry) =>
      this.#fail(`the entry "${entry.path}" has an unknown type or is too large`),
    );
    this.#parser.on("eof", () => (this.#end = this.#bytes));
    this.#parser.on("error", (error: Error) => this.#fail(error.message));
    this.#ended = new Promise((resolve) => this.#parser.on("end", resolve));
  }

  write(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#limits.maxBytes) this.#failure ??= tooLarge(this.#file, this.#limits);
    // The parser would keep whatever follows the end, copying all of it for each piece.
    if (this.#end !== undefined) this.#checkPadding(this.#end);
    else if (this.#failure === undefined) this.#parser.write(chunk);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async end(): Promise<void> {
    this.#parser.end();
    if (this.#failure === undefined) await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #checkPadding(end: number): void {
    if (this.#bytes - end > MAX_PADDING) this.#fail("much more follows after its end");
  }

  #take(entry: ReadEntry, visit: (entry: ArchiveEntry) => Sink | undefined): void {
    this.#declared += entry.size;
    if (++this.#entries > this.#limits.maxEntries || this.#declared > this.#limits.maxBytes)
      throw tooLarge(this.#file, this.#limits);
    const executable = ((entry.mode ?? 0) & 0o100) !== 0;
    const sink = visit({ path: entry.path, kind: kindOf(entry), size: entry.size, executable });
    entry.on("data", (chunk: Buffer) => this.#guard(() => sink?.(chunk)));
  }

  /** The parser calls back from within its own work, which must not be left by an error. */
  #guard(work: () => void): void {
    if (this.#failure !== undefined) return;
    try {
      work();
    } catch (error) {
      this.#failure = error;
    }
  }

  #fail(reason: string): void {
    this.#failure ??= new SlipwayError("INVALID_INPUT", `${this.#file} is no readable .tar.gz archive: ${reason}`);
  }
}

function kindOf(entry: ReadEntry): ArchiveEntry["kind"] {
  if (["File", "OldFile", "ContiguousFile"].includes(entry.type)) return "file";
  if (entry.type === "Directory") return "directory";
  return entry.type === "SymbolicLink" || entry.type === "Link" ? "link" : "other";
}

function tooLarge(file: string, limits: ScanLimits): SlipwayError {
  const mebibytes = Math.floor(limits.maxBytes / 1024 / 1024);
  return new SlipwayError(
    "TOO_LARGE",
    `${file} has more than ${limits.maxEntries} entries or ${mebibytes} MiB of content`,
    {
      hint: "No bundle is that large.",
    },
  );
}

function asArchiveError(error: unknown, file: string): unknown {
  if (systemCode(error)?.startsWith("Z_") === true) {
    return new SlipwayError("INVALID_INPUT", `${file} is no readable .tar.gz archive: ${messageOf(error)}`, {
      cause: error,
    });
  }
  return diskError(error, "read", file);
}
