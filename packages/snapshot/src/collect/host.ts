import type { Exec } from "@slipway/base";

/** What reading a file of the host gave. */
export type HostText =
  | { readonly kind: "text"; readonly text: string; readonly cut: boolean }
  | { readonly kind: "missing" }
  /** The reason is a few words, such as `permission denied`. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** One name in a folder of the host. */
export interface HostEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "link" | "other";
}

/**
 * The files of the host. Nothing here throws or waits: files of /proc and /sys are read one after another without
 * waiting for each, which is several times as fast as asking for each in turn.
 */
export interface HostFiles {
  /** Reads at most `maxBytes` of a regular file; a file that nobody may read (as some of /proc/sys) is not opened. */
  read(path: string, maxBytes: number): HostText;
  /** The entries of a folder, sorted by name in byte order; none when there is no such folder or it is not readable. */
  list(path: string): readonly HostEntry[];
  /** What a symbolic link holds. */
  link(path: string): string | undefined;
  /** The records of the kernel's log as /dev/kmsg gives them, as far back as it goes; none where it is not readable. */
  kernelLog(): readonly string[];
}

/** The machine that is measured. Paths are those of the host, wherever its root is mounted. */
export interface Host {
  /** Where the root of the host is: `/`, or where it is mounted, such as `/host`. */
  readonly root: string;
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  readonly files: HostFiles;
  readonly exec: Exec;
  /** The environment that programs are run with. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const SHORT = 4096;

/** A short text of one file, without spaces around it; nothing when it is missing, unreadable or empty. */
export function shortText(host: Host, path: string): string | undefined {
  const found = host.files.read(path, SHORT);
  if (found.kind !== "text") return undefined;
  const text = found.text.trim();
  return text === "" ? undefined : text;
}

/** A whole number that a file holds, in decimal or as `0x…`. */
export function numberIn(host: Host, path: string): number | undefined {
  const text = shortText(host, path);
  if (text === undefined || !/^(-?\d+|0x[0-9a-f]+)$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The last part of what a symbolic link holds, as links to drivers and devices in /sys are read. */
export function linkName(host: Host, path: string): string | undefined {
  return host.files.link(path)?.split("/").at(-1);
}

/** Lets other work go on, and stops when the signal says so. */
export async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });
  signal.throwIfAborted();
}

/**
 * The name of the host: of a mounted root what its /etc/hostname holds, because the kernel gives a container a name of
 * its own; else what the kernel says.
 */
export function hostNameOf(host: Host): string | undefined {
  const file = host.root === "/" ? undefined : shortText(host, "/etc/hostname");
  return file ?? shortText(host, "/proc/sys/kernel/hostname") ?? host.env["HOSTNAME"];
}
