import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

/** A chart repository on loopback. */
export interface ChartRepository {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Folder with one folder a chart: its files as they were given. */
  readonly folder: string;
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A chart: its files by path below its folder, without `Chart.yaml`. */
export interface Chart {
  readonly name: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Packs charts with the real `helm` and serves them with their index. */
export async function serveCharts(helm: string, charts: readonly Chart[]): Promise<ChartRepository> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-charts-"));
  const packed = join(folder, ".packed");
  const run = async (...args: readonly string[]): Promise<void> => {
    await promisify(execFile)(helm, [...args], { cwd: folder, env: { HOME: folder } });
  };
  await mkdir(packed);
  for (const { name, version, files } of charts) {
    const head = `apiVersion: v2\nname: ${name}\nversion: ${version}\ndescription: Made for a test.\nicon: https://example.com/icon.svg\n`;
    await fill(join(folder, name), { "Chart.yaml": head, ...files });
    await run("package", name, "--destination", packed);
  }
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    void readFile(join(packed, basename(request.url ?? ""))).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  await run("repo", "index", packed, "--url", url);
  return {
    url,
    folder,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Writes files by path below a folder. */
export async function fill(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
