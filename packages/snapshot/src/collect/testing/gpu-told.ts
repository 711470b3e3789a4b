import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Collected } from "../../collector.ts";
import { gpuCollector } from "../gpu/gpu.ts";
import { fakeHost, type FakeFile, type FakeProgram } from "./fake-host.ts";

/** What a collector told: the readings of each subtype by its name, and the notes. */
export interface Told {
  readonly notes: readonly string[];
  readonly [subtype: string]: unknown;
}

/** One of the reports in testdata. */
export function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, "../testdata/nvidia-smi", name), "utf8");
}

/** A program that gives this report, and nothing for other questions unless told. */
export function smiOf(stdout: string, more: Readonly<Record<string, string>> = {}, exitCode = 0): FakeProgram {
  return (_program, args) => {
    const asked = args.join(" ");
    if (asked === "-q -x") return { exitCode, stdout, stderr: "" };
    return { exitCode: asked in more ? 0 : 2, stdout: more[asked] ?? "", stderr: "" };
  };
}

/** What the collector of GPUs tells of a host with these files and this nvidia-smi. */
export async function told(
  run: FakeProgram | undefined,
  files: Readonly<Record<string, FakeFile>> = {},
): Promise<Told> {
  const host = fakeHost({ files, ...(run === undefined ? {} : { run }) });
  return flat(await gpuCollector(host).collect(AbortSignal.timeout(20_000)));
}

export function flat({ subtypes, notes }: Collected): Told {
  return { ...Object.fromEntries(subtypes.map(({ name, data }) => [name, Object.fromEntries(data)])), notes };
}

const PCI = "/sys/bus/pci/devices";

/** The files of a GPU on the PCI bus. */
export function pciGpu(address: string, device: string, driver?: string): Readonly<Record<string, FakeFile>> {
  return {
    [`${PCI}/${address}/vendor`]: "0x10de\n",
    [`${PCI}/${address}/device`]: `0x${device}\n`,
    [`${PCI}/${address}/class`]: "0x030200\n",
    [`${PCI}/${address}/numa_node`]: "1\n",
    ...(driver === undefined ? {} : { [`${PCI}/${address}/driver`]: { link: `../../../bus/pci/drivers/${driver}` } }),
  };
}
