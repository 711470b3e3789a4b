import { resolve } from "node:path";
import type { Bundle } from "@slipway/bundle";
import { dockerCredentials, pushBundle, writeImageReferences } from "@slipway/bundle/publish";
import type { OciReference } from "@slipway/bundle/oci-reference";
import type { CommandContext } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";
import { BUNDLE_FLAGS } from "../flags/bundle-flags.ts";
import { execOf } from "./exec-of.ts";

/**
 * Pushes a bundle to a registry with the flags of the command.
 *
 * @returns the reference with its digest
 * @throws SlipwayError as `pushBundle` does
 */
export async function pushToRegistry(
  deps: CommandDeps,
  { read, progress }: CommandContext,
  bundle: Bundle,
  reference: OciReference,
): Promise<string> {
  const { env, signal, cwd } = deps.io;
  progress.show(`Pushing to ${reference.registry}`);
  const exec = await execOf(deps);
  const pushed = await pushBundle(bundle, reference, {
    version: deps.build.version,
    plainHttp: read(BUNDLE_FLAGS.plainHttp),
    insecureTls: read(BUNDLE_FLAGS.insecureTls),
    fetch: deps.fetch,
    credentials: (registry) => dockerCredentials(registry, { env, exec, signal }),
    signal,
  });
  const list = read(BUNDLE_FLAGS.imageRefs) ?? "";
  if (list !== "") await writeImageReferences(resolve(cwd, list), [pushed]);
  return pushed.reference;
}
