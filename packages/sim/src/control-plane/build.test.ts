import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import process from "node:process";
import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { expect, onTestFinished, test } from "vitest";
import { builtPrograms, type BuildOptions } from "./build.ts";
import { controlPlanePrograms } from "./programs.ts";

/** A stand-in for Go: it tells its version, and what it builds is a script that prints its first argument. */
const GO = `#!/bin/sh
if [ "$1" = env ]; then echo "go\${FAKE_GO_VERSION:-1.26.1}"; exit 0; fi
echo "$(basename "$PWD"): $CGO_ENABLED $GOTOOLCHAIN $*" >> "$FAKE_GO_LOG"
echo "go: downloading example.com/module v1.0.0" >&2
echo "example.com/module/package" >&2
if [ -n "$FAKE_GO_FAILS" ]; then echo "main.go:1:1: syntax error" >&2; exit 1; fi
if [ -n "$FAKE_GO_HANGS" ]; then exec sleep 60; fi
sleep 0.3
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\necho "document: $1"\\n' > "$2"
chmod +x "$2"
`;

interface Workshop extends BuildOptions {
  readonly folder: string;
  readonly cache: string;
  readonly said: string[];
  /** The builds that were run, each with its arguments. */
  builds(): Promise<readonly string[]>;
}

async function workshop(env: Readonly<Record<string, string>> = {}): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-build-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const [source, bin] = [join(folder, "source"), join(folder, "bin")];
  await Promise.all([mkdir(source), mkdir(bin)]);
  const module = "module example.com/x\n\ngo 1.24.0\n\nrequire (\n\tk8s.io/kubernetes v1.34.5\n)\n";
  await writeFile(join(source, "go.mod"), module);
  await writeFile(join(source, "main.go"), "package main\n");
  await mkdir(join(source, "kwok"));
  await writeFile(join(source, "kwok", "go.mod"), "module example.com/kwok\n");
  await writeFile(join(bin, "go"), GO);
  await chmod(join(bin, "go"), 0o755);
  const said: string[] = [];
  const logFile = join(folder, "builds");
  return {
    folder,
    cache: join(folder, "cache", "slipway", "control-plane"),
    source,
    said,
    log: (line) => said.push(line),
    env: {
      PATH: [bin, process.env["PATH"]].join(delimiter),
      XDG_CACHE_HOME: join(folder, "cache"),
      FAKE_GO_LOG: logFile,
      ...env,
    },
    builds: async () => (await readFile(logFile, "utf8").catch(() => "")).split("\n").filter((line) => line !== ""),
  };
}

test("what is missing is built once, with the version of Kubernetes stamped into it", async () => {
  const shop = await workshop();
  const first = await builtPrograms(shop);
  const second = await builtPrograms(shop);
  expect(second).toEqual(first);
  expect(first).toEqual({
    controlPlane: expect.stringContaining(shop.cache),
    kwok: expect.stringMatching(/kwok$/),
    kwokDefinitions: "document: definitions\n",
    kwokStages: "document: stages\n",
  });
  const [build, kwok, ...more] = await shop.builds();
  expect(more).toEqual([]);
  expect(kwok).toMatch(/^kwok: 0 local build -v /);
  expect(build).toMatch(/^source: 0 local build -v -trimpath -ldflags -s -w .*\.gitVersion=v1\.34\.5 .*\.gitMinor=34/);
  expect(shop.said[0]).toBe("building Kubernetes v1.34.5 and kwok with Go; this is done once and takes minutes");
  expect((await readdir(shop.cache)).length).toBe(1);
});

test("of several that need it at once one builds and the others wait", async () => {
  const shop = await workshop();
  const programs = await Promise.all([builtPrograms(shop), builtPrograms(shop), builtPrograms(shop)]);
  expect(new Set(programs.map(({ kwok }) => kwok)).size).toBe(1);
  expect((await shop.builds()).length).toBe(2);
  expect(shop.said.filter((line) => line.startsWith("another process builds")).length).toBe(2);
});

test("other sources are another program", async () => {
  const shop = await workshop();
  const before = await builtPrograms(shop);
  await writeFile(join(shop.source, "kwok", "go.mod"), "module example.com/kwok // changed\n");
  const after = await builtPrograms(shop);
  expect(after.kwok).not.toBe(before.kwok);
  expect((await shop.builds()).length).toBe(4);
});

