import { SlipwayError, messageOf } from "@slipway/base";
import type { Collected, Collector } from "../../collector.ts";
import type { Subtype } from "../../model.ts";
import type { Host } from "../host.ts";
import { release } from "../os/release.ts";
import { busShow, type SystemdSocket } from "./bus.ts";
import { unitReadings, type UnitProperties } from "./properties.ts";
import { systemctlShow } from "./systemctl.ts";

/** Which services are measured. */
export interface SystemdOptions {
  /** Asked for by name, beside the usual ones; `.service` may be left out. They are told of also when they are not there. */
  readonly services?: readonly string[] | undefined;
}

/** Told of on every node, also when they are not there. */
const ALWAYS = ["containerd.service", "docker.service", "kubelet.service"] as const;

/** Told of where they are. */
const WHERE_THERE = [
  "crio.service",
  "k3s.service",
  "k3s-agent.service",
  "rke2-server.service",
  "rke2-agent.service",
  "nvidia-fabricmanager.service",
  "nvidia-imex.service",
  "nvidia-persistenced.service",
] as const;

/**
 * Measures services of systemd, a subtype each, named like `kubelet.service`. Asks `systemctl`, else systemd itself
 * over D-Bus, as in a container that only has /run/systemd of its host. A system without systemd gives no subtypes and
 * a note.
 */
export function systemdCollector(host: Host, options: SystemdOptions = {}): Collector {
  return { name: "systemd", type: "SystemD", collect: (signal) => collect(host, options, signal) };
}

async function collect(host: Host, options: SystemdOptions, signal: AbortSignal): Promise<Collected> {
  signal.throwIfAborted();
  const asked = (options.services ?? []).map(unitName);
  if (!isThere(host)) return { subtypes: [], notes: [withoutSystemd(host)] };
  const wanted = new Set<string>([...ALWAYS, ...asked]);
  const units = [...new Set([...wanted, ...WHERE_THERE])];
  const { properties, source } = await ask(host, units, signal);
  const subtypes = units.flatMap((name, index): readonly Subtype[] => {
    const found = properties[index];
    if (found === undefined || (!wanted.has(name) && found.get("LoadState") === "not-found")) return [];
    return [{ name, data: unitReadings(found), context: new Map([["source", source]]) }];
  });
  return { subtypes, notes: [] };
}

/** @throws SlipwayError USAGE for what cannot be the name of a unit, such as an option or a pattern */
function unitName(service: string): string {
  if (!/^[A-Za-z0-9:_][A-Za-z0-9:_.@\\-]{0,255}$/.test(service)) {
    throw new SlipwayError("USAGE", `"${service}" is not the name of a systemd service`, {
      hint: "Letters, digits and :_.@\\- may stand in it, as in nvidia-fabricmanager or containerd.service.",
    });
  }
  return /\.[a-z]+$/.test(service) ? service : `${service}.service`;
}

/** As sd_booted(3) tells it: systemd makes this folder when it starts. */
function isThere(host: Host): boolean {
  return host.files.list("/run/systemd").some(({ name }) => name === "system" || name === "private");
}

function withoutSystemd(host: Host): string {
  const id = release(host)?.data.get("ID");
  if (id === "talos") return "Talos Linux has no systemd: its services are seen through the Kubernetes API only.";
  if (host.platform !== "linux") return `There is no systemd on ${host.platform}: services were not measured.`;
  return "There is no /run/systemd/system here, so no systemd that runs: services were not measured. In a container, mount /run/systemd of the host.";
}

interface Answer {
  readonly properties: readonly UnitProperties[];
  readonly source: string;
}

/** Tries systemctl, then the sockets of systemd, and fails with what each of them said. */
async function ask(host: Host, units: readonly string[], signal: AbortSignal): Promise<Answer> {
  const reasons: string[] = [];
  const attempt = async (source: string, show: () => Promise<Answer["properties"]>): Promise<Answer | undefined> => {
    try {
      return { properties: await show(), source };
    } catch (error) {
      signal.throwIfAborted();
      reasons.push(messageOf(error));
      return undefined;
    }
  };
  const shown = await attempt("systemctl", () => systemctlShow(host, units, signal));
  if (shown !== undefined) return shown;
  for (const socket of sockets(host)) {
    const answer = await attempt("d-bus", () => busShow(socket, units, signal));
    if (answer !== undefined) return answer;
  }
  throw new SlipwayError("UNAVAILABLE", `systemd gives no answer: ${reasons.join("; ")}`, {
    hint: "Run as root, or mount /run/systemd of the host into the container; --exclude systemd leaves this part out.",
  });
}

function sockets(host: Host): readonly SystemdSocket[] {
  const root = host.root === "/" ? "" : host.root;
  return [
    { path: `${root}/run/systemd/private`, direct: true },
    { path: `${root}/run/dbus/system_bus_socket`, direct: false },
  ];
}
