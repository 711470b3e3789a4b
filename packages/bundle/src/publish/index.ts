export { writeBundleDirectory, type WriteDirectoryOptions, type WrittenDirectory } from "./write-directory.ts";
export { writeBundleArchive, type WrittenArchive } from "./write-archive.ts";
export { packFiles } from "./pack.ts";
export { readBundle } from "./read-bundle.ts";
export { SCAN_LIMITS, type ScanLimits } from "./scan-archive.ts";
export { verificationText, verificationTree, verifyBundle, type Verification } from "./verify.ts";
export {
  MINIMUM_TRUST_LEVELS,
  TRUST_LEVELS,
  parseMinimumTrustLevel,
  trustShortfall,
  type MinimumTrustLevel,
  type TrustLevel,
} from "./trust-level.ts";
export { dockerCredentials, type Credentials, type DockerConfigOptions } from "./oci/docker-config.ts";
export { ARTIFACT_TYPE, pushBundle, writeImageReferences, type PushedBundle, type PushOptions } from "./oci/push.ts";
export { vendorCharts, type VendorOptions, type VendoredCharts } from "./vendor-charts.ts";
