import { SlipwayError, messageOf } from "@slipway/base";

/** An element of nvidia-smi's report. */
export interface ReportElement {
  /**
   * The text at a path of element names, such as `fb_memory_usage.total`. Where nvidia-smi wrote a text such as `N/A` or
   * `GPU is lost` in place of the elements further in, it is that text. Nothing when there is no such element.
   */
  text(path: string): string | undefined;
  /** The elements at a path, in their order; none when there is none. */
  all(path: string): readonly ReportElement[];
  /** The paths and texts of everything in it. */
  leaves(): readonly (readonly [path: string, text: string])[];
}

/** What nvidia-smi told. */
export interface Report {
  readonly log: ReportElement;
  readonly gpus: readonly ReportElement[];
  /** Whether it ended before its end: then the last GPU that was begun is missing. */
  readonly cut: boolean;
  /** What stood around the XML, as warnings about a corrupted infoROM do; a line each. */
  readonly said: readonly string[];
}

const MAX_LENGTH = 16 * 1024 * 1024;
const BEGIN = "<nvidia_smi_log";
const END = "</nvidia_smi_log>";

/**
 * Reads the XML of `nvidia-smi -q -x`, of any version of its format. Elements are looked up by name, so that what a
 * version lacks is just not there.
 *
 * @returns nothing when the text holds no report
 * @throws SlipwayError INVALID_INPUT for XML that is broken or that declares entities, TOO_LARGE beyond 16 MiB
 */
export async function parseReport(output: string): Promise<Report | undefined> {
  const start = output.search(/<\?xml|<!DOCTYPE|<nvidia_smi_log/);
  if (start < 0 || !output.includes(BEGIN)) return undefined;
  if (output.length > MAX_LENGTH) throw new SlipwayError("TOO_LARGE", "the report of nvidia-smi is larger than 16 MiB");
  const end = output.indexOf(END, start);
  const cut = end < 0;
  const lastGpu = output.lastIndexOf("</gpu>");
  const body = cut
    ? `${output.slice(start, endOfGpu(output, start, lastGpu))}${END}`
    : output.slice(start, end + END.length);
  const around = output.slice(0, start) + (cut ? "" : output.slice(end + END.length));
  const log = new TreeElement(await parseXml(withoutBulk(body)));
  return { log, gpus: log.all("gpu"), cut, said: linesOf(around) };
}

function endOfGpu(output: string, start: number, lastGpu: number): number {
  if (lastGpu >= 0) return lastGpu + "</gpu>".length;
  const firstGpu = output.indexOf("<gpu", start);
  return firstGpu < 0 ? output.lastIndexOf("<") : firstGpu;
}

/** Hundreds of clocks, and the names of processes, which may hold what their owners gave them. */
const BULK = ["supported_clocks", "processes", "accounted_processes"] as const;

/** Parsing what is not needed would take most of the time. */
function withoutBulk(xml: string): string {
  return BULK.reduce((text, name) => {
    const parts: string[] = [];
    let kept = 0;
    for (let start = text.indexOf(`<${name}>`); start >= 0; start = text.indexOf(`<${name}>`, kept)) {
      const end = text.indexOf(`</${name}>`, start);
      if (end < 0) break;
      parts.push(text.slice(kept, start));
      kept = end + name.length + "</>".length;
    }
    return parts.join("") + text.slice(kept);
  }, xml);
}

async function parseXml(text: string): Promise<Node> {
  if (/<!ENTITY|<!DOCTYPE[^>]*\[/i.test(text)) throw broken("it declares entities, which nvidia-smi never does");
  const { XMLParser, XMLValidator } = await import("fast-xml-parser");
  try {
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) throw broken(verdict.err.msg, verdict.err.line);
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: "@",
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      ignoreDeclaration: true,
      ignorePiTags: true,
    });
    const document: unknown = parser.parse(text);
    return isRecord(document) ? (nodeOf(document["nvidia_smi_log"]) ?? "") : "";
  } catch (error) {
    throw error instanceof SlipwayError ? error : broken(messageOf(error));
  }
}

function broken(why: string, line?: number): SlipwayError {
  return new SlipwayError("INVALID_INPUT", `the report of nvidia-smi cannot be read: ${why}`, {
    place: { file: "nvidia-smi -q -x", line },
    hint: "Run nvidia-smi -q -x by hand and look at what it prints there.",
  });
}

type Node = string | readonly Node[] | ReadonlyMap<string, Node>;

function nodeOf(value: unknown): Node | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.flatMap((item) => nodeOf(item) ?? []);
  if (!isRecord(value)) return undefined;
  return new Map(
    Object.entries(value).flatMap(([key, item]) => {
      const node = nodeOf(item);
      return node === undefined ? [] : [[key, node] as const];
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

class TreeElement implements ReportElement {
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
  }

  text(path: string): string | undefined {
    let node: Node | undefined = this.#node;
    for (const name of path.split(".")) {
      node = first(node);
      if (typeof node === "string") break;
      node = node?.get(name);
    }
    const last = first(node);
    return typeof last === "string" ? decoded(last.trim()) : undefined;
  }

  all(path: string): readonly ReportElement[] {
    let nodes: readonly Node[] = [this.#node];
    for (const name of path.split(".")) {
      nodes = nodes.flatMap((node) => {
        const found = isMap(node) ? node.get(name) : undefined;
        return found === undefined ? [] : isList(found) ? found : [found];
      });
    }
    return nodes.map((node) => new TreeElement(node));
  }

  leaves(): readonly (readonly [path: string, text: string])[] {
    return leavesOf(this.#node, "");
  }
}

function leavesOf(node: Node, path: string): readonly (readonly [string, string])[] {
  if (typeof node === "string") return [[path, decoded(node.trim())]];
  if (isList(node)) return node.flatMap((item) => leavesOf(item, path));
  return [...node].flatMap(([name, child]) => leavesOf(child, path === "" ? name : `${path}.${name}`));
}

function first(node: Node | undefined): string | ReadonlyMap<string, Node> | undefined {
  return node !== undefined && isList(node) ? first(node[0]) : node;
}

function isList(node: Node): node is readonly Node[] {
  return Array.isArray(node);
}

function isMap(node: Node): node is ReadonlyMap<string, Node> {
  return node instanceof Map;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function decoded(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
