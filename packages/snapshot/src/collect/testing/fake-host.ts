import { SlipwayError, compareBytes, type ExecResult } from "@slipway/base";
import type { Host, HostEntry, HostText } from "../host.ts";

/** What a fake program gets and gives. */
export type FakeProgram = (
  program: string,
  args: readonly string[],
  options: { readonly signal: AbortSignal; readonly env?: Readonly<Record<string, string | undefined>> },
) => ExecResult | Promise<ExecResult>;

/** What a fake host has. */
export interface FakeHostParts {
  /** Contents by path; `{ link }` is a symbolic link, `{ unreadable }` gives its reason. */
  readonly files?: Readonly<Record<string, FakeFile>>;
  readonly root?: string;
  readonly platform?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly kernelLog?: readonly string[];
  /** Throws NOT_FOUND when absent. */
  readonly run?: FakeProgram;
}

export type FakeFile = string | { readonly link: string } | { readonly unreadable: string };

/** A host out of a map of files, for tests. Folders are there when a file is in them; links to folders are followed. */
export function fakeHost(parts: FakeHostParts = {}): Host {
  const { files = {}, root = "/", platform = "linux", env = {}, kernelLog = [], run } = parts;
  const all = new Map(Object.entries(files));
  return {
    root,
    platform,
    env,
    files: {
      read: (path, maxBytes) => readOf(all.get(followed(all, path)), maxBytes),
      list: (path) => entriesOf(all, followed(all, path)),
      link: (path) => {
        const file = all.get(followed(all, path, false));
        return typeof file === "object" && "link" in file ? file.link : undefined;
      },
      kernelLog: () => kernelLog,
    },
    exec: {
      run: async (program, args, options) => {
        options.signal.throwIfAborted();
        if (run === undefined) throw new SlipwayError("NOT_FOUND", `the program ${program} is not on the PATH`);
        return await run(program, args, options);
      },
    },
  };
}

function readOf(file: FakeFile | undefined, maxBytes: number): HostText {
  if (file === undefined) return { kind: "missing" };
  if (typeof file === "string") return { kind: "text", text: file.slice(0, maxBytes), cut: file.length > maxBytes };
  return { kind: "unreadable", reason: "unreadable" in file ? file.unreadable : "a link to nothing" };
}

/** Resolves links on the way, and at the end too unless told not to. */
function followed(all: ReadonlyMap<string, FakeFile>, path: string, last = true): string {
  let walked = "";
  const parts = path.split("/").filter((part) => part !== "");
  for (const [index, part] of parts.entries()) {
    const next = `${walked}/${part}`;
    const file = all.get(next);
    const isLink = typeof file === "object" && "link" in file && (last || index < parts.length - 1);
    walked = isLink ? new URL(file.link, `file://${walked}/`).pathname.replace(/\/$/, "") : next;
  }
  return walked;
}

function entriesOf(all: ReadonlyMap<string, FakeFile>, folder: string): readonly HostEntry[] {
  const entries = new Map<string, HostEntry>();
  for (const [path, file] of all) {
    if (!path.startsWith(`${folder}/`)) continue;
    const [name = "", ...deeper] = path.slice(folder.length + 1).split("/");
    const leaf = typeof file === "object" && "link" in file ? "link" : "file";
    entries.set(name, { name, kind: deeper.length > 0 ? "directory" : leaf });
  }
  return [...entries.values()].sort((left, right) => compareBytes(left.name, right.name));
}
