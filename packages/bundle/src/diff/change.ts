import { compactJson, formatPath, isTreeList, isTreeMap, type Step, type Tree, type TreeMap } from "@slipway/base";

/** What happened to a value, a file or a component. */
export type ChangeKind = "added" | "removed" | "changed";

/** One difference between two documents. */
export interface Change {
  readonly change: ChangeKind;
  /** The file of a bundle, relative to the folder of its group; absent when documents are compared. */
  readonly file?: string | undefined;
  /** From the root of the document. In a list of named items the name of an item stands for its index. */
  readonly path: readonly Step[];
  /** The left value; absent when there was none, or when a file was compared by its bytes. */
  readonly from?: Tree | undefined;
  /** The right value, likewise. */
  readonly to?: Tree | undefined;
}

/** Changes that belong together. */
export interface ChangeGroup {
  /** What they are about; `files` are those of a bundle that belong to no component. */
  readonly subject: "component" | "criteria" | "constraints" | "deployment order" | "validation" | "files";
  /** The component's name. */
  readonly name?: string | undefined;
  readonly change: ChangeKind;
  /** What was added or removed, in a few words. */
  readonly summary?: string | undefined;
  readonly changes: readonly Change[];
}

/** What is different for a cluster; without groups, nothing is. */
export interface Difference {
  readonly kind: "RecipeDifference" | "BundleDifference";
  readonly groups: readonly ChangeGroup[];
}

const MARKS = { added: "+", removed: "-", changed: "~" } as const;
const MAX_SHOWN = 160;

/** A difference for a person: one line a change, grouped, with `+`, `-` and `~`. */
export function differenceText(difference: Difference): string {
  if (difference.groups.length === 0) return "No differences.\n";
  const components = difference.groups.filter(({ subject }) => subject === "component");
  const counts = (["added", "removed", "changed"] as const)
    .map((kind) => [components.filter(({ change }) => change === kind).length, kind] as const)
    .filter(([count]) => count > 0)
    .map(([count, kind]) => `${count} ${kind}`);
  const summary = counts.length === 0 ? "No component differs." : `Components: ${counts.join(", ")}.`;
  return `${difference.groups.map(groupText).join("")}\n${summary}\n`;
}

/** A difference as a document for JSON. */
export function differenceTree({ kind, groups }: Difference): TreeMap {
  return {
    kind,
    groups: groups.map(({ subject, name, change, summary, changes }) => ({
      subject,
      ...(name === undefined ? {} : { name }),
      change,
      ...(summary === undefined ? {} : { summary }),
      changes: changes.map(changeTree),
    })),
  };
}

function changeTree({ change, file, path, from, to }: Change): TreeMap {
  return {
    change,
    ...(file === undefined ? {} : { file }),
    path: formatPath(path),
    ...(from === undefined ? {} : { from: finite(from) }),
    ...(to === undefined ? {} : { to: finite(to) }),
  };
}

function groupText({ subject, name, change, summary, changes }: ChangeGroup): string {
  const head = [MARKS[change], subject, name === undefined ? undefined : printable(name), summary];
  const lines = change === "changed" ? changes.map((each) => `    ${changeText(each)}\n`) : [];
  return `${head.filter((part) => part !== undefined).join(" ")}\n${lines.join("")}`;
}

function changeText({ change, file, path, from, to }: Change): string {
  const place = [file, path.length === 0 ? undefined : formatPath(path)].filter((part) => part !== undefined);
  const values = [from, to].filter((value) => value !== undefined).map(shown);
  return `${MARKS[change]} ${[...place.map(printable), values.join(" -> ")].filter((part) => part !== "").join(": ")}`;
}

function shown(value: Tree): string {
  const text = compactJson(finite(value));
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** A name that could move the cursor or break a line is quoted. */
function printable(text: string): string {
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text) ? JSON.stringify(text) : text;
}

/** YAML has numbers that JSON lacks; they are shown as text. */
function finite(value: Tree): Tree {
  if (isTreeList(value)) return value.map(finite);
  if (isTreeMap(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, finite(child)]));
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
