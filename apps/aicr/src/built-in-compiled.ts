import type { CompiledCatalog, DataLayer } from "@slipway/recipe";
import catalogText from "../compiled/catalog.txt" with { type: "text" };
import buildText from "../compiled/build-info.txt" with { type: "text" };
import type { BuildInfo } from "./deps.ts";

/** What `npm run build` wrote down about this build. */
export const build: BuildInfo = JSON.parse(buildText);

/** The catalog as `npm run build` compiled it: parsed when a command needs it, trusted because our build made it. */
export async function builtinCatalog(): Promise<DataLayer> {
  const { compiledLayer } = await import("./compiled-layer.ts");
  const compiled: CompiledCatalog = JSON.parse(catalogText);
  return compiledLayer(compiled, "the built-in catalog");
}
