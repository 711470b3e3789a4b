import { mapAt, own, textAt, type Output, type TreeMap } from "@slipway/base";
import { printable } from "@slipway/terminal";
import { customCells } from "./custom-columns.ts";
import type { ObjectFormat } from "./format.ts";
import { findAll, render } from "./jsonpath/render.ts";
import { jsonText } from "./json-text.ts";
import { tableLayout } from "./table.ts";
import { yamlLines } from "./yaml-text.ts";

/** Takes objects one by one and prints them. */
export interface ObjectPrinter {
  add(object: TreeMap): void;
  /** Closes what is open; must be called once, when all were added. */
  end(): void;
}

/** How objects are put together. */
export interface PrintOptions {
  /** `list`: as one List, whose items are printed as they come; `single`: the object itself; `stream`: each by itself. */
  readonly as: "list" | "single" | "stream";
  readonly managedFields?: boolean;
  /** Whether columns have a header. */
  readonly headers?: boolean;
}

/** A printer for one of the forms of `-o`; see `format.ts`. What is printed is what kubectl would print. */
export function objectPrinter(
  output: Pick<Output, "write" | "isTerminal">,
  format: ObjectFormat,
  options: PrintOptions,
): ObjectPrinter {
  const write = (text: string): void => output.write(output.isTerminal ? printable(text) : text);
  const shown = (object: TreeMap): TreeMap => (options.managedFields === true ? object : withoutManagedFields(object));
  if (format.kind === "json") return jsonPrinter(write, shown, options);
  if (format.kind === "yaml") return yamlPrinter(write, shown, options);
  if (format.kind === "custom-columns") return columnsPrinter(write, format.columns, options);
  if (format.kind === "name") return { add: (object) => write(`${resourceName(object)}\n`), end: () => undefined };
  const { kind, template } = format;
  return templatePrinter(options, (value) =>
    write(kind === "jsonpath" ? render(template, value) : `${jsonText([...findAll(template, value)])}\n`),
  );
}

/** Prints one object. */
export function printObject(output: Pick<Output, "write" | "isTerminal">, format: ObjectFormat, object: TreeMap): void {
  const printer = objectPrinter(output, format, { as: "single" });
  printer.add(object);
  printer.end();
}

/** Prints objects as one List; `name` and `custom-columns` have a line for each. */
export function printObjects(
  output: Pick<Output, "write" | "isTerminal">,
  format: ObjectFormat,
  objects: readonly TreeMap[],
): void {
  const printer = objectPrinter(output, format, { as: "list" });
  for (const object of objects) printer.add(object);
  printer.end();
}

/** `nimservice.apps.nvidia.com/llm`, as `-o name` prints it. */
export function resourceName(object: TreeMap): string {
  const apiVersion = textAt(object, "apiVersion");
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0] ?? ""}` : "";
  return `${textAt(object, "kind").toLowerCase()}${group}/${textAt(object, "metadata", "name")}`;
}

function withoutManagedFields(object: TreeMap): TreeMap {
  const metadata = mapAt(object, "metadata");
  if (own(metadata, "managedFields") === undefined) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

type Write = (text: string) => void;
type Shown = (object: TreeMap) => TreeMap;

function jsonPrinter(write: Write, shown: Shown, { as }: PrintOptions): ObjectPrinter {
  if (as !== "list") return { add: (object) => write(`${jsonText(shown(object))}\n`), end: () => undefined };
  const head = `{\n    "apiVersion": "v1",\n    "items": [`;
  const tail = `],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n`;
  let count = 0;
  return {
    add: (object) => write(`${count++ === 0 ? head : ","}\n        ${jsonText(shown(object), 2)}`),
    end: () => write(count === 0 ? head + tail : `\n    ${tail}`),
  };
}

function yamlPrinter(write: Write, shown: Shown, { as }: PrintOptions): ObjectPrinter {
  let count = 0;
  if (as !== "list")
    return {
      add: (object) => write(`${count++ === 0 ? "" : "---\n"}${yamlLines(shown(object)).join("\n")}\n`),
      end: () => undefined,
    };
  const tail = `kind: List\nmetadata:\n  resourceVersion: ""\n`;
  return {
    add: (object) =>
      write(`${count++ === 0 ? "apiVersion: v1\nitems:\n" : ""}${yamlLines([shown(object)]).join("\n")}\n`),
    end: () => write(count === 0 ? `apiVersion: v1\nitems: []\n${tail}` : tail),
  };
}

function columnsPrinter(
  write: Write,
  columns: Parameters<typeof customCells>[0],
  { as, headers = true }: PrintOptions,
): ObjectPrinter {
  const layout = tableLayout();
  const rows: (readonly string[])[] = headers ? [columns.map(({ header }) => header)] : [];
  const flush = (): void => write(layout.lines(rows.splice(0)));
  return {
    add: (object) => {
      rows.push(customCells(columns, object));
      if (as === "stream") flush();
    },
    end: flush,
  };
}

/** A template looks at the whole List at once, and may ask for managed fields. */
function templatePrinter({ as }: PrintOptions, print: (value: TreeMap) => void): ObjectPrinter {
  if (as !== "list") return { add: print, end: () => undefined };
  const items: TreeMap[] = [];
  return {
    add: (object) => items.push(object),
    end: () => print({ apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } }),
  };
}
