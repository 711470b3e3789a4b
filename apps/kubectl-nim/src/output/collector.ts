import type { KubeObject } from "@slipway/kube";
import type { NimKind } from "@slipway/serving";
import type { NimDeps } from "../deps.ts";
import type { OutputFormat } from "./format.ts";
import { RowPrinter, rowOf, type RowOptions } from "./row-printer.ts";
import type { Order, SortKey } from "./sort-by.ts";

/** How objects are shown, whatever the form. */
export interface Shape extends Omit<RowOptions, "kind" | "wide"> {
  readonly managedFields: boolean;
  readonly order: Order | undefined;
}

/** Takes objects and prints them: as they come, or at its end where all have to be known before. */
export interface Collector {
  add(object: KubeObject): void;
  end(): void;
}

/** What is collected, and how. */
export interface CollectOptions extends Shape {
  readonly kind: NimKind;
  readonly as: "list" | "single" | "stream";
}

/** What prints objects in a form. Of objects that become rows, nothing but the cells is kept. */
export async function collectorOf(
  { io, clock }: Pick<NimDeps, "io" | "clock">,
  format: OutputFormat,
  options: CollectOptions,
): Promise<Collector> {
  if (format.kind === "table") {
    const columns = { ...options, wide: format.wide };
    const printer = new RowPrinter(io.stdout, columns);
    const now = clock.now();
    return ordered(
      options,
      (object) => rowOf(columns, object, now),
      (rows) => printer.print(rows),
    );
  }
  const { objectPrinter } = await import("./print-objects.ts");
  const printer = objectPrinter(io.stdout, format, options);
  if (options.order === undefined) return printer;
  return ordered(
    options,
    (object) => object,
    (objects) => {
      for (const object of objects) printer.add(object);
      printer.end();
    },
  );
}

/** Keeps what is made of objects, and gives all of it at the end, in order. */
async function ordered<Kept>(
  { order }: CollectOptions,
  keep: (object: KubeObject) => Kept,
  finish: (all: readonly Kept[]) => void,
): Promise<Collector> {
  if (order === undefined) {
    const all: Kept[] = [];
    return { add: (object) => all.push(keep(object)), end: () => finish(all) };
  }
  const { sortKeyOf, sortedBy } = await import("./sort-by.ts");
  const all: { readonly key: SortKey; readonly kept: Kept }[] = [];
  return {
    add: (object) => all.push({ key: sortKeyOf(order.path, object), kept: keep(object) }),
    end: () => finish(sortedBy(all, ({ key }) => key, order.expression).map(({ kept }) => kept)),
  };
}
