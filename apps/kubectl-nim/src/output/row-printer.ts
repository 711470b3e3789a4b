import { mapAt, textAt, type Output } from "@slipway/base";
import type { KubeObject } from "@slipway/kube";
import { GET_COLUMNS, NONE, getCells, type NimKind } from "@slipway/serving";
import { tableLayout, type TableLayout } from "./table.ts";

/** Which columns rows have. */
export interface RowOptions {
  readonly kind: NimKind;
  readonly wide: boolean;
  readonly headers: boolean;
  readonly namespaces: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
  /** Whether rows start with what happened to the object. */
  readonly events: boolean;
}

/** The header of rows. */
export function headerOf({ kind, wide, namespaces, showLabels, labelColumns, events }: RowOptions): readonly string[] {
  const columns = GET_COLUMNS[kind];
  return [
    ...(events ? ["EVENT"] : []),
    ...(namespaces ? ["NAMESPACE"] : []),
    ...columns.normal,
    ...(wide ? columns.wide : []),
    ...labelColumns.map((label) => (label.split("/").at(-1) ?? "").toUpperCase()),
    ...(showLabels ? ["LABELS"] : []),
  ];
}

/** The row of an object. */
export function rowOf(options: RowOptions, object: KubeObject, now: Date, event = ""): readonly string[] {
  return [
    ...(options.events ? [event] : []),
    ...(options.namespaces ? [textAt(object, "metadata", "namespace")] : []),
    ...getCells(options.kind, object, now, options.wide),
    ...options.labelColumns.map((label) => textAt(object, "metadata", "labels", label) || NONE),
    ...(options.showLabels ? [labelsText(object)] : []),
  ];
}

/** Prints rows as they come in, in groups; the header stands above the first. */
export class RowPrinter {
  readonly #output: Pick<Output, "write">;
  readonly #options: RowOptions;
  readonly #layout: TableLayout = tableLayout();
  #isHeaderDue: boolean;

  constructor(output: Pick<Output, "write">, options: RowOptions) {
    this.#output = output;
    this.#options = options;
    this.#isHeaderDue = options.headers;
  }

  /** Nothing is printed for no rows. */
  print(rows: readonly (readonly string[])[]): void {
    if (rows.length === 0) return;
    const header = this.#isHeaderDue ? [headerOf(this.#options)] : [];
    this.#isHeaderDue = false;
    this.#output.write(this.#layout.lines([...header, ...rows]));
  }
}

function labelsText(object: KubeObject): string {
  const labels = mapAt(object, "metadata", "labels");
  const texts = Object.keys(labels).map((key) => `${key}=${textAt(labels, key)}`);
  return texts.length === 0 ? NONE : texts.sort().join(",");
}
