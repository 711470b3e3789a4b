import { isAbsolute, normalize, sep } from "node:path";
import { SlipwayError } from "@slipway/base";

/**
 * Refuses a path that leads out of the current directory without saying so with its first sign, so that a value from
 * elsewhere (`-o "$NAME.yaml"`) cannot reach other files (seed: "output path escapes current directory").
 *
 * @param path as it was given; an absolute one says where it leads
 * @throws SlipwayError USAGE for a relative path that climbs out
 */
export function refuseClimbing(path: string): void {
  if (isAbsolute(path)) return;
  const normal = normalize(path);
  if (normal !== ".." && !normal.startsWith(`..${sep}`)) return;
  throw new SlipwayError("USAGE", `--output ${path} leads out of the current directory`, {
    hint: "Give an absolute path, or run the command where the file belongs.",
  });
}
