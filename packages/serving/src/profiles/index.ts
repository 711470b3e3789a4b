export { readGpuNodes } from "../gpus/read-gpus.ts";
export { parseManifest } from "./manifest.ts";
export { readCacheProfiles, type CacheProfiles } from "./read-profiles.ts";
export { judgeProfiles, profileRows, profilesTree, type JudgedProfile } from "./report.ts";
