export { bytesOf, checkBundlePath, pathFault } from "./bundle-path.ts";
export { makeBundle } from "./bundle.ts";
export { DEPLOYERS, type Bundle, type BundleFile, type BundleOptions, type Deployer } from "./model.ts";
export { CHECKSUMS_FILE, checksumsOf, sha256Of } from "./checksums.ts";
export { parseGate, parseNodeSelector, parseToleration, type Taint, type TaintEffect } from "./scheduling-flags.ts";
export type { LabelSelector, Scheduling, Toleration } from "./scheduling.ts";
export { shellWord } from "./shell.ts";
export { unpackCommand } from "./unpack-command.ts";
