import type { Reading, Subtype } from "../../model.ts";
import { cutText } from "../cut-text.ts";
import { pause, type Host } from "../host.ts";
import { isMeasuredSysctl } from "./volatile-sysctl.ts";

const ROOT = "/proc/sys";
const MAX_BYTES = 16 * 1024;
const MAX_FILES = 20_000;
const MAX_DEPTH = 12;
/** After so many files the rest of the program gets its turn. */
const BATCH = 256;

/**
 * The subtype `sysctl`: every file below /proc/sys that can be read, by its path, except those of volatile-sysctl.ts.
 * A file of several lines gives one reading a line, at the path with the line's first word added; a line of one word
 * reads true. Values are cut at 4096 characters. Nothing when /proc/sys is missing.
 */
export async function sysctl(host: Host, signal: AbortSignal): Promise<Subtype | undefined> {
  const data = new Map<string, Reading>();
  let files = 0;
  for (const path of walk(host, "", 0)) {
    files += 1;
    if (files > MAX_FILES) return { name: "sysctl", data, context: new Map([["cut", `after ${MAX_FILES} files`]]) };
    if (files % BATCH === 0) await pause(signal);
    const found = host.files.read(`${ROOT}/${path}`, MAX_BYTES);
    if (found.kind !== "text") continue;
    for (const [key, value] of sysctlReadings(`${ROOT}/${path}`, found.text)) data.set(key, value);
  }
  return files === 0 ? undefined : { name: "sysctl", data };
}

/** Links are not followed: /proc/sys has none, and elsewhere one could lead out. */
function* walk(host: Host, folder: string, depth: number): Generator<string> {
  if (depth > MAX_DEPTH) return;
  for (const { name, kind } of host.files.list(`${ROOT}/${folder}`)) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (!isMeasuredSysctl(path)) continue;
    if (kind === "directory") yield* walk(host, path, depth + 1);
    else if (kind === "file") yield path;
  }
}

/** @returns the readings of one file by their paths */
export function sysctlReadings(path: string, text: string): ReadonlyMap<string, Reading> {
  const data = new Map<string, Reading>();
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2) return data.set(path, cutText(text.trim()));
  for (const line of lines) {
    const [, word = "", rest = ""] = /^(\S+)(?:\s+(.*))?$/.exec(line.trim()) ?? [];
    const name = word.replace(/:$/, "");
    const key = `${path}/${name}`;
    const before = data.get(key);
    const value = rest === "" && !word.endsWith(":") ? true : cutText(rest);
    data.set(key, before === undefined ? value : `${before} ${value}`);
  }
  return data;
}
