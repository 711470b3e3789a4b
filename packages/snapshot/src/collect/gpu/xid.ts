/** Errors that the driver wrote into the kernel's log: how often each number came, by the GPU's PCI address. */
export type Xids = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** By NVIDIA's catalog of Xids these come of what a program did, and the GPU is well. */
const OF_PROGRAMS: ReadonlySet<number> = new Set([13, 31, 32, 43, 45, 68, 69, 94]);

/**
 * Finds lines such as `NVRM: Xid (PCI:0000:5d:00): 79, …` in the kernel's log.
 *
 * @returns addresses without the function, as `0000:5d:00`
 */
export function parseXids(records: readonly string[]): Xids {
  const found = new Map<string, Map<number, number>>();
  for (const record of records) {
    const [, address, digits] =
      /NVRM: Xid \(PCI:([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2})[^)]*\): (\d{1,4})/i.exec(record) ?? [];
    if (address === undefined) continue;
    const key = address.slice(-"0000:00:00".length).toLowerCase();
    const counts = found.get(key) ?? new Map<number, number>();
    const code = Number(digits);
    found.set(key, counts.set(code, (counts.get(code) ?? 0) + 1));
  }
  return found;
}

/** The Xids of a GPU. @param address with its function, as `0000:5d:00.0` */
export function xidsOf(xids: Xids, address: string | undefined): ReadonlyMap<number, number> {
  return xids.get(address?.replace(/\.\d$/, "") ?? "") ?? new Map();
}

/** Whether an Xid speaks of the GPU, and not of a program that used it. */
export function isOfHardware(xid: number): boolean {
  return !OF_PROGRAMS.has(xid);
}
