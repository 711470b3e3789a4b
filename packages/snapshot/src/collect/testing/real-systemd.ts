import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A systemd of its own, in user mode, with a message bus. */
export interface RealSystemd {
  /** What looks like the root of a host to collectors: its sockets are below `run`. */
  readonly root: string;
  /** What makes `systemctl --user` speak with it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const SYSTEMD = "/lib/systemd/systemd";

/**
 * Starts a real systemd that knows the given units, with the message bus that it starts itself. A user's systemd insists
 * on a machine that was started by systemd; on any other it gets a /run of its own that says so, which takes root.
 *
 * @param units file contents by name
 * @param path where programs are looked for
 * @throws Error in words when this machine cannot do it
 */
export async function startSystemd(
  units: Readonly<Record<string, string>>,
  path: string | undefined,
): Promise<RealSystemd> {
  const booted = existsSync("/run/systemd/system");
  if (!existsSync(SYSTEMD)) throw new Error(`this test needs ${SYSTEMD}: install the package systemd`);
  if (!booted && userInfo().uid !== 0) throw new Error("this test needs a machine started by systemd, or root");
  const root = await mkdtemp(join(tmpdir(), "sd-"));
  const run = join(root, "run");
  await mkdir(join(run, "systemd/user"), { recursive: true });
  await mkdir(join(run, "dbus"));
  await symlink("../bus", join(run, "dbus/system_bus_socket"));
  for (const [name, text] of Object.entries(units)) await writeFile(join(run, "systemd/user", name), text);
  const env = { PATH: path ?? "/usr/sbin:/usr/bin:/sbin:/bin", XDG_RUNTIME_DIR: run, HOME: root, LC_ALL: "C" };
  const command = `${SYSTEMD} --user --unit=basic.target`;
  const inOwnRun = `mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && exec ${command}`;
  const words = booted ? ["sh", "-c", `exec ${command}`] : ["unshare", "-m", "sh", "-c", inOwnRun];
  const manager = spawn(words[0] ?? "", words.slice(1), { env, stdio: "ignore" });
  const stop = async (): Promise<void> => {
    await ended(manager);
    await rm(root, { recursive: true, force: true });
  };
  try {
    await appears(join(run, "systemd/private"), manager);
    await promisify(execFile)("systemctl", ["--user", "start", "dbus.service"], { env });
    return { root, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function appears(path: string, child: ChildProcess): Promise<void> {
  let failure: Error | undefined;
  child.once("error", (error) => (failure = error));
  for (let tries = 0; tries < 600; tries++) {
    if (existsSync(path)) return;
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}`);
    await sleep(25);
  }
  throw new Error(`${path} did not appear within 15 s`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => {
    child.once("close", resolve);
  });
  // It stops its services first.
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await closed;
  clearTimeout(late);
}
