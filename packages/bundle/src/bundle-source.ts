import { SlipwayError } from "@slipway/base";
import type { BundleOptions } from "./model.ts";
import { isOciReference, parseOciReference } from "./publish/oci/reference.ts";

/** Where a cluster reads a bundle from: a Git repository, or an artifact of a registry. */
export interface BundleSource {
  readonly kind: "git" | "oci";
  /** Address of the repository; `oci://host/repository` for an artifact, without its tag. */
  readonly url: string;
  /** Branch, tag, commit or full name (`refs/…`), see {@link revisionKind}; the tag of an artifact. */
  readonly revision: string;
  /** Whether the address has still to be written by the user. */
  readonly isPlaceholder: boolean;
  /** Whether the registry of an artifact speaks HTTP. */
  readonly isPlainHttp: boolean;
}

const PLACEHOLDER = "https://git.example.com/your-organization/your-repository.git";
const ADDRESS = /^(?:https?|ssh|git|file):\/\/[^\s\u0000-\u001f\u007f]+$/i;
/** How git writes `ssh://git@host/path` in short. */
const SHORT_SSH = /^[\w.-]+@[\w.-]+:[^\s\u0000-\u001f\u007f]+$/;
/** What stands before the host of an address. */
const USER_INFO = /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)@/i;
const REVISION = /^[^\s\u0000-\u001f\u007f-][^\s\u0000-\u001f\u007f]*$/;

/**
 * What `--repo` and `--revision` say; without `--repo` an address that is easy to search for. The tag of an artifact is
 * the revision, else the one in its address, else the version.
 *
 * @throws SlipwayError USAGE that names the flag and what it takes
 */
export function bundleSource(
  options: Pick<BundleOptions, "repo" | "revision" | "plainHttp" | "version">,
): BundleSource {
  const { repo, revision, plainHttp = false } = options;
  if (revision !== undefined && !REVISION.test(revision))
    throw wrong("--revision", revision, "a branch or a tag: no spaces, no control characters, no dash in front");
  if (repo !== undefined) refuseSecrets(repo);
  if (repo !== undefined && isOciReference(repo)) return artifact(repo, options, plainHttp);
  if (repo !== undefined && !ADDRESS.test(repo) && !SHORT_SSH.test(repo))
    throw wrong(
      "--repo",
      repo,
      "https://, http://, ssh://, git://, file:// or oci:// and an address, or git@host:path",
    );
  return {
    kind: "git",
    url: repo ?? PLACEHOLDER,
    revision: revision ?? "main",
    isPlaceholder: repo === undefined,
    isPlainHttp: false,
  };
}

/** Files of a bundle are meant for Git, where all can read them; so the error does not say the address either. */
function refuseSecrets(repo: string): void {
  const [, scheme = "", user = ""] = USER_INFO.exec(repo) ?? [];
  const isAllowed = user === "" || (/^(?:ssh|git)$/i.test(scheme) && !user.includes(":"));
  if (!isAllowed)
    throw new SlipwayError("USAGE", "--repo cannot have a user name, password or token: files of the bundle name it", {
      hint: "Leave them out, and give the credentials to Argo CD or Flux as a Secret.",
    });
  if (repo.includes("#"))
    throw new SlipwayError("USAGE", "--repo cannot have a #fragment", {
      hint: "Give a branch, tag or commit with --revision.",
    });
}

function artifact(
  repo: string,
  options: Pick<BundleOptions, "revision" | "version">,
  plainHttp: boolean,
): BundleSource {
  const { registry, repository, tag, digest } = parseOciReference(repo, options.revision ?? options.version);
  if (digest !== undefined)
    throw wrong("--repo", repo, "oci://host/repository:tag, because the digest of a bundle depends on what is in it");
  return {
    kind: "oci",
    url: `oci://${registry}/${repository}`,
    revision: options.revision ?? tag,
    isPlaceholder: false,
    isPlainHttp: plainHttp,
  };
}

function wrong(flag: string, text: string, expected: string): SlipwayError {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  return new SlipwayError("USAGE", `${flag} cannot be ${JSON.stringify(shown)}`, {
    hint: `Expected ${expected}.`,
  });
}

/** What a revision of a Git repository is taken for: its text alone has to say it. */
export type RevisionKind = "branch" | "tag" | "commit" | "name";

/** 40 hexadecimal digits are a commit, `refs/…` is the full name of a reference, a version is a tag, all else a branch. */
export function revisionKind(revision: string): RevisionKind {
  if (/^[0-9a-f]{40}$/i.test(revision)) return "commit";
  if (revision.startsWith("refs/")) return "name";
  return /^v?\d+(?:\.\d+)+/.test(revision) ? "tag" : "branch";
}

/** What is left to do when there was no `--repo`, for one file or several. */
export function placeholderNotes(source: BundleSource, files: string): readonly string[] {
  if (!source.isPlaceholder) return [];
  return [`Update ${files}: put the address of your Git repository where it says ${source.url}, or give --repo`];
}
