import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** The folders whose errors a page of docs has. */
export const PLACES = {
  "troubleshooting.md": [
    "packages/kube/src",
    "packages/snapshot/src",
    "packages/validate/src",
    "packages/sim/src",
    "apps/aicr/src/actions",
    "apps/aicr/src/commands",
  ],
  "kubectl-nim-troubleshooting.md": ["packages/serving/src", "packages/terminal/src/prompt", "apps/kubectl-nim/src"],
} as const;

/** An error of the code. */
export interface ErrorMessage {
  /** As the page writes it: `…` stands for what differs. */
  readonly text: string;
  readonly file: string;
}

/**
 * The messages of errors that stand in the code as a literal: the second argument of `new SlipwayError("CODE", …)`, and
 * the `message` of what goes wrong with an agent's Job. Bugs of ours and interruptions are not among them.
 */
export async function errorMessages(places: readonly string[]): Promise<readonly ErrorMessage[]> {
  const found: ErrorMessage[] = [];
  for (const file of await sources(places)) {
    const source = await readFile(join(root, file), "utf8");
    const pattern = file.endsWith("agent/trouble.ts") ? /\bmessage: (?=[`"])/g : NEW_ERROR;
    for (const match of source.matchAll(pattern)) {
      const text = literalAt(source, match.index + match[0].length);
      // One that is made of variables alone has no words to look for.
      if (/[A-Za-z]{2}/.test(text)) found.push({ text, file });
    }
  }
  return found;
}

const NEW_ERROR = /\bnew SlipwayError\(\s*(?!"BUG"|"INTERRUPTED")[^,"`]*(?:"[A-Z_]+")?,\s*(?=[`"])/g;

/** Every literal of the code that has words in it: messages, hints, notes. */
export async function sentences(): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const file of await sources(Object.values(PLACES).flat())) {
    const source = await readFile(join(root, file), "utf8");
    for (const match of source.matchAll(/(?:[(:,?=+]|=>|\breturn)\s+(?=[`"])|\((?=[`"])/g)) {
      const text = literalAt(source, match.index + match[0].length);
      if (/[a-z] [a-z]/i.test(text)) found.add(text);
    }
  }
  return [...found];
}

async function sources(places: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    places.map(async (place) =>
      (await readdir(join(root, place), { recursive: true })).map((name) => join(place, name)),
    ),
  );
  return lists
    .flat()
    .filter((name) => name.endsWith(".ts") && !/\.test\.ts$|\/testing\//.test(name))
    .sort();
}

/** The text of the literal that begins at a place, with `…` for each expression in it. */
function literalAt(source: string, start: number): string {
  const quote = source[start] ?? "";
  let text = "";
  for (let at = start + 1; at < source.length && source[at] !== quote; at++) {
    if (source[at] === "\\") text += source[++at] === "n" ? " " : (source[at] ?? "");
    else if (quote === "`" && source.startsWith("${", at)) {
      at = endOfExpression(source, at + 2);
      text += "…";
    } else text += source[at] ?? "";
  }
  return text.replaceAll(/…+/g, "…").trim();
}

/** The place of the `}` that ends an expression; braces of maps and of templates inside are balanced. */
function endOfExpression(source: string, from: number): number {
  let open = 1;
  for (let at = from; at < source.length; at++) {
    if (source[at] === "{") open++;
    if (source[at] === "}" && --open === 0) return at;
  }
  return source.length;
}
