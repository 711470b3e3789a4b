/** Where the files of a bundle go. */
export interface BundleTarget {
  /**
   * Writes a file that is not there yet, with its folders.
   *
   * @param path with slashes, relative to the bundle
   * @returns its bytes
   */
  write(path: string, content: string | AsyncIterable<string>): Promise<number>;
}

/** What was read for a file. */
export interface BundleSource {
  readonly verb: "get" | "list" | "logs";
  /** `nimservices.apps.nvidia.com`, or a path of the server such as `/version`. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly selector?: string;
}

/**
 * How much of it there is: all, the first part of it, nothing because it could not be read, or nothing because the cluster
 * does not have it.
 */
export type BundleStatus = "complete" | "cut" | "failed" | "absent";

/** A file of a bundle, or one that could not be made. */
export interface BundleEntry {
  readonly path: string;
  /** Of the file as it was written; 0 where there is none. */
  readonly bytes: number;
  readonly status: BundleStatus;
  readonly source: BundleSource;
  /** Number of objects, for lists. */
  readonly objects?: number;
  /** Why it is not complete. */
  readonly reason?: string;
  /** The code of the failure: `NOT_ALLOWED`, `UNAVAILABLE`, … */
  readonly code?: string;
}
