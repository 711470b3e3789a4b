import {
  SlipwayError,
  cursorOf,
  locate,
  messageOf,
  parseJson,
  parseYaml,
  parseYamlAsText,
  utf8Text,
  type Cursor,
  type Files,
  type Io,
  type Place,
  type Tree,
} from "@slipway/base";
import { noCluster, parsePlace, type DocumentPlace } from "./document-source.ts";

/** How large a document may be. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** How long fetching a document may take. */
const FETCH_MS = 30_000;

/** What reading and writing documents needs. */
export interface DocumentDeps {
  readonly io: Io;
  readonly files: Files;
  readonly fetch: typeof fetch;
  /** Reaches the documents of a cluster; without it, `cm://` addresses are refused. */
  readonly configMaps?: ConfigMapDocuments | undefined;
}

/** Which ConfigMap an address names. */
export interface ConfigMapPlace {
  readonly namespace: string;
  readonly name: string;
}

/** What a document is, for those who look at its ConfigMap. */
export interface DocumentInfo {
  /** `Snapshot`, `Recipe`. */
  readonly kind: string;
  readonly format: "json" | "table" | "yaml";
  /** Of the program that made it. */
  readonly version?: string | undefined;
}

/** Documents in the ConfigMaps of a cluster. Every failure is a SlipwayError that names the address. */
export interface ConfigMapDocuments {
  /** Refuses names that no namespace or ConfigMap can have, without asking the cluster. */
  check(place: ConfigMapPlace): void;
  /** @returns the text, and its format where the ConfigMap says it */
  read(
    place: ConfigMapPlace,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly format: "json" | "yaml" | undefined }>;
  write(place: ConfigMapPlace, text: string, info: DocumentInfo, signal: AbortSignal): Promise<void>;
}

/**
 * Reads a document from a file, `-` (standard input), an http(s) address or a ConfigMap, and decodes it. YAML or JSON
 * follows the extension of the name, without case, or the content type; where neither says, the content does.
 *
 * @param what the flag or argument, for messages
 * @throws SlipwayError NOT_FOUND, NOT_ALLOWED, TOO_LARGE beyond 16 MiB, UNAVAILABLE, TIMED_OUT; INVALID_INPUT with file,
 * line and column for text that does not parse or that `decode` refuses
 */
export async function readDocument<Result>(
  deps: DocumentDeps,
  source: string,
  what: string,
  decode: (cursor: Cursor, format: "json" | "yaml") => Result,
): Promise<Result> {
  const { name, text, format } = await readText(deps, source, what);
  const value = parseAs(format, text, name);
  try {
    return decode(cursorOf(value, format === "json" ? undefined : () => parseYamlAsText(text, name)), format);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    const field = error.place?.field;
    throw error.at({
      file: name,
      ...(field === undefined || error.place?.line !== undefined ? {} : locate(text, field)),
    });
  }
}

/** A document with its text, for those who name lines of it. */
export interface SourceDocument {
  /** What to call it in messages. */
  readonly name: string;
  readonly text: string;
  readonly value: Tree;
}

/** Reads a document as {@link readDocument} does, and gives it as it was written. */
export async function readSource(deps: DocumentDeps, source: string, what: string): Promise<SourceDocument> {
  const { name, text, format } = await readText(deps, source, what);
  return { name, text, value: parseAs(format, text, name) };
}

type Format = "json" | "yaml";

interface SourceText {
  readonly name: string;
  readonly text: string;
  readonly format: Format;
}

