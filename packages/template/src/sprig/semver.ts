import compareVersions from "semver/functions/compare.js";
import { FunctionError } from "../function-error.ts";
import { binary, functionMap, text, unary, type FunctionMap } from "../functions.ts";
import type { GoMap, Value } from "../value.ts";

const NAMES = String.raw`[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*`;
const TAIL = String.raw`(?:-(?<prerelease>${NAMES}))?(?:\+(?<metadata>${NAMES}))?`;
const VERSION = new RegExp(String.raw`^v?(?<major>\d+)(?:\.(?<minor>\d+))?(?:\.(?<patch>\d+))?${TAIL}$`);
const PART = String.raw`\d+|[xX*]`;
const CONSTRAINT = new RegExp(
  String.raw`^\s*(?<operator>=>|>=|=<|<=|~>|!=|[=<>~^])?\s*v?(?<major>${PART})(?:\.(?<minor>${PART}))?(?:\.(?<patch>${PART}))?${TAIL}(?=[\s,]|$)[\s,]*`,
);
const HYPHEN = /^\s*(\S+)\s+-\s+(\S+)\s*$/;

/** A version whose missing parts are 0. */
interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly prerelease: string;
  readonly metadata: string;
}

/** One condition of a constraint. `1.x` and `1` fit any minor version and any patch; `*` is 0.0.0 and open. */
interface Condition {
  readonly operator: string;
  readonly version: Version;
  /** Whether any part is missing or `x`. */
  readonly isOpen: boolean;
  readonly anyMinor: boolean;
  readonly anyPatch: boolean;
}

function numberOf(part: string | undefined): number {
  return part === undefined || /^[xX*]$/.test(part) ? 0 : Number(part);
}

function versionOf(groups: Readonly<Record<string, string | undefined>>): Version {
  return {
    major: numberOf(groups["major"]),
    minor: numberOf(groups["minor"]),
    patch: numberOf(groups["patch"]),
    prerelease: groups["prerelease"] ?? "",
    metadata: groups["metadata"] ?? "",
  };
}

function parseVersion(source: string): Version {
  const groups = VERSION.exec(source)?.groups;
  if (groups === undefined) throw new FunctionError(`"${source}" is not a version: expected one such as 1.2.3`);
  return versionOf(groups);
}

function textOf({ major, minor, patch, prerelease }: Version): string {
  return `${major}.${minor}.${patch}${prerelease === "" ? "" : `-${prerelease}`}`;
}

function compare(left: Version, right: Version): number {
  return compareVersions(textOf(left), textOf(right), { loose: true });
}

function isAny(part: string | undefined): boolean {
  return part === undefined || /^[xX*]$/.test(part);
}

function parseCondition(groups: Readonly<Record<string, string | undefined>>): Condition {
  const operator = groups["operator"] ?? "=";
  const given = versionOf(groups);
  if (isAny(groups["major"])) {
    return { operator, version: { ...given, minor: 0, patch: 0 }, isOpen: true, anyMinor: false, anyPatch: false };
  }
  const anyMinor = isAny(groups["minor"]);
  const anyPatch = anyMinor || isAny(groups["patch"]);
  return { operator, version: anyMinor ? { ...given, patch: 0 } : given, isOpen: anyPatch, anyMinor, anyPatch };
}

function parseConditions(source: string): readonly Condition[] {
  const hyphen = HYPHEN.exec(source);
  let rest = hyphen === null ? source : `>=${hyphen[1]} <=${hyphen[2]}`;
  const conditions: Condition[] = [];
  while (rest !== "" || conditions.length === 0) {
    const match = CONSTRAINT.exec(rest);
    if (match?.groups === undefined) {
      throw new FunctionError(`"${source}" is not a constraint of versions: expected one such as ">=1.2.3 <2"`);
    }
    conditions.push(parseCondition(match.groups));
    rest = rest.slice(match[0].length);
  }
  return conditions;
}

/** `1.2` fits all of 1.2.x, so 1.2.5 is not above it. */
function isAbove(version: Version, { version: limit, anyMinor, anyPatch }: Condition): boolean {
  if (version.major !== limit.major || !anyPatch) return compare(version, limit) > 0;
  return !anyMinor && version.minor > limit.minor;
}

function isAtMost(version: Version, { version: limit, isOpen, anyMinor }: Condition): boolean {
  if (!isOpen) return compare(version, limit) <= 0;
  if (version.major !== limit.major) return version.major < limit.major;
  return anyMinor || version.minor <= limit.minor;
}

/** `~1.2.3` holds the minor version, `~1` the major one, `*` none. */
function isTilde(version: Version, { version: limit, anyMinor, anyPatch }: Condition): boolean {
  if (compare(version, limit) < 0) return false;
  if (textOf(limit) === "0.0.0" && !anyPatch) return true;
  return version.major === limit.major && (anyMinor || version.minor === limit.minor);
}

/** `^` holds everything up to the first part that is not 0. */
function isCaret(version: Version, { version: limit, anyMinor, anyPatch }: Condition): boolean {
  if (compare(version, limit) < 0 || version.major !== limit.major) return false;
  if (limit.major > 0 || anyMinor) return true;
  if (version.minor !== limit.minor) return false;
  return limit.minor > 0 || anyPatch || version.patch === limit.patch;
}

function isEqual(version: Version, condition: Condition): boolean {
  return condition.isOpen ? isTilde(version, condition) : compare(version, condition.version) === 0;
}

function isOther(version: Version, { version: limit, anyMinor, anyPatch }: Condition): boolean {
  if (version.major !== limit.major) return true;
  if (anyMinor) return false;
  return version.minor !== limit.minor || (!anyPatch && compare(version, limit) !== 0);
}

type Operator = (version: Version, condition: Condition) => boolean;

const AT_LEAST: Operator = (version, { version: limit }) => compare(version, limit) >= 0;
const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ["=", isEqual],
  ["!=", isOther],
  [">", isAbove],
  ["<", (version, { version: limit }) => compare(version, limit) < 0],
  [">=", AT_LEAST],
  ["=>", AT_LEAST],
  ["<=", isAtMost],
  ["=<", isAtMost],
  ["~", isTilde],
  ["~>", isTilde],
  ["^", isCaret],
]);

function fitsAll(version: Version, conditions: readonly Condition[]): boolean {
  // A version before a release only fits where one of the conditions names such a version too.
  if (version.prerelease !== "" && conditions.every((condition) => condition.version.prerelease === "")) return false;
  return conditions.every((condition) => OPERATORS.get(condition.operator)?.(version, condition) ?? false);
}

function semverCompare(constraint: string, source: string): boolean {
  const alternatives = constraint.split("||").map(parseConditions);
  const version = parseVersion(source);
  return alternatives.some((conditions) => fitsAll(version, conditions));
}

function versionMap(source: string): GoMap {
  const { major, minor, patch, prerelease, metadata } = parseVersion(source);
  return new Map<string, Value>([
    ["Major", major],
    ["Minor", minor],
    ["Patch", patch],
    ["Prerelease", prerelease],
    ["Metadata", metadata],
    ["Original", source],
  ]);
}

/** Sprig's functions of versions, with the constraints of Masterminds/semver, which Helm charts are written for. */
export const semverFunctions: FunctionMap = functionMap({
  semver: unary(text, versionMap),
  semverCompare: binary(text, text, semverCompare),
});
