import type { Subtype } from "../../model.ts";
import type { Host } from "../host.ts";

const MAX_BYTES = 1024 * 1024;

/**
 * The subtype `kmod`: the name of each loaded module, with true. Sizes and use counts change all the time and are left
 * out. Nothing when /proc/modules is missing, as in a kernel that has everything built in.
 */
export function kmod(host: Host): Subtype | undefined {
  const found = host.files.read("/proc/modules", MAX_BYTES);
  if (found.kind !== "text") return undefined;
  const names = found.text.split("\n").flatMap((line) => /^\S+/.exec(line)?.[0] ?? []);
  return { name: "kmod", data: new Map(names.sort().map((name) => [name, true])) };
}
