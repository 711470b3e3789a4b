import type { BundleSource } from "../bundle-source.ts";
import { unpackCommand } from "../unpack-command.ts";
import { shellWords } from "../shell.ts";

/** The commands that push a bundle to the root of its Git repository. */
export function pushCommands({ url, revision }: BundleSource): readonly string[] {
  const push = shellWords(["git", "push", url, `HEAD:${revision}`]);
  return ["git init && git add . && git commit --message 'GPU cluster bundle'", push];
}

/** The command that unpacks a bundle of a registry into the current folder. */
export function fetchCommand({ url, revision, isPlainHttp }: BundleSource): string {
  return unpackCommand(url.replace(/^oci:\/\//, ""), revision, isPlainHttp);
}
