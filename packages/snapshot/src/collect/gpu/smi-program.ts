import { SlipwayError, messageOf, type ExecResult } from "@slipway/base";
import type { Host } from "../host.ts";

/** A way to run nvidia-smi. */
interface Place {
  /** The file, as a path of the host; for /run/nvidia/driver of the root that the GPU operator's driver is in. */
  readonly file: string;
  /** The root that the program is run in, when it is another than ours. */
  readonly root?: string;
  readonly program: string;
  /** Where the driver's libraries are, when the linker does not know. */
  readonly libraries?: string;
}

/** Where nodes have it, each with whose habit it is. The first that is there and runs counts. */
const PLACES: readonly Place[] = [
  { file: "/usr/bin/nvidia-smi", program: "/usr/bin/nvidia-smi" },
  // The driver container of the GPU operator.
  { file: "/run/nvidia/driver/usr/bin/nvidia-smi", root: "/run/nvidia/driver", program: "nvidia-smi" },
  {
    file: "/run/nvidia/driver/usr/bin/nvidia-smi",
    program: "/run/nvidia/driver/usr/bin/nvidia-smi",
    libraries:
      "/run/nvidia/driver/usr/lib64:/run/nvidia/driver/usr/lib/x86_64-linux-gnu:/run/nvidia/driver/usr/lib/aarch64-linux-gnu",
  },
  // Container-Optimized OS.
  {
    file: "/home/kubernetes/bin/nvidia/bin/nvidia-smi",
    program: "/home/kubernetes/bin/nvidia/bin/nvidia-smi",
    libraries: "/home/kubernetes/bin/nvidia/lib64",
  },
  // What device plugins of Google mount into containers.
  {
    file: "/usr/local/nvidia/bin/nvidia-smi",
    program: "/usr/local/nvidia/bin/nvidia-smi",
    libraries: "/usr/local/nvidia/lib64",
  },
  // Talos, and builds from source.
  { file: "/usr/local/bin/nvidia-smi", program: "/usr/local/bin/nvidia-smi", libraries: "/usr/local/lib" },
  // Flatcar and Bottlerocket.
  { file: "/opt/nvidia/bin/nvidia-smi", program: "/opt/nvidia/bin/nvidia-smi", libraries: "/opt/nvidia/lib64" },
  { file: "/opt/bin/nvidia-smi", program: "/opt/bin/nvidia-smi", libraries: "/opt/lib64" },
  { file: "/usr/lib/wsl/lib/nvidia-smi", program: "/usr/lib/wsl/lib/nvidia-smi" },
];

/** Runs nvidia-smi with arguments. */
export type RunSmi = (args: readonly string[], signal: AbortSignal) => Promise<ExecResult>;

/** What became of the first run. */
export type SmiAnswer =
  | { readonly kind: "absent"; readonly reasons: readonly string[] }
  | { readonly kind: "answered"; readonly result: ExecResult; readonly run: RunSmi };

/**
 * Finds nvidia-smi on the PATH and where GPU nodes have it, and runs it.
 *
 * @returns `absent` with a sentence for every one that is there and could not be started
 */
export async function runSmi(host: Host, args: readonly string[], signal: AbortSignal): Promise<SmiAnswer> {
  const reasons: string[] = [];
  for (const run of runners(host)) {
    try {
      const result = await run(args, signal);
      // What chroot, the dynamic linker and shells end with when they cannot start a program.
      if (result.exitCode < 125 || result.exitCode > 127 || result.stdout.includes("<"))
        return { kind: "answered", result, run };
      reasons.push(firstLine(result.stderr) ?? `it ended with ${result.exitCode}`);
    } catch (error) {
      if (signal.aborted || !(error instanceof SlipwayError)) throw error;
      if (error.code !== "NOT_FOUND") reasons.push(messageOf(error));
    }
  }
  return { kind: "absent", reasons: [...new Set(reasons)] };
}

function runners(host: Host): readonly RunSmi[] {
  const there = PLACES.filter(({ file }) => host.files.read(file, 1).kind === "text").map((place) =>
    runnerAt(host, place),
  );
  return host.root === "/" ? [runner(host, ["nvidia-smi"]), ...there] : there;
}

function runnerAt(host: Host, { root, program, libraries }: Place): RunSmi {
  const outer = host.root === "/" ? "" : host.root;
  const inner = `${outer}${root ?? ""}`;
  return runner(host, inner === "" ? [program] : ["chroot", inner, program], libraries);
}

function runner(host: Host, [program = "", ...before]: readonly string[], libraries?: string): RunSmi {
  const own = host.env["LD_LIBRARY_PATH"];
  const path = [libraries, own].filter((part) => part !== undefined && part !== "").join(":");
  const env = { ...host.env, LC_ALL: "C", ...(path === "" ? {} : { LD_LIBRARY_PATH: path }) };
  return (args, signal) => host.exec.run(program, [...before, ...args], { signal, env });
}

/** What the exit statuses of nvidia-smi mean, by its manual, and what to do. */
const STATUSES: Readonly<Record<number, string>> = {
  4: "it lacks permission: run as root",
  8: "a power cable of a GPU is not attached: look at the cables",
  9: "the driver is not loaded: install it, or load it with modprobe nvidia, and look at dmesg",
  10: "the kernel found a problem with the interrupts of a GPU: look at dmesg",
  12: "its library libnvidia-ml.so.1 is not there: the driver is not installed completely, or not mounted here",
  14: "the infoROM of a GPU is corrupted: the report stands, but have the board looked at",
  15: "a GPU has fallen off the bus or cannot be reached: look at dmesg for Xid 79, then drain the node and restart it",
};

/** What is wrong when nvidia-smi says so in words; the first that fits. */
const WORDS: readonly (readonly [said: RegExp, meaning: string])[] = [
  [
    /version mismatch/i,
    "the driver in the kernel and its libraries are of different versions: drain the node and restart it",
  ],
  [
    /couldn't communicate with the NVIDIA driver/i,
    "the driver is not loaded: install it, or load it with modprobe nvidia, and look at dmesg",
  ],
  [/GPU is lost|fallen off the bus|device handle/i, STATUSES[15] ?? ""],
  [/No devices were found/i, "the driver has no GPU that it can use: look at dmesg, and whether one is in the machine"],
];

/** A sentence about a run of nvidia-smi that failed, with what to do; nothing for one that went well. */
export function smiProblem({ exitCode, stdout, stderr }: ExecResult): string | undefined {
  const said = [stderr, stdout.startsWith("<") ? "" : stdout].join("\n");
  const meaning = WORDS.find(([pattern]) => pattern.test(said))?.[1] ?? STATUSES[exitCode];
  if (exitCode === 0 && meaning === undefined) return undefined;
  const line = firstLine(said);
  return `nvidia-smi ended with ${exitCode}: ${meaning ?? line ?? "it does not say why"}.`;
}

/** PCI addresses that nvidia-smi names in what it says of GPUs that it cannot reach, as the kernel writes them. */
export function lostAddresses(said: string): readonly string[] {
  const lines = said.split("\n").filter((line) => /lost|unknown error|device handle|fallen off/i.test(line));
  const found = lines.flatMap((line) => /([0-9a-f]{4}):([0-9a-f]{2}:[0-9a-f]{2}\.[0-7])/i.exec(line)?.[0] ?? []);
  return [...new Set(found.map((address) => address.toLowerCase()))];
}

function firstLine(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .find((line) => line !== "");
}
