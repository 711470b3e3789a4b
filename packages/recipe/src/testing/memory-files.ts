import { SlipwayError, compareBytes, type DirectoryEntry, type FileInfo, type Files } from "@slipway/base";

/** A file's text or bytes, or something that is no plain file. */
export type MemoryEntry = string | Uint8Array | Pick<FileInfo, "kind" | "size">;

/** A file system that holds what it is given, by absolute path; folders are there because files are in them. */
export function memoryFiles(content: Readonly<Record<string, MemoryEntry>>): Files {
  const entries = new Map(Object.entries(content));
  const isFolder = (path: string): boolean => [...entries.keys()].some((key) => key.startsWith(`${path}/`));
  const info = (path: string): FileInfo | undefined => {
    const entry = entries.get(path);
    if (entry !== undefined) return infoOf(entry);
    return isFolder(path) ? { kind: "directory", size: 0 } : undefined;
  };
  return {
    info: (path) => Promise.resolve(info(path)),
    list: (path) => {
      const below = [...entries.keys()].filter((key) => key.startsWith(`${path}/`));
      const names = [...new Set(below.map((key) => key.slice(path.length + 1).split("/")[0] ?? ""))].sort(compareBytes);
      return Promise.resolve(
        names.map((name): DirectoryEntry => ({ name, kind: "other", size: 0, ...info(`${path}/${name}`) })),
      );
    },
    read: (path, maxBytes) => {
      const entry = entries.get(path);
      const bytes = typeof entry === "string" ? new TextEncoder().encode(entry) : entry;
      if (!(bytes instanceof Uint8Array)) return Promise.reject(new SlipwayError("NOT_FOUND", "no such file"));
      if (bytes.length > maxBytes) return Promise.reject(new SlipwayError("TOO_LARGE", "too large"));
      return Promise.resolve(bytes);
    },
    write: (path, written) => {
      entries.set(path, written);
      return Promise.resolve();
    },
  };
}

function infoOf(entry: MemoryEntry): FileInfo {
  if (typeof entry === "string") return { kind: "file", size: new TextEncoder().encode(entry).length };
  return entry instanceof Uint8Array ? { kind: "file", size: entry.length } : entry;
}
