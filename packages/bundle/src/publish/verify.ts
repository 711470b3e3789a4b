import { messageOf, type TreeMap } from "@slipway/base";
import { CHECKSUMS_FILE } from "../checksums.ts";
import { MAX_CHECKSUMS_BYTES, readChecksumList, type ChecksumEntry, type ChecksumList } from "./checksum-list.ts";
import { openContents, type Contents } from "./contents.ts";
import type { ScanLimits } from "./scan-archive.ts";
import type { TrustLevel } from "./trust-level.ts";

/** What verifying a bundle found; the fields are those of release 0.11.1 of aicr. */
export interface Verification {
  readonly trustLevel: TrustLevel;
  readonly checksumsPassed: boolean;
  /** Number of files whose checksum was compared; 0 when the verification failed. */
  readonly checksumFiles: number;
  readonly bundleAttested: boolean;
  readonly binaryAttested: boolean;
  readonly identityPinned: boolean;
  readonly hasExternalData: boolean;
  /** A sentence for everything that is wrong, each with its path. */
  readonly errors: readonly string[];
}

/**
 * Compares a bundle's folder or `.tar.gz` with its checksums.txt: every listed file must be there and unchanged, and no
 * other file, link or device may be, save for Git's own folder at the top. Nothing is unpacked and no link is followed. When lines of checksums.txt cannot be
 * read, files that are not listed are not reported, since they may be the ones that those lines meant.
 *
 * @throws SlipwayError only when the source itself cannot be read or is beyond the limits
 */
export async function verifyBundle(
  source: string,
  options: { readonly limits?: ScanLimits | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<Verification> {
  const contents = await openContents(source, { ...options, content: "checksums" });
  const list = await checksumsIn(contents);
  const errors = [...contents.faults].map(([path, fault]) => `${shown(path)}: ${fault}`);
  if (list === undefined) {
    if (!contents.faults.has(CHECKSUMS_FILE)) errors.push(`${CHECKSUMS_FILE} is missing`);
    return verificationOf(0, errors);
  }
  errors.push(...list.faults);
  for (const entry of list.entries) {
    options.signal?.throwIfAborted();
    const fault = await entryFault(contents, entry);
    if (fault !== undefined) errors.push(`${shown(entry.path)}: ${fault}`);
  }
  if (list.faults.length === 0)
    errors.push(...unlisted(contents, list).map((path) => `${shown(path)}: not listed in ${CHECKSUMS_FILE}`));
  return verificationOf(list.entries.length, errors);
}

async function checksumsIn(contents: Contents): Promise<ChecksumList | undefined> {
  const file = contents.files.get(CHECKSUMS_FILE);
  if (file === undefined) return undefined;
  if (file.size > MAX_CHECKSUMS_BYTES) return { entries: [], faults: [`${CHECKSUMS_FILE} has ${file.size} bytes`] };
  try {
    return readChecksumList(new TextDecoder().decode(await file.read()));
  } catch (error) {
    return { entries: [], faults: [`${CHECKSUMS_FILE} cannot be read: ${messageOf(error)}`] };
  }
}

async function entryFault(contents: Contents, { path, sha256 }: ChecksumEntry): Promise<string | undefined> {
  const file = contents.files.get(path);
  if (file === undefined) return isReported(contents, path) ? undefined : "missing";
  try {
    const actual = await file.sha256();
    return actual === sha256 ? undefined : `changed: its SHA-256 is ${actual}, expected ${sha256}`;
  } catch (error) {
    return `cannot be read: ${messageOf(error)}`;
  }
}

/** Whether a file that is not there, or a folder above it, has been reported as something that may not be there. */
function isReported(contents: Contents, path: string): boolean {
  return [...contents.faults.keys()].some((fault) => path === fault || path.startsWith(`${fault}/`));
}

function unlisted(contents: Contents, list: ChecksumList): readonly string[] {
  const listed = new Set(list.entries.map(({ path }) => path));
  return [...contents.files.keys()].filter((path) => path !== CHECKSUMS_FILE && !listed.has(path));
}

function verificationOf(files: number, errors: readonly string[]): Verification {
  const passed = errors.length === 0;
  return {
    trustLevel: passed ? "unverified" : "unknown",
    checksumsPassed: passed,
    checksumFiles: passed ? files : 0,
    bundleAttested: false,
    binaryAttested: false,
    identityPinned: false,
    hasExternalData: false,
    errors,
  };
}

/** The result as a document for JSON. */
export function verificationTree(verification: Verification): TreeMap {
  return { ...verification };
}

/** The result for a person. */
export function verificationText(source: string, verification: Verification): string {
  const { errors, checksumFiles, trustLevel } = verification;
  const sums =
    errors.length === 0 ? `passed, ${count(checksumFiles, "file")}` : `failed, ${count(errors.length, "error")}`;
  const lines = [
    `Bundle:       ${source}`,
    `Checksums:    ${sums}`,
    ...errors.map((error) => `  ${error}`),
    `Attestation:  none`,
    `Trust level:  ${trustLevel}`,
  ];
  return `${lines.join("\n")}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A name that could move the cursor or break a line is quoted. */
function shown(path: string): string {
  return /^[\u0020-\u007e\u00a0-\uffff]+$/.test(path) ? path : JSON.stringify(path);
}
