import { SlipwayError } from "@slipway/base";
import type { Collected, Collector } from "../../collector.ts";
import type { Subtype } from "../../model.ts";
import type { Host } from "../host.ts";
import { grub } from "./grub.ts";
import { board, cpu, memory, numa } from "./hardware.ts";
import { kmod } from "./kmod.ts";
import { nic } from "./nic.ts";
import { release } from "./release.ts";
import { sysctl } from "./sysctl.ts";

/**
 * Measures the operating system: `grub`, `sysctl`, `kmod`, `release`, and the hardware below it: `cpu`, `memory`,
 * `numa`, `board`, `nic`. A part that cannot be read is left out with a note; one that has no readings is left out.
 */
export function osCollector(host: Host): Collector {
  return { name: "os", type: "OS", collect: (signal) => collect(host, signal) };
}

async function collect(host: Host, signal: AbortSignal): Promise<Collected> {
  signal.throwIfAborted();
  const parts: readonly (readonly [path: string, subtype: Subtype | undefined])[] = [
    ["/proc/cmdline", grub(host)],
    ["/proc/sys", await sysctl(host, signal)],
    ["/proc/modules", kmod(host)],
    ["/etc/os-release", release(host)],
  ];
  const subtypes = parts.flatMap(([, subtype]) => subtype ?? []);
  const missing = parts.filter(([, subtype]) => subtype === undefined).map(([path]) => path);
  if (subtypes.length === 0) throw nothingRead(host);
  const hardware = [cpu(host), memory(host), numa(host), board(host), nic(host)];
  return {
    subtypes: [...subtypes, ...hardware.filter(({ data }) => data.size > 0)],
    notes: missing.map((path) => missingNote(host, path)),
  };
}

function missingNote(host: Host, path: string): string {
  if (path === "/proc/modules") return `${at(host, path)} cannot be read: kernel modules were not measured.`;
  return `${at(host, path)} cannot be read: this part was not measured. Mount it into the container to have it.`;
}

function nothingRead(host: Host): SlipwayError {
  if (host.platform !== "linux") {
    return new SlipwayError("UNAVAILABLE", `the operating system is measured on Linux only, this is ${host.platform}`, {
      hint: "Run the snapshot on a node of the cluster, or leave this part out with --exclude os.",
    });
  }
  return new SlipwayError("UNAVAILABLE", `nothing of ${at(host, "/proc")} and ${at(host, "/etc")} can be read`, {
    hint: "Look whether the host's root is mounted there, or leave this part out with --exclude os.",
  });
}

function at(host: Host, path: string): string {
  return host.root === "/" ? path : `${host.root}${path}`;
}
