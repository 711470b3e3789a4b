import type { NimKind } from "../resources.ts";
import { ageText } from "./age.ts";
import { decidingCondition } from "./condition.ts";
import { NONE } from "./get-columns.ts";
import type { NimCacheView, NimServiceView } from "./nim-object.ts";

/** The columns of `status`: those of the original. */
export const STATUS_COLUMNS: Readonly<Record<NimKind, readonly string[]>> = {
  NIMService: [
    "NAME",
    "NAMESPACE",
    "STATE",
    "AVAILABLE REPLICAS",
    "TYPE/STATUS",
    "LAST TRANSITION TIME",
    "MESSAGE",
    "AGE",
  ],
  NIMCache: ["NAME", "NAMESPACE", "STATE", "PVC", "TYPE/STATUS", "LAST TRANSITION TIME", "MESSAGE", "AGE"],
};

/**
 * The cells of an object under {@link STATUS_COLUMNS}. One without conditions has `<none>` for them.
 *
 * @param available copies of a service that are available; absent where that cannot be known
 */
export function statusCells(
  view: NimServiceView | NimCacheView,
  now: Date,
  available: number | undefined,
): readonly string[] {
  const deciding = decidingCondition(view.conditions);
  return [
    view.name,
    view.namespace,
    view.state || NONE,
    view.kind === "NIMCache" ? view.pvc || NONE : String(available ?? "<unknown>"),
    deciding === undefined ? NONE : `${deciding.type}/${deciding.status}`,
    deciding === undefined ? NONE : goTime(deciding.lastTransitionTime),
    deciding?.message || NONE,
    ageText(view.created, now),
  ];
}

/** A time as Go prints it: `2026-11-21 05:00:00 +0000 UTC`. */
export function goTime(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return NONE;
  return `${date.toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`;
}
