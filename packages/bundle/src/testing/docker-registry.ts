import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A real registry on loopback, with storage that is removed when it is closed. */
export interface DockerRegistry {
  /** Host and port. */
  readonly host: string;
  close(): Promise<void>;
}

/**
 * Starts Debian's `docker-registry`. Undefined, with the reason on standard error, where it is not installed; with
 * CI=true that is an error.
 */
export async function startDockerRegistry(): Promise<DockerRegistry | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const config = {
    version: "0.1",
    log: { level: "error" },
    storage: { filesystem: { rootdirectory: join(folder, "storage") } },
    http: { addr: host },
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  const child = spawn("docker-registry", ["serve", join(folder, "config.json")], { stdio: "ignore" });
  const ended = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code) => resolve(`docker-registry ended with status ${code}`));
  });
  const close = async (): Promise<void> => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const failure = await Promise.race([ended, answers(host)]);
  if (failure === undefined) return { host, close };
  await close();
  return unavailable(failure);
}

function unavailable(reason: string): undefined {
  const message = `no registry for tests (apt-get install docker-registry): ${reason}`;
  if (process.env["CI"] === "true") throw new Error(message);
  process.stderr.write(`\n*** ${message}\n*** tests that need it are not run\n\n`);
  return undefined;
}

async function answers(host: string): Promise<string | undefined> {
  for (let left = 100; left > 0; left--) {
    const response = await fetch(`http://${host}/v2/`).catch(() => undefined);
    if (response?.ok === true) return undefined;
    await delay(100);
  }
  return "it did not answer within 10 seconds";
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
