/** Things to do, each once however often it was asked for; what is asked for while it is done is done again. */
export class WorkQueue<Item> {
  readonly #waiting = new Map<string, Item>();
  readonly #keyOf: (item: Item) => string;
  #wake: () => void = () => {};

  constructor(keyOf: (item: Item) => string) {
    this.#keyOf = keyOf;
  }

  add(item: Item): void {
    this.#waiting.set(this.#keyOf(item), item);
    this.#wake();
  }

  /** Does one after the other until `signal` is aborted. */
  async run(work: (item: Item) => Promise<void>, signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    while (!signal.aborted) {
      const [next] = this.#waiting;
      if (next === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      this.#waiting.delete(next[0]);
      await work(next[1]);
    }
  }
}
