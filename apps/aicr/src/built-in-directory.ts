import { join } from "node:path";
import type { DataLayer } from "@slipway/recipe";
import { nodeFiles } from "@slipway/terminal";
import type { BuildInfo } from "./deps.ts";

/** A program that runs from its sources is no release. */
export const build: BuildInfo = { version: "dev", commit: "unknown", date: "unknown" };

/** The catalog of this repository, read from its YAML. */
export async function builtinCatalog(): Promise<DataLayer> {
  const { openDataDirectory } = await import("@slipway/recipe");
  const root = join(import.meta.dirname, "../../../catalog");
  return { ...(await openDataDirectory(nodeFiles({ cwd: root }), root)), name: "the built-in catalog" };
}
