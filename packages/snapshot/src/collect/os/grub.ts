import type { Reading, Subtype } from "../../model.ts";
import type { Host } from "../host.ts";

const MAX_BYTES = 64 * 1024;

/** Its UUID differs on every node and tells nothing about how the node is set up. */
const LEFT_OUT: ReadonlySet<string> = new Set(["root"]);

/**
 * Takes /proc/cmdline apart as the kernel does: spaces separate, double quotes keep spaces together and are dropped, and
 * what follows ` -- ` is for init and no parameter. A flag such as `quiet` reads true; of a parameter that is given
 * several times, such as `console=tty1 console=ttyS0`, all values are kept in their order, with a space between them.
 */
export function parseKernelParameters(cmdline: string): ReadonlyMap<string, Reading> {
  const data = new Map<string, Reading>();
  for (const word of words(cmdline)) {
    if (word === "--") break;
    const sign = word.indexOf("=");
    const name = sign < 0 ? word : word.slice(0, sign);
    if (name === "" || LEFT_OUT.has(name)) continue;
    const value = sign < 0 ? true : word.slice(sign + 1);
    data.set(name, joined(data.get(name), value));
  }
  return data;
}

function joined(before: Reading | undefined, value: string | true): Reading {
  if (before === undefined || before === true) return value;
  return value === true ? before : `${before} ${value}`;
}

function words(text: string): readonly string[] {
  const found = text.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return found.map((word) => word.replaceAll('"', ""));
}

/** The subtype `grub`; nothing when /proc/cmdline cannot be read. */
export function grub(host: Host): Subtype | undefined {
  const found = host.files.read("/proc/cmdline", MAX_BYTES);
  if (found.kind !== "text") return undefined;
  return { name: "grub", data: parseKernelParameters(found.text) };
}
