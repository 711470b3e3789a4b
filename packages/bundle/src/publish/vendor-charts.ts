import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError, compareBytes, group, messageOf, writeYaml, type Exec } from "@slipway/base";
import { API_VERSION, type ComponentRef } from "@slipway/recipe";
import type { BundleFile } from "../model.ts";
import { diskError } from "./disk.ts";

/** How chart archives are fetched. */
export interface VendorOptions {
  readonly exec: Exec;
  readonly signal?: AbortSignal | undefined;
  /** The program; `helm` unless told. */
  readonly helm?: string | undefined;
  /** Where the temporary folder is made; the system's unless told. */
  readonly temporary?: string | undefined;
}

/** Charts that were fetched. */
export interface VendoredCharts {
  /** The archives below `charts/`, and provenance.yaml; sorted by path. */
  readonly files: readonly BundleFile[];
  /** Component to the path of its archive. */
  readonly archives: ReadonlyMap<string, string>;
}

/** A chart to fetch, as helm takes it. */
interface Chart {
  readonly component: string;
  readonly name: string;
  readonly version: string;
  /** As the recipe has it: `https://…` or `oci://…`. */
  readonly address: string;
}

interface Pulled extends Chart {
  /** Name of the file that helm wrote. */
  readonly archive: string;
  readonly content: Uint8Array;
  readonly sha256: string;
}

const AT_ONCE = 4;
const MAX_CHART_BYTES = 64 * 1024 * 1024;

/**
 * Fetches the charts of components with the `helm` binary, with the user's own logins, some at once. Components that are
 * no Helm chart, or have no source, are left out. The temporary folder is always removed.
 *
 * @throws SlipwayError NOT_FOUND without the binary; INVALID_INPUT for a chart without a version or with a name that helm
 * would take as an option; UNAVAILABLE with chart, version, address and helm's own words; the signal's reason
 */
export async function vendorCharts(
  components: readonly ComponentRef[],
  options: VendorOptions,
): Promise<VendoredCharts> {
  const charts = components.flatMap(chartOf);
  const folder = await temporaryFolder(options.temporary ?? tmpdir());
  try {
    const tasks = charts.map(
      (chart, index) => (signal: AbortSignal) => pull(chart, join(folder, String(index)), signal, options),
    );
    return vendored(await group(AT_ONCE, tasks, options.signal));
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function temporaryFolder(parent: string): Promise<string> {
  try {
    return await fs.mkdtemp(join(parent, "slipway-charts-"));
  } catch (error) {
    throw diskError(error, "written", parent);
  }
}

function chartOf(component: ComponentRef): readonly Chart[] {
  const { name, source, version, type } = component;
  if (source === undefined || source === "" || (type !== undefined && type !== "Helm")) return [];
  const chart = { component: name, name: component.chart ?? name, version: version ?? "", address: source };
  if (chart.version === "")
    throw refused(
      chart,
      "it has no version, so what is fetched could change",
      "Give it one in the recipe, or leave out --vendor-charts.",
    );
  if (chart.name.startsWith("-") || chart.version.startsWith("-"))
    throw refused(chart, "a name that begins with - is an option to helm");
  if (!/^(https?|oci):\/\//.test(source)) throw refused(chart, "its source is neither http(s):// nor oci://");
  return [chart];
}

async function pull(chart: Chart, folder: string, signal: AbortSignal, options: VendorOptions): Promise<Pulled> {
  await fs.mkdir(folder);
  const isOci = chart.address.startsWith("oci://");
  const target = isOci ? [`${chart.address.replace(/\/+$/, "")}/${chart.name}`] : [chart.name, "--repo", chart.address];
  const args = ["pull", ...target, "--version", chart.version, "--destination", folder];
  const { exitCode, stdout, stderr } = await runHelm(args, folder, signal, options);
  signal.throwIfAborted();
  if (exitCode !== 0)
    throw failed(chart, `helm: ${wordsOf(stderr === "" ? stdout : stderr) || `exit status ${exitCode}`}`);
  const [archive, ...others] = (await fs.readdir(folder)).filter((name) => name.endsWith(".tgz"));
  if (archive === undefined || others.length > 0) throw failed(chart, "helm wrote no chart archive");
  const info = await fs.lstat(join(folder, archive));
  if (!info.isFile() || info.size > MAX_CHART_BYTES)
    throw failed(chart, `what helm wrote is no file of at most ${MAX_CHART_BYTES} bytes`);
  const content = await fs.readFile(join(folder, archive));
  return { ...chart, archive, content, sha256: createHash("sha256").update(content).digest("hex") };
}

async function runHelm(
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
  { exec, helm = "helm" }: VendorOptions,
): ReturnType<Exec["run"]> {
  try {
    return await exec.run(helm, args, { signal, cwd });
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== "NOT_FOUND") throw error;
    throw new SlipwayError(
      "NOT_FOUND",
      `--vendor-charts needs the helm binary, which was not found: ${messageOf(error)}`,
      {
        hint: "Install Helm 3.8 or newer (https://helm.sh/docs/intro/install/), or leave out --vendor-charts.",
        cause: error,
      },
    );
  }
}

/** Puts the archives into the bundle; charts of one name and version but other bytes get their component's folder. */
function vendored(charts: readonly Pulled[]): VendoredCharts {
  const files = new Map<string, BundleFile>();
  const archives = new Map<string, string>();
  const owners = new Map<string, string>();
  for (const chart of charts) {
    const common = `charts/${chart.archive}`;
    const owner = owners.get(common) ?? chart.sha256;
    const path = owner === chart.sha256 ? common : `charts/${chart.component}/${chart.archive}`;
    owners.set(path, chart.sha256);
    files.set(path, { path, content: chart.content, executable: false });
    archives.set(chart.component, path);
  }
  const provenance = { path: "provenance.yaml", content: provenanceOf(charts, archives), executable: false };
  const sorted = [...files.values()].sort((left, right) => compareBytes(left.path, right.path));
  return { files: [...sorted, provenance], archives };
}

function provenanceOf(charts: readonly Pulled[], archives: ReadonlyMap<string, string>): string {
  return writeYaml({
    kind: "BundleProvenance",
    apiVersion: API_VERSION,
    charts: charts.map(({ component, name, version, address, sha256 }) => ({
      component,
      name,
      version,
      address: withoutLogin(address),
      sha256,
      archive: archives.get(component) ?? "",
    })),
  });
}

function failed(chart: Chart, reason: string): SlipwayError {
  const { name, version, address, component } = chart;
  const message = `the chart ${name} ${version} of ${component} cannot be fetched from ${withoutLogin(address)}: ${reason}`;
  return new SlipwayError("UNAVAILABLE", message, {
    hint: "Check the address, the version and the login (helm registry login), or leave out --vendor-charts.",
  });
}

function refused(chart: Chart, reason: string, hint?: string): SlipwayError {
  return new SlipwayError(
    "INVALID_INPUT",
    `the chart ${chart.name} of ${chart.component} cannot be vendored: ${reason}`,
    { hint },
  );
}

/** A name and password in an address is nobody else's business. */
function withoutLogin(text: string): string {
  return text.replaceAll(/(:\/\/)[^/@\s]*@/g, "$1");
}

/** Helm's own words on one line, without its prefix. */
function wordsOf(output: string): string {
  const line = output.replace(/^\s*Error:\s*/, "").replaceAll(/[\u0000-\u001f\u007f\s]+/g, " ");
  return withoutLogin(line.trim().slice(0, 500));
}
