const MAX_LINKS = 40;

/**
 * Where a path of a host is when the host's root is mounted at `root`. Every symbolic link on the way counts from that
 * root, as it would on the host: without that, an absolute link would lead into our own file system.
 *
 * @param path absolute, of the host
 * @param link gives what a symbolic link holds; nothing when the path is no link
 * @returns a path below `root`, which may not exist; more than 40 links give one that does not
 */
export function insideRoot(root: string, path: string, link: (path: string) => string | undefined): string {
  const waiting = parts(path);
  const walked: string[] = [];
  let links = 0;
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (part === "..") {
      walked.pop();
      continue;
    }
    const target = link(`${root}/${[...walked, part].join("/")}`);
    if (target === undefined) {
      walked.push(part);
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return `${root}/${[...walked, part, "too many links"].join("/")}`;
    if (target.startsWith("/")) walked.length = 0;
    waiting.unshift(...parts(target));
  }
  return `${root}/${walked.join("/")}`;
}

function parts(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}