/** JSON documents are maps, and a YAML document hardly ever starts with a brace. */
function sourceText(name: string, text: string, format: Format | undefined): SourceText {
  return { name, text, format: format ?? (/^\s*\{/.test(text) ? "json" : "yaml") };
}

function parseAs(format: Format, text: string, name: string): Tree {
  if (format !== "json") return parseYaml(text, name);
  try {
    return parseJson(text, name);
  } catch (error) {
    throw error instanceof SlipwayError ? error.at({ ...positionOf(text) }) : error;
  }
}

/** Where JSON stops being JSON: the engines say it each in their own way, the YAML reader, which takes JSON, in one. */
function positionOf(text: string): Pick<Place, "line" | "column"> {
  try {
    parseYaml(text);
    return {};
  } catch (error) {
    return error instanceof SlipwayError ? { line: error.place?.line, column: error.place?.column } : {};
  }
}

async function readText(deps: DocumentDeps, source: string, what: string): Promise<SourceText> {
  if (source.trim() === "")
    throw new SlipwayError("USAGE", `${what} is empty: name a file, an address, or - for standard input`);
  const place = parsePlace(source);
  if (place.kind === "config-map") {
    const { text, format } = await clusterOf(deps, source).read(place, deps.io.signal);
    return sourceText(source, text, format);
  }
  if (place.kind === "standard") {
    const text = utf8Text(await deps.io.stdin.read(MAX_DOCUMENT_BYTES), "standard input");
    return sourceText("standard input", text, undefined);
  }
  if (place.kind === "file") {
    const format = formatOf(place.path);
    return sourceText(place.path, utf8Text(await deps.files.read(place.path, MAX_DOCUMENT_BYTES), place.path), format);
  }
  const { bytes, contentType } = await fetchBytes(deps.fetch, place.url, deps.io.signal);
  const format = formatOf(place.url.pathname) ?? formatOfType(contentType);
  return sourceText(source, utf8Text(bytes, source), format);
}

function formatOf(name: string): Format | undefined {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  if (extension === "json") return "json";
  if (extension === "yaml" || extension === "yml") return "yaml";
  if (extension === "txt" || extension === "table")
    throw new SlipwayError("USAGE", "a table cannot be read back: give YAML or JSON", { place: { file: name } });
  return undefined;
}

function formatOfType(contentType: string): Format | undefined {
  if (/\bjson\b/i.test(contentType)) return "json";
  return /\byaml\b/i.test(contentType) ? "yaml" : undefined;
}

async function fetchBytes(
  fetch: DocumentDeps["fetch"],
  url: URL,
  signal: AbortSignal,
): Promise<{ readonly bytes: Uint8Array; readonly contentType: string }> {
  const place = { file: url.href };
  const timeout = AbortSignal.timeout(FETCH_MS);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, timeout]) });
    if (!response.ok) {
      await response.body?.cancel();
      throw statusError(response.status, place);
    }
    return { bytes: await bodyOf(response), contentType: response.headers.get("content-type") ?? "" };
  } catch (error) {
    if (error instanceof SlipwayError) throw error.at(place);
    signal.throwIfAborted();
    if (timeout.aborted) throw new SlipwayError("TIMED_OUT", `no answer within ${FETCH_MS / 1000} s`, { place });
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new SlipwayError("UNAVAILABLE", `cannot be fetched: ${messageOf(cause)}`, { place, cause: error });
  }
}

function statusError(status: number, place: { readonly file: string }): SlipwayError {
  if (status === 404 || status === 410) return new SlipwayError("NOT_FOUND", `the server answers ${status}`, { place });
  const code = status === 401 || status === 403 ? "NOT_ALLOWED" : "UNAVAILABLE";
  return new SlipwayError(code, `the server answers ${status}`, { place });
}

async function bodyOf(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of response.body ?? []) {
    total += chunk.length;
    if (total > MAX_DOCUMENT_BYTES) throw new SlipwayError("TOO_LARGE", "larger than 16 MiB, which is the limit");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Writes a document to standard output (`-`, nothing or spaces), a file or a ConfigMap.
 *
 * @param info what a ConfigMap says about the document
 * @returns the path or the address that was written; nothing for standard output
 * @throws SlipwayError USAGE for a place that cannot be written to; NOT_ALLOWED, NOT_FOUND, TOO_LARGE for a ConfigMap;
 * UNAVAILABLE without a cluster
 */
export async function writeDocument(
  deps: DocumentDeps,
  target: string | undefined,
  text: string,
  info: DocumentInfo,
): Promise<string | undefined> {
  const place = checkedPlace(deps, target);
  if (place.kind === "standard") {
    deps.io.stdout.write(text);
    return undefined;
  }
  if (place.kind === "file") {
    await deps.files.write(place.path, text);
    return place.path;
  }
  await clusterOf(deps, target).write(place, text, info, deps.io.signal);
  return target;
}

/**
 * Where {@link writeDocument} would write, so that a bad target is refused before any work is done.
 *
 * @param deps without it, ConfigMaps are refused
 * @returns the path or the address; nothing for standard output
 */
export function checkTarget(
  target: string | undefined,
  deps: Pick<DocumentDeps, "configMaps"> = {},
): string | undefined {
  const place = checkedPlace(deps, target);
  if (place.kind === "standard") return undefined;
  return place.kind === "file" ? place.path : target;
}

/** A place that can be written to. */
function checkedPlace(
  deps: Pick<DocumentDeps, "configMaps">,
  target: string | undefined,
): Exclude<DocumentPlace, { readonly kind: "url" }> {
  const place = parsePlace(target ?? "");
  if (place.kind === "config-map") clusterOf(deps, target).check(place);
  if (place.kind === "url")
    throw new SlipwayError(
      "USAGE",
      `${place.url.href} cannot be written to: name a file, a ConfigMap, or - for standard output`,
    );
  return place;
}

function clusterOf({ configMaps }: Pick<DocumentDeps, "configMaps">, address: string | undefined): ConfigMapDocuments {
  if (configMaps === undefined) throw noCluster(address ?? "");
  return configMaps;
}
