import { compareBytes, writeJson, type TreeMap } from "@slipway/base";
import type { BundleEntry, BundleStatus } from "./bundle-target.ts";

/** What a bundle holds and what it lacks. */
export interface BundleIndex {
  /** By path. */
  readonly entries: readonly BundleEntry[];
  /** What exists and could not be read. */
  readonly failures: readonly BundleEntry[];
  /** The document, with a newline at its end. */
  readonly text: string;
}

/** What the index says of the whole. */
export interface BundleAbout {
  readonly namespace: string;
  readonly operatorNamespace: string;
  readonly nemoNamespace?: string | undefined;
  readonly version: string;
  readonly now: Date;
}

const STATUSES: readonly BundleStatus[] = ["complete", "cut", "failed", "absent"];

/** The account of a bundle. */
export function bundleIndex(entries: readonly BundleEntry[], about: BundleAbout): BundleIndex {
  const sorted = [...entries].sort((left, right) => compareBytes(left.path, right.path));
  const { nemoNamespace, now, version, namespace, operatorNamespace } = about;
  const document: TreeMap = {
    version,
    collected: now.toISOString(),
    namespaces: {
      nim: namespace,
      operator: operatorNamespace,
      ...(nemoNamespace === undefined ? {} : { nemo: nemoNamespace }),
    },
    totals: {
      files: sorted.filter(hasFile).length,
      bytes: sorted.reduce((sum, { bytes }) => sum + bytes, 0),
      ...Object.fromEntries(STATUSES.map((name) => [name, sorted.filter(({ status }) => status === name).length])),
    },
    files: sorted.map(entryTree),
  };
  return {
    entries: sorted,
    failures: sorted.filter(({ status }) => status === "failed"),
    text: writeJson(document),
  };
}

/** Whether there is a file, whole or not. */
export function hasFile({ bytes, status }: BundleEntry): boolean {
  return bytes > 0 || status === "complete" || status === "cut";
}

function entryTree({ path, bytes, status, source, objects, reason, code }: BundleEntry): TreeMap {
  const optional = { objects, reason, code };
  const given = Object.entries(optional).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
  return { path, bytes, status, source: { ...source }, ...Object.fromEntries(given) };
}
