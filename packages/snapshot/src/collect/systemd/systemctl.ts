import { SlipwayError } from "@slipway/base";
import type { Host } from "../host.ts";
import type { UnitProperties } from "./properties.ts";

/**
 * Asks `systemctl show` for the properties of units; in a root that is mounted elsewhere through `chroot`.
 *
 * @returns the properties of each unit, in the order of the units
 * @throws SlipwayError NOT_FOUND when there is no such program, UNAVAILABLE when it gives nothing, with what it said
 */
export async function systemctlShow(
  host: Host,
  units: readonly string[],
  signal: AbortSignal,
): Promise<readonly UnitProperties[]> {
  const words = ["systemctl", "show", "--no-pager", "--", ...units];
  const [program = "", ...args] = host.root === "/" ? words : ["chroot", host.root, ...words];
  const env = { ...host.env, LC_ALL: "C", SYSTEMD_COLORS: "0" };
  const { exitCode, stdout, stderr } = await host.exec.run(program, args, { signal, env });
  const blocks = parseShow(stdout);
  if (blocks.length === units.length) return blocks;
  if (exitCode === 127) throw new SlipwayError("NOT_FOUND", "the program systemctl is not in the root of the host");
  const said = stderr.trim().split("\n")[0] ?? "";
  const why = said === "" ? `it gave ${blocks.length} of ${units.length} units` : said;
  throw new SlipwayError("UNAVAILABLE", `systemctl show ended with ${exitCode}: ${why}`);
}

/**
 * Takes what `systemctl show` prints apart: a block of `Name=value` lines a unit, an empty line between blocks. A name
 * that comes several times, as each command of ExecStartPre does, has its values joined by `; `. Of a command only the
 * arguments are kept, because the rest tells of its last run. A line without a name goes on the one before it.
 */
export function parseShow(stdout: string): readonly UnitProperties[] {
  const blocks = stdout.split(/\n{2,}(?=[A-Za-z0-9]+=)/).map(parseBlock);
  return blocks.filter((block) => block.size > 0);
}

function parseBlock(text: string): UnitProperties {
  const properties = new Map<string, string>();
  let last = "";
  for (const line of text.split("\n")) {
    const [, name, value] = /^([A-Za-z0-9]+)=(.*)$/.exec(line) ?? [];
    const before = properties.get(name ?? last);
    if (name !== undefined && value !== undefined) {
      last = name;
      properties.set(name, before === undefined ? plain(value) : `${before}; ${plain(value)}`);
    } else if (before !== undefined && line !== "") {
      properties.set(last, `${before}\n${line}`);
    }
  }
  return properties;
}

/** `{ path=/usr/bin/x ; argv[]=/usr/bin/x --flag ; ignore_errors=no ; … }` is `/usr/bin/x --flag`. */
function plain(value: string): string {
  return /^\{ path=.*? ; argv\[\]=(.*) ; (?:ignore_errors|flags)=/.exec(value)?.[1] ?? value;
}
