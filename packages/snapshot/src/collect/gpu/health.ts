import type { Reading, Subtype } from "../../model.ts";
import { known, type Maybe } from "../os/hardware.ts";
import { busId, sysAddress } from "./devices.ts";
import type { PciGpu } from "./pci.ts";
import type { Report, ReportElement } from "./report.ts";
import { gpuCount } from "./smi.ts";
import { amount, isFault, truth, valueAt } from "./value.ts";
import { isOfHardware, xidsOf, type Xids } from "./xid.ts";

/** From best to worst. */
const STATES = ["ok", "degraded", "failing", "lost"] as const;
type State = (typeof STATES)[number];

/** The names of reasons to clock down changed with driver 535. */
const slowdown = (name: string): readonly string[] => [
  `clocks_event_reasons.clocks_event_reason_${name}`,
  `clocks_throttle_reasons.clocks_throttle_reason_${name}`,
];

/** True is bad. */
const FLAGS: readonly (readonly [name: string, problem: string, paths: readonly string[]])[] = [
  ["row-remap-pending", "rows wait to be remapped, a reset is needed", ["remapped_rows.remapped_row_pending"]],
  ["row-remap-failure", "remapping of a row failed", ["remapped_rows.remapped_row_failure"]],
  [
    "page-retirement-pending",
    "pages wait to be retired, a reset is needed",
    ["retired_pages.pending_retirement", "retired_pages.pending_blacklist"],
  ],
  ["sram-threshold-exceeded", "errors of SRAM exceed the threshold", ["ecc_errors.aggregate.sram_threshold_exceeded"]],
  ["channel-repair-pending", "a memory channel waits for repair", ["ecc_errors.channel_repair_pending"]],
  ["tpc-repair-pending", "a processing cluster waits for repair", ["ecc_errors.tpc_repair_pending"]],
  ["reset-required", "a reset is required", ["gpu_reset_status.reset_required"]],
  ["hw-slowdown", "the hardware clocks down", slowdown("hw_slowdown")],
  ["hw-thermal-slowdown", "the hardware clocks down because of heat", slowdown("hw_thermal_slowdown")],
  ["hw-power-brake-slowdown", "the power supply makes it clock down", slowdown("hw_power_brake_slowdown")],
  ["fabric-route-unhealthy", "a route of the fabric is unhealthy", ["fabric.health.route_unhealthy"]],
];

const UNCORRECTABLE = [
  "sram_uncorrectable",
  "sram_uncorrectable_parity",
  "sram_uncorrectable_secded",
  "dram_uncorrectable",
  "double_bit.total",
] as const;

interface DeviceHealth {
  readonly state: State;
  readonly readings: Maybe;
}

/**
 * The subtype `health`: what may change from one snapshot to the next and means trouble. `state` is the worst of all
 * GPUs: `ok`, `degraded`, `failing` (some fields give errors, or the driver counts the GPU and does not tell of it),
 * `lost`; a GPU that is on the PCI bus and has the driver, and that the report lacks, is named in `unseen` and counts as
 * lost.
 *
 * @param unseen PCI addresses
 * @param xids what the kernel's log tells, as far back as it goes
 */
export function health(report: Report, unseen: readonly string[], xids: Xids): Subtype {
  const all = report.gpus.map((gpu) => deviceHealth(gpu, xidsOf(xids, sysAddress(busId(gpu)))));
  const data = new Map<string, Reading>();
  const untold = Math.max(0, gpuCount(report) - report.gpus.length);
  const states = [
    ...all.map(({ state }) => state),
    ...unseen.map((): State => "lost"),
    ...Array.from({ length: untold }, (): State => "failing"),
  ];
  data.set("state", worst(states));
  data.set("gpus-lost", states.filter((state) => state === "lost").length);
  data.set("gpus-not-ok", states.filter((state) => state !== "ok").length);
  if (untold > 0) data.set("gpus-not-told-of", untold);
  if (unseen.length > 0) data.set("unseen", unseen.join(" "));
  for (const [index, { state, readings }] of all.entries()) {
    data.set(`${index}.state`, state);
    for (const [name, reading] of known(readings)) data.set(`${index}.${name}`, reading);
  }
  return { name: "health", data };
}

