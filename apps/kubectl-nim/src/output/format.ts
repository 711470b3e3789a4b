import { SlipwayError, didYouMean, type Files } from "@slipway/base";
import type { CustomColumn } from "./custom-columns.ts";
import type { TemplateNode } from "./jsonpath/nodes.ts";

/** A form in which objects are printed as they are, and not as rows. */
export type ObjectFormat =
  | { readonly kind: "json" }
  | { readonly kind: "yaml" }
  | { readonly kind: "name" }
  | { readonly kind: "jsonpath"; readonly template: readonly TemplateNode[] }
  | { readonly kind: "jsonpath-as-json"; readonly template: readonly TemplateNode[] }
  | { readonly kind: "custom-columns"; readonly columns: readonly CustomColumn[] };

/** What `-o` asks for. */
export type OutputFormat = ObjectFormat | { readonly kind: "table"; readonly wide: boolean };

const PLAIN = ["json", "yaml", "name"] as const;
const WITH_VALUE = ["jsonpath", "jsonpath-as-json", "jsonpath-file", "custom-columns", "custom-columns-file"] as const;

/** What `-o` takes, for help and completion. */
export const OUTPUT_CHOICES: readonly string[] = ["wide", ...PLAIN, ...WITH_VALUE.map((name) => `${name}=`)];

/** Most bytes of a file with a template. */
const MOST_BYTES = 1024 * 1024;

/**
 * Reads the value of `-o`: nothing and an empty text mean a table.
 *
 * @param text what was given, `jsonpath={.metadata.name}` for example
 * @throws SlipwayError USAGE for what is no form, or holds an expression that cannot be read; as {@link Files.read} for a
 * file that cannot be read
 */
export async function outputFormat(
  text: string | undefined,
  { files }: { readonly files: Files },
): Promise<OutputFormat> {
  const [name, value] = split(text ?? "");
  if (value === undefined) {
    const plain = plainFormat(name);
    if (plain !== undefined) return plain;
  }
  const kind = WITH_VALUE.find((known) => known === name);
  if (kind === undefined) throw unknownFormat(text ?? "", name);
  if (value === undefined || value === "") throw withoutValue(kind);
  return withTemplate(kind, kind.endsWith("-file") ? await fileText(files, value) : value);
}

function plainFormat(name: string): OutputFormat | undefined {
  if (name === "" || name === "wide") return { kind: "table", wide: name === "wide" };
  const kind = PLAIN.find((known) => known === name);
  return kind === undefined ? undefined : { kind };
}

async function withTemplate(kind: (typeof WITH_VALUE)[number], text: string): Promise<OutputFormat> {
  if (kind === "custom-columns" || kind === "custom-columns-file") {
    const { parseColumns, parseColumnsFile } = await import("./custom-columns.ts");
    return { kind: "custom-columns", columns: kind === "custom-columns" ? parseColumns(text) : parseColumnsFile(text) };
  }
  const { parseTemplate } = await import("./jsonpath/parse.ts");
  return { kind: kind === "jsonpath-as-json" ? kind : "jsonpath", template: parseTemplate(text) };
}

/** The name of a form, and what stands behind it. */
function split(text: string): readonly [name: string, value?: string] {
  const at = text.indexOf("=");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

async function fileText(files: Files, path: string): Promise<string> {
  return new TextDecoder().decode(await files.read(path, MOST_BYTES));
}

function withoutValue(kind: (typeof WITH_VALUE)[number]): SlipwayError {
  const example = kind.startsWith("custom") ? "'NAME:.metadata.name,STATE:.status.state'" : "'{.metadata.name}'";
  return new SlipwayError("USAGE", `-o ${kind} lacks what it prints`, {
    hint: kind.endsWith("-file") ? `For example: -o ${kind}=template.txt` : `For example: -o ${kind}=${example}`,
  });
}

function unknownFormat(text: string, name: string): SlipwayError {
  if (/^(go-)?template(-?file)?$/.test(name))
    return new SlipwayError("USAGE", "-o go-template is not supported", {
      hint: `The same with JSONPath: -o jsonpath='{.metadata.name}{"\\n"}'; for more, -o json and jq.`,
    });
  return new SlipwayError("USAGE", `-o takes no "${text}"`, {
    hint: didYouMean(name, ["wide", ...PLAIN, ...WITH_VALUE]) ?? `It takes ${OUTPUT_CHOICES.join(", ")}.`,
  });
}
