export {
  MANIFEST_KEY,
  OPERATOR_NAME,
  cacheJobName,
  cacheManifestName,
  cachePodName,
  isOwnPod,
  podSelectorsOf,
  podsOf,
  type NimAddress,
} from "./related/pods.ts";
export { NIM_KINDS, NIM_RESOURCES, nimKindOf, type NimKind, type NimKindNames } from "./resources.ts";
