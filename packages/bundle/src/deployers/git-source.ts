import type { BundleOptions } from "../model.ts";

/** The Git repository that a bundle is pushed to. */
export interface GitSource {
  readonly url: string;
  readonly revision: string;
  /** Whether the address has still to be written by the user. */
  readonly isPlaceholder: boolean;
}

const PLACEHOLDER = "https://git.example.com/your-organization/your-repository.git";

/** What `--repo` and `--revision` say; without `--repo` an address that is easy to search for. */
export function gitSource({ repo, revision }: Pick<BundleOptions, "repo" | "revision">): GitSource {
  return { url: repo ?? PLACEHOLDER, revision: revision ?? "main", isPlaceholder: repo === undefined };
}

/** What is left to do when there was no `--repo`, for one file or several. */
export function placeholderNotes(git: GitSource, files: string): readonly string[] {
  if (!git.isPlaceholder) return [];
  return [`Update ${files}: put the address of your Git repository where it says ${git.url}, or give --repo`];
}
