import { keyOf, type ObjectChange } from "./object-store.ts";

/** Changes that wait for a reader: at most one for each object, however slow the reader is. */
export class ChangeQueue implements AsyncIterable<ObjectChange> {
  readonly #waiting = new Map<string, ObjectChange>();
  #wake = (): void => undefined;
  #end: { readonly error?: unknown } | undefined;

  push(change: ObjectChange): void {
    const key = keyOf(change.object);
    const merged = mergeChanges(this.#waiting.get(key), change);
    // What is new goes to the end: a reader sees the order of the last changes.
    this.#waiting.delete(key);
    if (merged !== undefined) this.#waiting.set(key, merged);
    this.#wake();
  }

  /** No more will come. A reader gets what waits, and then the error, if there is one. */
  close(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ObjectChange, void, undefined> {
    for (;;) {
      const [first] = this.#waiting;
      if (first !== undefined) {
        this.#waiting.delete(first[0]);
        yield first[1];
      } else if (this.#end !== undefined) {
        if ("error" in this.#end) throw this.#end.error;
        return;
      } else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Two changes of one object as one; nothing when it came and went unseen. */
export function mergeChanges(earlier: ObjectChange | undefined, later: ObjectChange): ObjectChange | undefined {
  if (earlier === undefined) return later;
  const { object } = later;
  if (earlier.type === "added") return later.type === "deleted" ? undefined : { type: "added", object };
  if (later.type === "deleted") return later;
  const previous = earlier.type === "deleted" ? earlier.object : earlier.previous;
  return previous === undefined ? { type: "updated", object } : { type: "updated", object, previous };
}
