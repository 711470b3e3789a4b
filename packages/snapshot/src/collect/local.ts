import type { Collector } from "../collector.ts";
import { gpuCollector, type GpuOptions } from "./gpu/gpu.ts";
import type { Host } from "./host.ts";
import { osCollector } from "./os/os.ts";
import { systemdCollector, type SystemdOptions } from "./systemd/systemd.ts";

/** What the local collectors take. */
export interface LocalOptions {
  readonly systemd?: SystemdOptions | undefined;
  readonly gpu?: GpuOptions | undefined;
}

/** All collectors that measure the machine itself and need no cluster. */
export function localCollectors(host: Host, options: LocalOptions = {}): readonly Collector[] {
  return [osCollector(host), systemdCollector(host, options.systemd), gpuCollector(host, options.gpu)];
}
