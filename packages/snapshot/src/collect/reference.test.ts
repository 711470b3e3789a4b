import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseOsRelease } from "./os/release.ts";
import { smiOf, told } from "./testing/gpu-told.ts";

/** Recorded outputs of real systems, where a checkout has them beside it; without them there is nothing to compare. */
const RECORDINGS = join(import.meta.dirname, "../../../../../shared/reference/fixtures");

function recordings(folder: string): readonly (readonly [name: string, text: string])[] {
  const path = join(RECORDINGS, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).map((name) => [name, readFileSync(join(path, name), "utf8")]);
}

/** GPUs, models, driver, CUDA, health by the names of the recordings. */
const REPORTS: Readonly<Record<string, readonly unknown[]>> = {
  "a100-hardware.xml": [1, "1 x NVIDIA A100-SXM4-40GB", "570.148.08", "12.8", "ok"],
  // Of its four GPUs the recording keeps one.
  "a100-sxm4-v12.xml": [4, "1 x NVIDIA A100-SXM4-80GB", "535.54.03", "12.2", "failing"],
  "a10g.xml": [1, "1 x NVIDIA A10G", "515.105.01", "11.7", "ok"],
  "gtx-1070-ti.xml": [1, "1 x GeForce GTX 1070 Ti", undefined, undefined, "ok"],
  "h100-8x-hardware.xml": [8, "8 x NVIDIA H100 80GB HBM3", "580.105.08", "13.0", "ok"],
  "mock-gb200-healthy.xml": [2, "2 x NVIDIA GB200", "580.65.06", "13.0", "ok"],
  "mock-gb200-lost.xml": [2, "2 x NVIDIA GB200", "580.65.06", "13.0", "lost"],
  "tesla-t4.xml": [1, "1 x Tesla T4", "515.105.01", "11.7", "ok"],
};

test("recorded reports of nvidia-smi", async () => {
  for (const [name, xml] of recordings("nvidia-smi")) {
    const found = await told(smiOf(xml));
    expect(leftOver(xml, found)).toEqual([]);
    if (!Object.hasOwn(REPORTS, name)) continue;
    const [gpus, models, driver, cuda, state] = REPORTS[name] ?? [];
    expect([name, found]).toMatchObject([
      name,
      { smi: { "gpu-count": gpus }, summary: { "gpu-count": gpus, models }, health: { state } },
    ]);
    expect(found["smi"]).toEqual(expect.objectContaining(driver === undefined ? {} : { driver, "cuda-version": cuda }));
  }
});

/** Texts of volatile fields must not be found, and every GPU must be. */
function leftOver(xml: string, found: object): readonly string[] {
  const text = JSON.stringify(found);
  const volatile = [...xml.matchAll(/<(?:gpu_temp|instant_power_draw|power_draw|timestamp|tx_util)>([^<]+)</g)];
  const seen = volatile
    .map(([, value = ""]) => value)
    .filter((value) => /\d/.test(value) && text.includes(`"${value}"`));
  const uuids = [...xml.matchAll(/<uuid>(GPU-[^<]+)</g)].map(([, uuid = ""]) => uuid);
  return [...seen, ...uuids.filter((uuid) => !text.includes(uuid))];
}

/** ID and VERSION_ID by the names of the recordings. */
const RELEASES: Readonly<Record<string, readonly [id: string, version: string]>> = {
  "amzn-2": ["amzn", "2"],
  "amzn-2023": ["amzn", "2023"],
  "cos-97": ["cos", "97"],
  "debian-12": ["debian", "12"],
  "flatcar-4459.0.0": ["flatcar", "4459.0.0"],
  "ol-9.1": ["ol", "9.1"],
  "ol-server-9.5": ["ol", "9.5"],
  "rhel-9.4": ["rhel", "9.4"],
  "rhel-9.6": ["rhel", "9.6"],
  "rocky-9.5": ["rocky", "9.5"],
  "sles-15.6": ["sles", "15.6"],
  "ubuntu-22.04": ["ubuntu", "22.04"],
  "ubuntu-24.04": ["ubuntu", "24.04"],
};

test("recorded os-release files", () => {
  for (const [name, text] of recordings("os-release")) {
    const data = parseOsRelease(text);
    const told = [data.get("ID"), data.get("VERSION_ID")];
    expect([name, ...told]).toEqual([name, ...(RELEASES[name] ?? told)]);
    // Every assignment is there, and no quotation mark is left.
    expect(data.size).toBe(text.split("\n").filter((line) => line.includes("=")).length);
    expect([...data.values()].filter((value) => /["']/.test(value))).toEqual([]);
  }
});
