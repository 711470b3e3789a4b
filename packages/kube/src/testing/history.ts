import type { TreeMap } from "@slipway/base";
import { ApiFailure } from "./failure.ts";
import type { Kind } from "./kinds.ts";

/** What watchers are told. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: Kind;
  readonly object: TreeMap;
  /** The object before the change; selectors may have been met then and not now. */
  readonly previous: TreeMap | undefined;
  readonly version: number;
}

/** The changes of a cluster by version, as far as it remembers them. */
export class History {
  readonly #changes: Change[] = [];
  #forgotten = 0;

  add(change: Change): void {
    this.#changes.push(change);
  }

  /** Forgets everything, as the compaction of etcd does. */
  forget(version: number): void {
    this.#changes.length = 0;
    this.#forgotten = version;
  }

  /** What came after a version. Throws Expired for one that is forgotten. */
  since(version: number): readonly Change[] {
    if (version < this.#forgotten)
      throw new ApiFailure("Expired", `too old resource version: ${version} (${this.#forgotten})`);
    return this.#changes.filter((change) => change.version > version);
  }
}
