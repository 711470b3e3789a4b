import { resolve } from "node:path";
import type { Bundle } from "@slipway/bundle";
import { writeBundleDirectory } from "@slipway/bundle/directory";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { BUNDLE_FLAGS } from "../flags/bundle-flags.ts";
import type { BundleTarget } from "./bundle-target.ts";

/** What publishing did. */
export interface Published {
  readonly kind: BundleTarget["kind"];
  /** An absolute path, or a reference with its digest. */
  readonly where: string;
}

/**
 * Writes a bundle to a folder or an archive, or pushes it to a registry.
 *
 * @throws SlipwayError as the writers of `@slipway/bundle/publish` do; what was there stays as it was
 */
export async function publishBundle(
  deps: CommandDeps,
  context: CommandContext,
  bundle: Bundle,
  target: BundleTarget,
): Promise<Published> {
  const { signal } = deps.io;
  if (target.kind === "registry") {
    // What speaks HTTP takes longer to load than a folder to write.
    const { pushToRegistry } = await import("./push-to-registry.ts");
    return { kind: "registry", where: await pushToRegistry(deps, context, bundle, target.reference) };
  }
  if (context.isGiven(BUNDLE_FLAGS.imageRefs))
    context.log.warn("--image-refs is ignored: only a bundle that is pushed to a registry has a reference");
  if (target.kind === "archive") {
    const { writeBundleArchive } = await import("@slipway/bundle/publish");
    const { file } = await writeBundleArchive(bundle, target.path, { signal });
    return { kind: "archive", where: file };
  }
  const source = resolve(deps.io.cwd, context.read(BUNDLE_FLAGS.recipe) ?? "");
  const isOwnRecipe = source === resolve(target.path, "recipe.yaml");
  const mayReplace = new Set(isOwnRecipe ? ["recipe.yaml"] : []);
  const written = await writeBundleDirectory(bundle, target.path, { signal, mayReplace });
  context.log.debug("bundle written", { files: written.files, removed: written.removed.length });
  if (written.foreign.length > 0)
    context.log.warn("the folder holds more than the bundle", { files: written.foreign.slice(0, 10).join(", ") });
  return { kind: "directory", where: written.directory };
}
