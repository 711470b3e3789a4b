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
export { getNimObject, listError, missingObject } from "./related/missing.ts";
export { refusalOf, type Refusal } from "./refusal.ts";
export { shellLine, shellWord } from "./shell.ts";
export { oneLine } from "./one-line.ts";
export { FIELD_MANAGER } from "./field-manager.ts";
export { NIM_KINDS, NIM_RESOURCES, nimKindOf, type NimKind, type NimKindNames } from "./resources.ts";
export {
  conditionOf,
  conditionsOf,
  currentCondition,
  decidingCondition,
  isFailure,
  type Condition,
} from "./status/condition.ts";
export {
  claimOf,
  endpointOf,
  readNimCache,
  readNimService,
  type CacheSource,
  type CachedProfile,
  type NimCacheView,
  type NimServiceView,
  type ServiceStorage,
  type WantedReplicas,
} from "./status/nim-object.ts";
export { ageText } from "./status/age.ts";
export { GET_COLUMNS, NONE, getCells, sourceText, storageText, type GetColumns } from "./status/get-columns.ts";
export { availableReplicas, replicasText } from "./status/replicas.ts";
export {
  endingText,
  readDetails,
  readyText,
  restartsOf,
  type ClaimView,
  type NimDetails,
  type PodView,
} from "./status/details.ts";
export { replicaCounts, type ReplicaCounts } from "./status/replica-counts.ts";
export { STATUS_COLUMNS, goTime, statusCells } from "./status/status-columns.ts";
export { statusDocument } from "./status/status-document.ts";
