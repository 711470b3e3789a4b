export * from "./api.ts";
export {
  configMapDocuments,
  configMapOf,
  documentOf,
  readConfigMapDocument,
  writeConfigMapDocument,
  type ConfigMapDocuments,
  type ConfigMapPlace,
  type DocumentInfo,
  type FoundDocument,
} from "./config-map-document.ts";
export { discover, discoverAll, findResource, type DiscoveredResource, type Discovery } from "./discovery.ts";
export {
  KubeApiError,
  isAlreadyExists,
  isConflict,
  isExpired,
  isForbidden,
  isNotFound,
  type KubeStatus,
} from "./errors.ts";
export {
  checkName,
  checkNamespace,
  isLabelKey,
  isLabelName,
  isLabelValue,
  isSubdomainName,
  labelValue,
} from "./names.ts";
export {
  describeObject,
  isKubeObject,
  kubeObject,
  nameOf,
  type KubeList,
  type KubeObject,
  type ObjectMeta,
  type OwnerReference,
} from "./objects.ts";
export { inform, type InformOptions, type Informer } from "./inform.ts";
export type { ObjectChange } from "./object-store.ts";
export { eachObject } from "./pages.ts";
export { RESOURCES, apiVersionOf, resourcePath, type Resource, type ResourceAddress } from "./resources.ts";
export { systemTimer, type Timer } from "./timer.ts";
export { waitFor, type WaitOptions } from "./wait.ts";
export { eachPage } from "./whole-list.ts";
