import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { SlipwayError, type Exec } from "@slipway/base";
import { expect, onTestFinished, test } from "vitest";
import { helmBinary } from "../../../../test/tools.ts";
import { fill, temporaryFolder } from "../testing/folders.ts";
import { vendorCharts } from "./vendor-charts.ts";

const OPERATOR = {
  name: "gpu-operator",
  type: "Helm",
  source: "https://charts.example.com/nvidia",
  version: "v25.3.0",
};
const DRIVER = { name: "dra-driver", type: "Helm", chart: "dra", source: "oci://ghcr.io/nvidia/", version: "1.0.0" };

/** A helm that writes an archive with what it was called with; the arguments are kept without the folder. */
function fakeHelm(content = (args: readonly string[]): string => args.slice(0, 2).join(" ")): {
  readonly exec: Exec;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const exec: Exec = {
    run: async (program, args, { cwd = "" }) => {
      calls.push([program, ...args].join(" ").replace(cwd, "TMP"));
      const [chart = ""] = (args[1] ?? "").split("/").slice(-1);
      const version = args[args.indexOf("--version") + 1] ?? "";
      await writeFile(join(cwd, `${chart}-${version}.tgz`), content(args));
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  };
  return { exec, calls };
}

function failingHelm(stderr: string): Exec {
  return { run: async () => ({ exitCode: 1, stdout: "", stderr }) };
}

function sha256(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  return error instanceof SlipwayError ? `${error.code}: ${error.describe()}` : `no SlipwayError: ${String(error)}`;
}

test("charts are fetched by helm and recorded in provenance.yaml", async () => {
  const temporary = await temporaryFolder();
  const { exec, calls } = fakeHelm();
  const manifestsOnly = { name: "manifests", type: "Helm" };
  const kustomize = { name: "kustomize", type: "Kustomize", source: "https://example.com/repo.git" };
  const { files, archives } = await vendorCharts([OPERATOR, manifestsOnly, DRIVER, kustomize], { exec, temporary });
  // Both are fetched at once, so either may be the first.
  expect(calls.toSorted()).toEqual([
    "helm pull gpu-operator --repo https://charts.example.com/nvidia --version v25.3.0 --destination TMP",
    "helm pull oci://ghcr.io/nvidia/dra --version 1.0.0 --destination TMP",
  ]);
  expect([...archives]).toEqual([
    ["gpu-operator", "charts/gpu-operator-v25.3.0.tgz"],
    ["dra-driver", "charts/dra-1.0.0.tgz"],
  ]);
  expect(files).toEqual([
    { path: "charts/dra-1.0.0.tgz", content: Buffer.from("pull oci://ghcr.io/nvidia/dra"), executable: false },
    { path: "charts/gpu-operator-v25.3.0.tgz", content: Buffer.from("pull gpu-operator"), executable: false },
    {
      path: "provenance.yaml",
      executable: false,
      content: `kind: BundleProvenance
apiVersion: aicr.nvidia.com/v1alpha1
charts:
  - component: gpu-operator
    name: gpu-operator
    version: v25.3.0
    address: https://charts.example.com/nvidia
    sha256: ${sha256("pull gpu-operator")}
    archive: charts/gpu-operator-v25.3.0.tgz
  - component: dra-driver
    name: dra
    version: 1.0.0
    address: oci://ghcr.io/nvidia/
    sha256: ${sha256("pull oci://ghcr.io/nvidia/dra")}
    archive: charts/dra-1.0.0.tgz
`,
    },
  ]);
  expect(await readdir(temporary)).toEqual([]);
});

test("components of one chart share its archive; another chart of the same name gets a folder", async () => {
  const { exec } = fakeHelm((args) => args.slice(1, 4).join(" "));
  const twin = { ...OPERATOR, name: "twin", chart: "gpu-operator" };
  const other = { ...twin, name: "other", source: "https://elsewhere.example.com" };
  const { files, archives } = await vendorCharts([OPERATOR, twin, other], { exec });
  expect(Object.fromEntries(archives)).toEqual({
    "gpu-operator": "charts/gpu-operator-v25.3.0.tgz",
    twin: "charts/gpu-operator-v25.3.0.tgz",
    other: "charts/other/gpu-operator-v25.3.0.tgz",
  });
  expect(files.map(({ path }) => path)).toEqual([
    "charts/gpu-operator-v25.3.0.tgz",
    "charts/other/gpu-operator-v25.3.0.tgz",
    "provenance.yaml",
  ]);
});

test("without helm the error says what to do", async () => {
  const temporary = await temporaryFolder();
  const exec: Exec = {
    run: async () => {
      throw new SlipwayError("NOT_FOUND", 'no program "helm" on the PATH');
    },
  };
  expect(await failure(vendorCharts([OPERATOR], { exec, temporary }))).toBe(
    'NOT_FOUND: --vendor-charts needs the helm binary, which was not found: no program "helm" on the PATH\n' +
      "Install Helm 3.8 or newer (https://helm.sh/docs/intro/install/), or leave out --vendor-charts.",
  );
  expect(await readdir(temporary)).toEqual([]);
});

test("helm's own words are passed on, without a login in an address", async () => {
  const temporary = await temporaryFolder();
  const exec = failingHelm(
    'Error: looks like "https://me:hunter2@charts.example.com" is not\n a valid repository\u001b[0m\n',
  );
  const component = { ...OPERATOR, source: "https://me:hunter2@charts.example.com" };
  expect(await failure(vendorCharts([component], { exec, temporary }))).toBe(
    "UNAVAILABLE: the chart gpu-operator v25.3.0 of gpu-operator cannot be fetched from https://charts.example.com: " +
      'helm: looks like "https://charts.example.com" is not a valid repository [0m\n' +
      "Check the address, the version and the login (helm registry login), or leave out --vendor-charts.",
  );
  expect(await readdir(temporary)).toEqual([]);
});

test.each([
  [
    "a chart that is an option",
    { ...OPERATOR, chart: "--post-renderer=evil" },
    "a name that begins with - is an option to helm",
  ],
  [
    "a version that is an option",
    { ...OPERATOR, version: "--debug" },
    "a name that begins with - is an option to helm",
  ],
  ["no version", { ...OPERATOR, version: undefined }, "it has no version, so what is fetched could change"],
  ["a local path", { ...OPERATOR, source: "/etc" }, "its source is neither http(s):// nor oci://"],
  ["a file address", { ...OPERATOR, source: "file:///etc" }, "its source is neither http(s):// nor oci://"],
])("%s is refused before helm is called", async (_name, component, reason) => {
  const { exec, calls } = fakeHelm();
  expect(await failure(vendorCharts([component], { exec }))).toContain(`cannot be vendored: ${reason}`);
  expect(calls).toEqual([]);
});

test("a helm that writes nothing is found out", async () => {
  const exec: Exec = { run: async () => ({ exitCode: 0, stdout: "", stderr: "" }) };
  expect(await failure(vendorCharts([OPERATOR], { exec }))).toContain("helm wrote no chart archive");
});

test("a failing chart stops the others, and Ctrl-C leaves no temporary folder", async () => {
  const temporary = await temporaryFolder();
  const abort = new AbortController();
  const exec: Exec = {
    run: async () => {
      abort.abort(new SlipwayError("INTERRUPTED", "interrupted"));
      return { exitCode: 1, stdout: "", stderr: "killed" };
    },
  };
  expect(await failure(vendorCharts([OPERATOR], { exec, temporary, signal: abort.signal }))).toBe(
    "INTERRUPTED: interrupted",
  );
  expect(await readdir(temporary)).toEqual([]);
});

/** Runs a program for real. */
const realExec: Exec = {
  run: (program, args, { cwd, signal }) =>
    new Promise((resolve) => {
      execFile(program, [...args], { cwd, signal }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : 1, stdout, stderr });
      });
    }),
};

