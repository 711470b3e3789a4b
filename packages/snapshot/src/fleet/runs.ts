/** Values of many nodes in their order; equal neighbours take the room of one. What is undefined is not there. */
export class Runs<Value> {
  readonly #runs: { value: Value | undefined; count: number }[] = [];
  #length = 0;

  /** Sets the value of a node; nodes between the last one and it have nothing. Nodes come in ascending order. */
  set(index: number, value: Value): void {
    if (index > this.#length) this.#push(undefined, index - this.#length);
    this.#push(value, 1);
  }

  /** Runs of equal values over so many nodes, each with the index of its first. */
  *over(nodes: number): Generator<{ readonly value: Value | undefined; readonly from: number; readonly to: number }> {
    let from = 0;
    for (const { value, count } of this.#runs) {
      yield { value, from, to: from + count };
      from += count;
    }
    if (from < nodes) yield { value: undefined, from, to: nodes };
  }

  /** The value that more than half of so many nodes have. */
  majority(nodes: number): Value | undefined {
    const counts = new Map<Value, number>();
    for (const { value, count } of this.#runs) {
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + count);
    }
    return [...counts].find(([, count]) => 2 * count > nodes)?.[0];
  }

  #push(value: Value | undefined, count: number): void {
    const last = this.#runs.at(-1);
    if (last !== undefined && Object.is(last.value, value)) last.count += count;
    else this.#runs.push({ value, count });
    this.#length += count;
  }
}
