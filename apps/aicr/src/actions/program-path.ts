import { access, constants, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { SlipwayError } from "@slipway/base";
import type { CommandDeps } from "../deps.ts";

/**
 * The path of a program that a flag names: a path, or a name to look for on the PATH.
 *
 * @throws SlipwayError NOT_FOUND when there is no such program, or what there is cannot be run
 */
export async function programPath({ io }: Pick<CommandDeps, "io">, program: string, field: string): Promise<string> {
  const isPath = /[/\\]/.test(program);
  const places = isPath
    ? [resolve(io.cwd, program)]
    : (io.env["PATH"] ?? "").split(delimiter).map((directory) => join(resolve(io.cwd, directory), program));
  const endings = io.platform === "win32" ? ["", ".exe"] : [""];
  for (const path of places.flatMap((place) => endings.map((ending) => place + ending)))
    if (await isProgram(path)) return path;
  throw new SlipwayError("NOT_FOUND", `${program} is no program that can be run`, {
    place: { field },
    hint: isPath
      ? "Is the file there, and executable (chmod +x)?"
      : `Nothing of that name is on the PATH; give its path.`,
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