test("the real helm fetches a chart from a repository", async ({ skip }) => {
  const helm = (await helmBinary()) ?? skip("helm cannot be had");
  const folder = await temporaryFolder();
  await fill(folder, { "demo/Chart.yaml": "apiVersion: v2\nname: demo\nversion: 1.2.3\n" });
  await mkdir(join(folder, "site"));
  const signal = new AbortController().signal;
  await realExec.run(helm, ["package", "demo", "--destination", "site"], { cwd: folder, signal });
  await realExec.run(helm, ["repo", "index", "site"], { cwd: folder, signal });
  const server = createServer((request, response) => {
    readFile(join(folder, "site", (request.url ?? "/").slice(1))).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const source = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  const archive = await readFile(join(folder, "site/demo-1.2.3.tgz"));

  const { files } = await vendorCharts([{ name: "demo", type: "Helm", source, version: "1.2.3" }], {
    exec: realExec,
    helm,
  });
  expect(files[0]).toEqual({ path: "charts/demo-1.2.3.tgz", content: archive, executable: false });
  expect(files[1]?.content).toContain(`sha256: ${sha256(archive)}`);

  expect(await failure(vendorCharts([{ name: "demo", source, version: "9.9.9" }], { exec: realExec, helm }))).toMatch(
    /^UNAVAILABLE: the chart demo 9\.9\.9 of demo cannot be fetched from http:\/\/127\.0\.0\.1:\d+: helm: .*demo.*9\.9\.9/,
  );
});
