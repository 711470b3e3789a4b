/**
 * A text as Markdown prose or a table cell that shows just that text: on one line, with every sign that means something
 * to Markdown or HTML escaped.
 */
export function markdownText(text: string): string {
  return oneLine(text).replaceAll(/[\\`*_{}[\]<>()#|~!&]/g, String.raw`\$&`);
}

/**
 * A text as inline code. The fence is longer than any run of backticks inside; pipes are escaped, because a table splits
 * its cells before it reads code.
 */
export function markdownCode(text: string): string {
  const line = oneLine(text).replaceAll("|", String.raw`\|`);
  if (line === "") return "";
  const fence = "`".repeat(longestRun(line) + 1);
  return fence.length === 1 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** Lines as a code block; the fence is longer than any run of backticks inside. */
export function markdownBlock(language: string, lines: readonly string[]): string {
  const body = lines.join("\n");
  const fence = "`".repeat(Math.max(3, longestRun(body) + 1));
  return `${fence}${language}\n${body}\n${fence}`;
}

/** A table of cells that are Markdown already. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}
