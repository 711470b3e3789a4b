export { hasFile, type BundleIndex } from "./bundle-index.ts";
export type { BundleTarget } from "./bundle-target.ts";
export { collectBundle, type CollectOptions } from "./collect-bundle.ts";
