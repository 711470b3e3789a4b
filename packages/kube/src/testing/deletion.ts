import { isTreeMap, listAt, mapAt, textAt, type TreeMap } from "@slipway/base";
import { otherObject } from "./failure.ts";
import type { Address } from "./store.ts";

/** How an object is deleted. */
export interface Deletion {
  readonly dryRun: boolean;
  readonly propagation: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** What keeps an owner until its dependents are gone. */
export const FOREGROUND = "foregroundDeletion";

/** A deletion without conditions. */
export const PLAIN_DELETION: Deletion = { dryRun: false, propagation: "Background", uid: "", resourceVersion: "" };

/** Reads the options of a DELETE, which come in its body or in its query. */
export function deletionOf(query: URLSearchParams, options: TreeMap): Deletion {
  const preconditions = mapAt(options, "preconditions");
  return {
    dryRun: query.get("dryRun") === "All" || listAt(options, "dryRun").includes("All"),
    propagation: textAt(options, "propagationPolicy") || (query.get("propagationPolicy") ?? "") || "Background",
    uid: textAt(preconditions, "uid"),
    resourceVersion: textAt(preconditions, "resourceVersion"),
  };
}

/** Refuses to delete another object than the one that was meant. */
export function checkPreconditions({ kind, name }: Address, object: TreeMap, deletion: Deletion): void {
  const conditions = [
    ["UID", deletion.uid, textAt(object, "metadata", "uid")],
    ["ResourceVersion", deletion.resourceVersion, textAt(object, "metadata", "resourceVersion")],
  ] as const;
  for (const [field, expected, found] of conditions)
    if (expected !== "" && expected !== found) throw otherObject(kind, name, field, expected, found);
}

/** Whether something must happen before a deleted object goes. */
export function hasFinalizers(object: TreeMap): boolean {
  return listAt(object, "metadata", "finalizers").length > 0;
}

/** Whether an object was deleted and is waiting for its finalizers. */
export function isLeaving(object: TreeMap): boolean {
  return textAt(object, "metadata", "deletionTimestamp") !== "";
}

/** The object with a time of deletion, and one more finalizer where one is given. */
export function leaving(object: TreeMap, finalizer?: string): TreeMap {
  const finalizers = listAt(object, "metadata", "finalizers");
  const added = finalizer === undefined || finalizers.includes(finalizer) ? [] : [finalizer];
  const deletionTimestamp = textAt(object, "metadata", "deletionTimestamp") || "2024-01-01T00:00:00Z";
  return {
    ...object,
    metadata: { ...mapAt(object, "metadata"), deletionTimestamp, finalizers: [...finalizers, ...added] },
  };
}

/** The object without a finalizer. */
export function withoutFinalizer(object: TreeMap, finalizer: string): TreeMap {
  const finalizers = listAt(object, "metadata", "finalizers").filter((name) => name !== finalizer);
  return { ...object, metadata: { ...mapAt(object, "metadata"), finalizers } };
}

/** The uids of the owners of an object. */
export function ownersOf(object: TreeMap): readonly string[] {
  return listAt(object, "metadata", "ownerReferences")
    .filter(isTreeMap)
    .map((owner) => textAt(owner, "uid"));
}

/** The object without one of its owners. */
export function withoutOwner(object: TreeMap, uid: string): TreeMap {
  const kept = listAt(object, "metadata", "ownerReferences").filter((owner) => textAt(owner, "uid") !== uid);
  return { ...object, metadata: { ...mapAt(object, "metadata"), ownerReferences: kept } };
}