test("a half-written folder of the cache is built anew", async () => {
  const shop = await workshop();
  const { kwok } = await builtPrograms(shop);
  await rm(join(kwok, "..", "stages.yaml"));
  expect((await builtPrograms(shop)).kwok).toBe(kwok);
  expect((await shop.builds()).length).toBe(4);
});

test("what a build that was killed left is removed by the next one", async () => {
  const shop = await workshop();
  const { kwok } = await builtPrograms(shop);
  await rm(kwok);
  await mkdir(`${dirname(kwok)}.abcdef`);
  await builtPrograms(shop);
  expect(await readdir(shop.cache)).toEqual([basename(dirname(kwok))]);
});

test("a build that fails says what Go said and leaves nothing", async () => {
  const shop = await workshop({ FAKE_GO_FAILS: "yes" });
  expect(await rejectionOf(builtPrograms(shop))).toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringMatching(/go build of .* failed with status 1:\n[^]*main\.go:1:1: syntax error/),
  });
  expect(await readdir(shop.cache)).toEqual([]);
});

test("a build that is given up leaves nothing", async () => {
  const shop = await workshop({ FAKE_GO_HANGS: "yes" });
  const stop = new AbortController();
  const build = rejectionOf(builtPrograms({ ...shop, signal: stop.signal }));
  while ((await shop.builds()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort(new SlipwayError("INTERRUPTED", "interrupted"));
  expect((await build).code).toBe("INTERRUPTED");
  expect(await readdir(shop.cache)).toEqual([]);
});

test("without Go it is said what to install", async () => {
  const shop = await workshop();
  const env = { ...shop.env, PATH: join(shop.folder, "nothing") };
  expect(await rejectionOf(builtPrograms({ ...shop, env }))).toMatchObject({
    code: "NOT_FOUND",
    message: "the control plane is built with Go, but `go` does not run: spawn go ENOENT",
    hint: expect.stringMatching(/^Go 1\.24\.0 or newer is needed\. Install Go from .*KUBEBUILDER_ASSETS/),
  });
});

test("a Go that is too old is not tried", async () => {
  const shop = await workshop({ FAKE_GO_VERSION: "1.19.8" });
  expect(await rejectionOf(builtPrograms(shop))).toMatchObject({
    code: "NOT_FOUND",
    message: "the control plane needs Go 1.24.0 or newer, this is 1.19.8",
  });
  expect(await shop.builds()).toEqual([]);
});

test("parts are taken from KUBEBUILDER_ASSETS where it has them", async () => {
  const shop = await workshop();
  const assets = join(shop.folder, "assets");
  await mkdir(assets);
  for (const name of ["etcd", "kube-apiserver", "kubectl"]) {
    await writeFile(join(assets, name), "", { mode: 0o755 });
  }
  const { parts } = await controlPlanePrograms({ ...shop, env: { ...shop.env, KUBEBUILDER_ASSETS: assets } });
  const { controlPlane, kwok } = await builtPrograms(shop);
  const built = (name: string): unknown => ({ path: controlPlane, args: [name], endsWithInput: true });
  expect(parts).toEqual({
    etcd: { path: join(assets, "etcd"), args: [], endsWithInput: false },
    "kube-apiserver": { path: join(assets, "kube-apiserver"), args: [], endsWithInput: false },
    "kube-controller-manager": built("kube-controller-manager"),
    "kube-scheduler": built("kube-scheduler"),
    kwok: { path: kwok, args: [], endsWithInput: true },
  });
});

test("KUBEBUILDER_ASSETS without an API server is an error, not a reason to build one", async () => {
  const shop = await workshop();
  const env = { ...shop.env, KUBEBUILDER_ASSETS: shop.folder };
  expect(await rejectionOf(controlPlanePrograms({ ...shop, env }))).toMatchObject({
    code: "NOT_FOUND",
    message: `KUBEBUILDER_ASSETS=${shop.folder} lacks etcd and kube-apiserver`,
  });
  expect(await shop.builds()).toEqual([]);
});
