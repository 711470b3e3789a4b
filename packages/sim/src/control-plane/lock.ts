import { open, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** How the holder shows that it is alive. */
const BEAT_MS = 1000;
/** A lock that was not touched for so long belongs to a process that was killed. */
const STALE_MS = 15_000;
const POLL_MS = 200;

/**
 * Runs `work` while no other process of this machine holds the lock file; waits for them as long as it takes.
 *
 * @param onWait called once when somebody else holds the lock
 */
export async function withLock<Result>(
  path: string,
  options: { readonly onWait: () => void; readonly signal?: AbortSignal | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  let told = false;
  while (!(await take(path))) {
    options.signal?.throwIfAborted();
    if (!told) options.onWait();
    told = true;
    await sleep(POLL_MS);
    if (await isStale(path)) await rm(path, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await (await open(path, "wx")).close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs > STALE_MS;
}
