import { chmod, mkdir, mkdtemp, readFile, readdir, readlink, lstat, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty folder that is removed when the running test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by relative path; a content that starts with `-> ` makes a symbolic link. */
export async function fill(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    if (content.startsWith("-> ")) await symlink(content.slice(3), target);
    else await writeFile(target, content);
    if (!content.startsWith("-> ")) await chmod(target, 0o644);
  }
}

/** Everything in a folder: path to mode and content, folders with a slash at the end, links as `-> target`. */
export async function treeOf(folder: string, prefix = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    const info = await lstat(path);
    const mode = (info.mode & 0o777).toString(8);
    if (info.isSymbolicLink()) found[prefix + name] = `-> ${await readlink(path)}`;
    else if (info.isFile()) found[prefix + name] = `${mode} ${await readFile(path, "utf8")}`;
    else if (info.isDirectory()) {
      found[`${prefix}${name}/`] = mode;
      Object.assign(found, await treeOf(path, `${prefix}${name}/`));
    } else found[prefix + name] = "other";
  }
  return found;
}
