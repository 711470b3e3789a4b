import type { Reading, Subtype } from "../../model.ts";
import { numberIn, shortText, type Host } from "../host.ts";

const KIB_PER_GIB = 1024 * 1024;
/** The first processors of /proc/cpuinfo; all of it can be a megabyte. */
const CPUINFO_BYTES = 8 * 1024;
const CPU = "/sys/devices/system/cpu";
const NODE = "/sys/devices/system/node";

/** Readings of which some could not be made. */
export type Maybe = readonly (readonly [name: string, value: Reading | undefined])[];

/** A map of those that could be made. */
export function known(readings: Maybe): Map<string, Reading> {
  return new Map(readings.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** The subtype `cpu`: make, microcode and layout of the processors, and how they are set; no clock, no load. */
export function cpu(host: Host): Subtype {
  const found = host.files.read("/proc/cpuinfo", CPUINFO_BYTES);
  const fields = fieldsOf(found.kind === "text" ? found.text : "");
  const processors = host.files.list(CPU).filter(({ name }) => /^cpu\d+$/.test(name));
  const distinct = (file: string): number | undefined => {
    const values = processors.flatMap(({ name }) => shortText(host, `${CPU}/${name}/topology/${file}`) ?? []);
    return values.length === 0 ? undefined : new Set(values).size;
  };
  return {
    name: "cpu",
    data: known([
      ["architecture", shortText(host, "/proc/sys/kernel/arch")],
      ["vendor", fields.get("vendor_id") ?? fields.get("CPU implementer")],
      ["model", fields.get("model name") ?? fields.get("CPU part")],
      ["microcode", fields.get("microcode")],
      ["sockets", distinct("physical_package_id")],
      ["cores", distinct("thread_siblings_list")],
      ["threads", processors.length === 0 ? undefined : processors.length],
      ["online", shortText(host, `${CPU}/online`)],
      ["isolated", shortText(host, `${CPU}/isolated`)],
      ["smt", shortText(host, `${CPU}/smt/control`)],
      ["governor", shortText(host, `${CPU}/cpu0/cpufreq/scaling_governor`)],
    ]),
  };
}

/**
 * The subtype `memory`: sizes in whole GiB, because what the kernel keeps for itself differs by some MiB from start to
 * start, and the settings of huge pages.
 */
export function memory(host: Host): Subtype {
  const found = host.files.read("/proc/meminfo", CPUINFO_BYTES);
  const fields = fieldsOf(found.kind === "text" ? found.text : "");
  const pages = host.files.list("/sys/kernel/mm/hugepages").map(({ name }): Maybe[number] => {
    return [`${name}.count`, numberIn(host, `/sys/kernel/mm/hugepages/${name}/nr_hugepages`)];
  });
  const transparent = (file: string): string | undefined =>
    chosen(shortText(host, `/sys/kernel/mm/transparent_hugepage/${file}`));
  return {
    name: "memory",
    data: known([
      ["total-gib", gib(fields.get("MemTotal"))],
      ["swap-gib", gib(fields.get("SwapTotal"))],
      ...pages,
      ["transparent-hugepages.enabled", transparent("enabled")],
      ["transparent-hugepages.defrag", transparent("defrag")],
    ]),
  };
}

/**
 * The subtype `numa`: the CPUs and distances of each node. Its memory is not told: kernels that set pages up later, or
 * give some back, count another size from minute to minute.
 */
export function numa(host: Host): Subtype {
  const nodes = host.files.list(NODE).filter(({ name }) => /^node\d+$/.test(name));
  const readings = nodes.flatMap(({ name }): Maybe => {
    const id = name.slice("node".length);
    return [
      [`${id}.cpus`, shortText(host, `${NODE}/${name}/cpulist`)],
      [`${id}.distance`, shortText(host, `${NODE}/${name}/distance`)],
    ];
  });
  return { name: "numa", data: known([["nodes", nodes.length === 0 ? undefined : nodes.length], ...readings]) };
}

/** Of /sys/class/dmi/id; serial numbers, UUIDs and asset tags are not read. */
const BOARD = [
  "sys_vendor",
  "product_name",
  "product_family",
  "product_version",
  "board_vendor",
  "board_name",
  "board_version",
  "bios_vendor",
  "bios_version",
  "bios_date",
  "bios_release",
  "ec_firmware_release",
  "chassis_type",
] as const;

/** The subtype `board`: who made machine, board and firmware, and the firmware's version. */
export function board(host: Host): Subtype {
  const dmi = BOARD.map((name): Maybe[number] => [
    name.replaceAll("_", "-"),
    shortText(host, `/sys/class/dmi/id/${name}`),
  ]);
  const model = shortText(host, "/proc/device-tree/model")?.replaceAll("\0", "");
  return { name: "board", data: known([...dmi, ["device-tree-model", model]]) };
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, value] = /^([^:\t]+?)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !fields.has(name)) fields.set(name, value.trim());
  }
  return fields;
}

/** @param text such as `24683656 kB` */
function gib(text: string | undefined): number | undefined {
  const [, kib] = /^(\d+) kB$/.exec(text ?? "") ?? [];
  return kib === undefined ? undefined : Math.round(Number(kib) / KIB_PER_GIB);
}

/** What stands in brackets: `always [madvise] never`. */
function chosen(text: string | undefined): string | undefined {
  return /\[([^\]]*)\]/.exec(text ?? "")?.[1];
}
