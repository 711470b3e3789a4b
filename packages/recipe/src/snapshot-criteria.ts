import { numberText } from "@slipway/base";
import type { Catalog, CriteriaField } from "./model.ts";

/** What is read of a snapshot here; the document itself belongs to another room. */
export interface MeasuredSnapshot {
  readonly measurements: readonly {
    readonly type: string;
    readonly subtypes: readonly {
      readonly name: string;
      readonly data: { get(key: string): string | number | boolean | undefined };
    }[];
  }[];
}

/** Criteria that a snapshot tells; a field that it does not tell is absent. Intent, platform and nodes never are told. */
export interface SnapshotCriteria {
  readonly criteria: Readonly<Partial<Record<CriteriaField, string>>>;
  /** Readings that should tell a field but have an unknown value, as sentences with their place, for stderr. */
  readonly notes: readonly string[];
}

/**
 * Reads criteria off a snapshot by the rules of release 0.11.1 of aicr: the service from `K8s.server.service`, then from
 * the version (which wins); the accelerator from the GPU's model; the system from `OS.release.ID`. Of several readings
 * the last one that is understood counts.
 *
 * Values that release 0.11.1 does not read (l40s, h200, rtx-pro-6000, talos, amazonlinux from `amzn`, oke from the node's
 * provider) are told only when an overlay of the catalog states them: an L40S is an l40 to a catalog without l40s.
 */
export function criteriaFromSnapshot(snapshot: MeasuredSnapshot, catalog: Pick<Catalog, "overlays">): SnapshotCriteria {
  const stated = (field: CriteriaField): ReadonlySet<string> =>
    new Set([...catalog.overlays.values()].flatMap((overlay) => overlay.criteria?.[field] ?? []));
  const found = {
    service: lastOf(serviceReadings(snapshot, stated("service"))),
    accelerator: lastOf(acceleratorReadings(snapshot, stated("accelerator"))),
    os: lastOf(systemReadings(snapshot, stated("os"))),
  };
  const criteria: Partial<Record<CriteriaField, string>> = {};
  const notes: string[] = [];
  for (const field of ["service", "accelerator", "os"] as const) {
    const reading = found[field];
    if (reading?.value !== undefined) criteria[field] = reading.value;
    else if (reading !== undefined)
      notes.push(`${reading.place} is ${JSON.stringify(reading.text)}, which is no known ${field}`);
  }
  return { criteria, notes };
}

interface Reading {
  readonly place: string;
  readonly text: string;
  /** The criteria value that the text stands for, if any. */
  readonly value: string | undefined;
}

function lastOf(readings: readonly Reading[]): Reading | undefined {
  return readings.findLast(({ value }) => value !== undefined) ?? readings.at(-1);
}

/** The readings under a key, in the order of the document. */
function readingsOf(snapshot: MeasuredSnapshot, type: string, subtypes: readonly string[], keys: readonly string[]) {
  return snapshot.measurements
    .filter((measurement) => measurement.type === type)
    .flatMap((measurement) => measurement.subtypes)
    .filter(({ name }) => subtypes.includes(name))
    .flatMap(({ name, data }) =>
      keys.map((key) => ({ place: `${type}.${name}.${key}`, key, text: textOf(data.get(key)) })),
    )
    .filter(({ text }) => text.trim() !== "");
}

function textOf(reading: string | number | boolean | undefined): string {
  return typeof reading === "number" ? numberText(reading) : String(reading ?? "");
}

const SERVICES: ReadonlyMap<string, string> = new Map([
  ...["aks", "eks", "gke", "kind", "oke", "any"].map((name): readonly [string, string] => [name, name]),
  ...["self-managed", "self", "vanilla"].map((name): readonly [string, string] => [name, "any"]),
]);

/** What clouds add to the version of their API server. */
const VERSION_MARKS = [
  ["-eks-", "eks"],
  ["-gke", "gke"],
  ["-aks", "aks"],
] as const;

function serviceReadings(snapshot: MeasuredSnapshot, stated: ReadonlySet<string>): readonly Reading[] {
  const provider = readingsOf(snapshot, "K8s", ["node"], ["provider"])
    .filter(({ text }) => text === "oke" && stated.has("oke"))
    .map((reading) => ({ ...reading, value: "oke" }));
  const server = readingsOf(snapshot, "K8s", ["server"], ["service", "version"]).flatMap((reading) => {
    if (reading.key === "service") return [{ ...reading, value: SERVICES.get(reading.text.trim().toLowerCase()) }];
    // Most versions carry no mark, so one without is no unknown reading.
    const mark = VERSION_MARKS.find(([part]) => reading.text.includes(part));
    return mark === undefined ? [] : [{ ...reading, value: mark[1] }];
  });
  return [...provider, ...server];
}

/** What a product's name contains. Those of {@link LATER_MODELS} come first: `L40S` contains `L40`. */
const MODELS = [
  ["gb200", /gb200/i],
  ["b200", /b200/i],
  ["h100", /h100/i],
  ["a100", /a100/i],
  ["l40", /l40/i],
] as const;

const LATER_MODELS = [
  ["h200", /(?<!g)h200/i],
  ["l40s", /l40s/i],
  ["rtx-pro-6000", /rtx[ -]?pro[ -]?6000/i],
] as const;

function acceleratorReadings(snapshot: MeasuredSnapshot, stated: ReadonlySet<string>): readonly Reading[] {
  const models = [...LATER_MODELS.filter(([name]) => stated.has(name)), ...MODELS];
  // `gpu.model` stands last, because it wins over `model` of the same subtype.
  return readingsOf(snapshot, "GPU", ["smi", "device"], ["model", "gpu.model"]).map((reading) => ({
    ...reading,
    value: models.find(([, pattern]) => pattern.test(reading.text))?.[0],
  }));
}

const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ...["amazonlinux", "cos", "rhel", "ubuntu", "any"].map((name): readonly [string, string] => [name, name]),
  ["al2", "amazonlinux"],
  ["al2023", "amazonlinux"],
]);

/** IDs of os-release(5) beyond those that are flags too. */
const LATER_SYSTEMS = [
  ["amzn", "amazonlinux"],
  ["talos", "talos"],
] as const;

function systemReadings(snapshot: MeasuredSnapshot, stated: ReadonlySet<string>): readonly Reading[] {
  return readingsOf(snapshot, "OS", ["release"], ["ID"]).map((reading) => {
    const id = reading.text.trim().toLowerCase();
    const later = LATER_SYSTEMS.find(([name, system]) => name === id && stated.has(system));
    return { ...reading, value: SYSTEMS.get(id) ?? later?.[1] };
  });
}
