import type { DeleteOptions, ListOptions, Patch, SelectOptions, WatchOptions, WriteOptions } from "../../api.ts";

/** Names and values of a query; what is absent is not sent. */
export type Query = readonly (readonly [name: string, value: string])[];

function query(values: Readonly<Record<string, string | number | undefined>>): Query {
  return Object.entries(values).flatMap(([name, value]): Query =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
}

/** The query of a list. */
export function listQuery(options: ListOptions): Query {
  const { limit, continue: next, resourceVersion } = options;
  return [...selectQuery(options), ...query({ limit, continue: next, resourceVersion })];
}

/** Which objects are meant. */
export function selectQuery({ labelSelector, fieldSelector }: SelectOptions): Query {
  return query({ labelSelector, fieldSelector });
}

/** The query of a watch. */
export function watchQuery(options: WatchOptions, timeoutSeconds: number): Query {
  const bookmarks = options.allowWatchBookmarks === true ? "true" : undefined;
  const { resourceVersion } = options;
  return [
    ...selectQuery(options),
    ...query({ watch: "true", resourceVersion, allowWatchBookmarks: bookmarks, timeoutSeconds }),
  ];
}

/** The query of a create, an update or a patch. */
export function writeQuery({ dryRun, fieldManager, fieldValidation }: WriteOptions, patch?: Patch): Query {
  const force = patch?.type === "apply" && patch.force === true ? "true" : undefined;
  return query({ dryRun: dryRun === true ? "All" : undefined, fieldManager, fieldValidation, force });
}

/** The query of a delete; the rest is in its body. */
export function deleteQuery({ dryRun }: DeleteOptions): Query {
  return query({ dryRun: dryRun === true ? "All" : undefined });
}
