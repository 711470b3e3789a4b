import { SlipwayError, messageOf } from "@slipway/base";
import type { Collected, Collector } from "../../collector.ts";
import type { Subtype } from "../../model.ts";
import type { Host } from "../host.ts";
import { devices, type Extras } from "./devices.ts";
import { health, unreadableHealth, unseenGpus } from "./health.ts";
import { hasMig, parseList } from "./mig.ts";
import { parseNvlink } from "./nvlink.ts";
import { hardware, pciGpus, type PciGpu } from "./pci.ts";
import { parseReport, type Report } from "./report.ts";
import { gpuCount, smi } from "./smi.ts";
import { lostAddresses, runSmi, smiProblem, type RunSmi } from "./smi-program.ts";
import { pciSummary, summary } from "./summary.ts";
import { parseXids } from "./xid.ts";

/** How GPUs are measured. */
export interface GpuOptions {
  /** How long nvidia-smi may take, in milliseconds; default 20,000. It hangs when a GPU does. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 20_000;

/**
 * Measures GPUs: `smi` in the format of release 0.11.1 of aicr, `summary`, `devices` and `health` of every GPU by
 * nvidia-smi, and `hardware` by the PCI bus, which needs no driver. Whatever is wrong with nvidia-smi or a GPU becomes a
 * note and is told in `health`.
 */
export function gpuCollector(host: Host, options: GpuOptions = {}): Collector {
  return { name: "gpu", type: "GPU", collect: (signal) => collect(host, options, signal) };
}

async function collect(host: Host, options: GpuOptions, signal: AbortSignal): Promise<Collected> {
  signal.throwIfAborted();
  const onBus = pciGpus(host);
  const limit = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const told = await askSmi(host, limit, signal);
  const { subtypes, notes } =
    told.report === undefined ? withoutReport(told, onBus) : withReport(host, told.report, told.extras, onBus);
  return { subtypes: [...subtypes, hardware(host, onBus)], notes: [...told.notes, ...notes] };
}

/** What nvidia-smi told, or why it told nothing. */
interface Told {
  readonly report?: Report | undefined;
  readonly extras: Extras;
  readonly notes: readonly string[];
  /** Why there is no report though the program is there. */
  readonly failure?: string | undefined;
  readonly lost: readonly string[];
}

const NO_EXTRAS: Extras = { nvlink: new Map(), mig: new Map() };

async function askSmi(host: Host, limit: number, signal: AbortSignal): Promise<Told> {
  const timed = AbortSignal.any([signal, AbortSignal.timeout(limit)]);
  try {
    return await askInTime(host, timed);
  } catch (error) {
    signal.throwIfAborted();
    const failure = timed.aborted ? hung(limit) : messageOf(error);
    const hint = error instanceof SlipwayError && error.hint !== undefined ? ` ${error.hint}` : "";
    return { extras: NO_EXTRAS, notes: [`${failure}${hint}`], failure, lost: [] };
  }
}

function hung(limit: number): string {
  return `nvidia-smi gave no answer within ${limit / 1000} s: a GPU or the driver hangs. Look at dmesg for lines with NVRM and Xid.`;
}

async function askInTime(host: Host, signal: AbortSignal): Promise<Told> {
  const answer = await runSmi(host, ["-q", "-x"], signal);
  if (answer.kind === "absent") {
    const notes = answer.reasons.map((reason) => `nvidia-smi is there and cannot be started: ${reason}.`);
    return { extras: NO_EXTRAS, notes, failure: notes[0], lost: [] };
  }
  const { result, run } = answer;
  const problem = smiProblem(result);
  const report = await parseReport(result.stdout);
  const lost = lostAddresses(`${result.stdout}\n${result.stderr}`);
  if (report === undefined) {
    const failure = problem ?? "nvidia-smi ended well and gave no report: look at what nvidia-smi -q -x prints.";
    return { extras: NO_EXTRAS, notes: [failure], failure, lost };
  }
  const notes = [...(problem === undefined ? [] : [problem]), ...reportNotes(report)];
  return { report, extras: await askMore(report, run, signal), notes, lost };
}

function reportNotes(report: Report): readonly string[] {
  const count = gpuCount(report);
  const said = report.said.slice(0, 5).map((line) => `nvidia-smi says: ${line}`);
  if (!report.cut && count === report.gpus.length) return said;
  const why = report.cut ? "its report ends early" : "the others could not be asked";
  return [
    ...said,
    `nvidia-smi told of ${report.gpus.length} of ${count} GPUs: ${why}. Look at dmesg for lines with NVRM and Xid.`,
  ];
}

/** What the report lacks. A question that fails leaves its readings out: older programs do not know it. */
async function askMore(report: Report, run: RunSmi, signal: AbortSignal): Promise<Extras> {
  if (report.gpus.length === 0) return NO_EXTRAS;
  const ask = async (args: readonly string[]): Promise<string> => {
    try {
      return (await run(args, signal)).stdout;
    } catch (error) {
      if (signal.aborted) throw error;
      return "";
    }
  };
  const [links, list] = await Promise.all([
    ask(["nvlink", "-s"]),
    report.gpus.some(hasMig) ? ask(["-L"]) : Promise.resolve(""),
  ]);
  return { nvlink: parseNvlink(links), mig: parseList(list) };
}

function withReport(host: Host, report: Report, extras: Extras, onBus: readonly PciGpu[]): Collected {
  const unseen = unseenGpus(report, onBus);
  const state = health(report, unseen, parseXids(host.files.kernelLog()));
  const notes = unseen.map(
    (address) =>
      `The GPU at ${address} is on the PCI bus and nvidia-smi does not tell of it. Look at dmesg for Xid 79.`,
  );
  return {
    subtypes: [smi(report), summary(report), devices(host, report, extras), state],
    notes: [...notes, ...badNotes(state)],
  };
}

/** A sentence for each GPU that is not well. */
function badNotes({ data }: Subtype): readonly string[] {
  return [...data].flatMap(([key, value]) => {
    const [, index] = /^(\d+)\.problems$/.exec(key) ?? [];
    return index === undefined ? [] : [`GPU ${index} is ${String(data.get(`${index}.state`))}: ${String(value)}.`];
  });
}

function withoutReport({ failure, lost }: Told, onBus: readonly PciGpu[]): Collected {
  const found = onBus.length === 0 ? [] : [pciSummary(onBus)];
  if (failure !== undefined)
    return { subtypes: [smi(undefined), ...found, unreadableHealth(failure, lost)], notes: [] };
  const notes =
    onBus.length === 0
      ? []
      : [
          `${onBus.length} GPUs are on the PCI bus and there is no nvidia-smi: the driver is not installed, or not mounted here.`,
        ];
  return { subtypes: [smi(undefined), ...found], notes };
}
