import { revisionKind, type BundleSource } from "../bundle-source.ts";
import { markdownCode } from "../markdown.ts";
import { unpackCommand } from "../unpack-command.ts";
import { shellWords } from "../shell.ts";

/** The commands that push a bundle to the root of its Git repository. */
export function pushCommands({ url, revision }: BundleSource): readonly string[] {
  const push = shellWords(["git", "push", url, `HEAD:${pushTarget(revision)}`]);
  return ["git init && git add . && git commit --message 'GPU cluster bundle'", push];
}

/** A revision with what it is, for a person: branch `main`. */
export function revisionText({ revision }: BundleSource): string {
  const kind = revisionKind(revision);
  return `${kind === "name" ? "reference" : kind} ${markdownCode(revision)}`;
}

/** What git would take for a new branch is named in full; a commit gets its name only when it is made. */
function pushTarget(revision: string): string {
  const kind = revisionKind(revision);
  if (kind === "commit") return "main";
  return kind === "tag" ? `refs/tags/${revision}` : revision;
}

/** The command that unpacks a bundle of a registry into the current folder. */
export function fetchCommand({ url, revision, isPlainHttp }: BundleSource): string {
  return unpackCommand(url.replace(/^oci:\/\//, ""), revision, isPlainHttp);
}
