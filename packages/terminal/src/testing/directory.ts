import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files by relative path. */
export type FileTree = Readonly<Record<string, string | Uint8Array>>;

/** Runs an action with a fresh directory that holds the given files, and removes it afterwards. */
export async function withDirectory<Result>(
  tree: FileTree,
  action: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-"));
  try {
    await writeTree(directory, tree);
    return await action(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Writes files below a directory. */
export async function writeTree(directory: string, tree: FileTree): Promise<void> {
  for (const [path, content] of Object.entries(tree)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}