/** The subtype `health` when nvidia-smi gave no report though it is there. */
export function unreadableHealth(reason: string, lost: readonly string[]): Subtype {
  const data = new Map<string, Reading>([
    ["state", lost.length > 0 ? "lost" : "unreadable"],
    ["reason", reason],
  ]);
  if (lost.length > 0) data.set("gpus-lost", lost.length).set("unseen", lost.join(" "));
  return { name: "health", data };
}

/** GPUs of the PCI bus that use NVIDIA's driver, or none, and that are not in its report. Others are given away on purpose. */
export function unseenGpus(report: Report, onBus: readonly PciGpu[]): readonly string[] {
  const seen = new Set(report.gpus.map((gpu) => sysAddress(busId(gpu))));
  return onBus.filter(({ address, driver }) => !seen.has(address) && driver === "nvidia").map(({ address }) => address);
}

function worst(states: readonly State[]): State {
  return states.reduce<State>((left, right) => (STATES.indexOf(left) > STATES.indexOf(right) ? left : right), "ok");
}

function deviceHealth(gpu: ReportElement, xids: ReadonlyMap<number, number>): DeviceHealth {
  const faults = gpu.leaves().filter(([, text]) => isFault(text));
  const flags = FLAGS.map(([name, problem, paths]) => ({ name, problem, value: truth(valueAt(gpu, paths)) }));
  const volatile = uncorrectable(gpu, "volatile");
  const aggregate = uncorrectable(gpu, "aggregate");
  const recovery = valueAt(gpu, ["gpu_recovery_action"]);
  const problems = [
    ...new Set(faults.map(([, text]) => text)),
    ...flags.filter(({ value }) => value === true).map(({ problem }) => problem),
    ...(typeof volatile === "number" && volatile > 0
      ? [`${volatile} uncorrectable memory errors since the start`]
      : []),
    ...(recovery === undefined || isFault(recovery) || recovery === "None" ? [] : [`the driver asks for: ${recovery}`]),
    ...fabricProblems(gpu),
    ...[...xids.keys()].filter(isOfHardware).map((xid) => `the kernel's log has Xid ${xid}`),
  ];
  return {
    state: stateOf(
      faults.map(([, text]) => text),
      problems.length > 0,
    ),
    readings: [
      ["ecc-uncorrectable-volatile", volatile],
      ["ecc-uncorrectable-aggregate", aggregate],
      ...flags.map(({ name, value }): Maybe[number] => [name, value]),
      ["recovery-action", recovery],
      ...[...xids].map(([xid, count]): Maybe[number] => [`xid.${xid}`, count]),
      ["pcie-width", valueAt(gpu, ["pci.pci_gpu_link_info.link_widths.current_link_width"])],
      ["fields-in-error", faults.length === 0 ? undefined : faults.length],
      ["problems", problems.length === 0 ? undefined : problems.join("; ")],
    ],
  };
}

function stateOf(faults: readonly string[], problem: boolean): State {
  if (faults.some((text) => /GPU is lost/i.test(text))) return "lost";
  if (faults.length > 0) return "failing";
  return problem ? "degraded" : "ok";
}

/** The sum of the counters there are; a fault when one of them is one. */
function uncorrectable(gpu: ReportElement, kind: "volatile" | "aggregate"): Reading | undefined {
  const values = UNCORRECTABLE.flatMap((name) => amount(valueAt(gpu, [`ecc_errors.${kind}.${name}`])) ?? []);
  const fault = values.find((value) => typeof value !== "number");
  if (fault !== undefined) return fault;
  return values.length === 0 ? undefined : values.reduce<number>((sum, value) => sum + Number(value), 0);
}

/** A fabric that the GPU has not joined. */
function fabricProblems(gpu: ReportElement): readonly string[] {
  const fabric = valueAt(gpu, ["fabric.state"]);
  const outside = fabric !== undefined && !isFault(fabric) && fabric !== "Completed";
  return outside ? [`the NVLink fabric is not joined: ${fabric}`] : [];
}
