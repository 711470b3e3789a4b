import { join } from "node:path";
import type { Files, Io } from "@slipway/base";

/**
 * The configuration files that count, the strongest first: the one that was named, then the user's own when it exists.
 * The user's is `$XDG_CONFIG_HOME/PROGRAM/config.yaml`, by default below `~/.config` (XDG Base Directory
 * Specification), and `%APPDATA%\PROGRAM\config.yaml` on Windows.
 */
export async function configurationFiles(
  files: Files,
  io: Pick<Io, "env" | "platform">,
  program: string,
  named: string | undefined,
): Promise<readonly string[]> {
  const folder = configurationFolder(io);
  const own = folder === undefined ? undefined : join(folder, program, "config.yaml");
  const exists = own !== undefined && (await files.info(own)) !== undefined;
  const explicit = named === undefined || named.trim() === "" ? [] : [named];
  return exists ? [...explicit, own] : explicit;
}

function configurationFolder({ env, platform }: Pick<Io, "env" | "platform">): string | undefined {
  const variable = platform === "win32" ? env["APPDATA"] : env["XDG_CONFIG_HOME"];
  if (variable !== undefined && variable !== "") return variable;
  return env["HOME"] === undefined || env["HOME"] === "" || platform === "win32"
    ? undefined
    : join(env["HOME"], ".config");
}
