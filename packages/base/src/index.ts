export { compareBytes } from "./byte-order.ts";
export { EXIT_CODES, type ExitName } from "./exit-codes.ts";
export { SlipwayError, describePlace, messageOf, type ErrorCode, type ErrorDetails, type Place } from "./errors.ts";
export {
  cloneTree,
  equalTrees,
  isForbiddenKey,
  isTreeList,
  isTreeMap,
  own,
  withEntry,
  type Scalar,
  type Tree,
  type TreeList,
  type TreeMap,
} from "./tree.ts";
export { mergeTrees } from "./merge.ts";
export { didYouMean, nearest } from "./nearest.ts";
export { group, type Task } from "./group.ts";
export type { Clock, DirectoryEntry, Exec, ExecResult, FileInfo, Files, Input, Io, Output } from "./io.ts";
export { DOCUMENT_LIMITS, parseYaml, parseYamlAsText, parseYamlDocuments } from "./yaml-read.ts";
export { integerOf } from "./yaml-schema.ts";
export { compareNatural, sortedTree, writeYaml, type YamlLayout } from "./yaml-write.ts";
export { compactJson, parseJson, writeJson } from "./json.ts";
export {
  cursorOf,
  enter,
  entries,
  items,
  kindOf,
  optionalBoolean,
  optionalInteger,
  optionalMap,
  optionalText,
  requiredText,
  textList,
  type Cursor,
} from "./decode.ts";
export { locate } from "./locate.ts";
export { formatPath, parsePath, type Step } from "./path.ts";
export { utf8Text } from "./utf8-text.ts";
export { compareVersions, parseVersion, type Version } from "./version.ts";
export { floatText, numberText } from "./number-text.ts";
export { durationText, parseDuration } from "./duration.ts";
export { listAt, mapAt, numberAt, textAt, textsAt, valueAt } from "./fields.ts";
