export { nodeHost, type NodeHostOptions } from "./node-host.ts";
export { hostNameOf, type Host, type HostEntry, type HostFiles, type HostText } from "./host.ts";
export { osCollector } from "./os/os.ts";
export { systemdCollector, type SystemdOptions } from "./systemd/systemd.ts";
export { gpuCollector, type GpuOptions } from "./gpu/gpu.ts";
export { localCollectors, type LocalOptions } from "./local.ts";
